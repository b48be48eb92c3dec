using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Recordings;

namespace WebVmMap.Hub.Api;

/// <summary>Which call tree of a recording a request asks for.</summary>
/// <param name="From">The time or mark at which the span begins; the recording's begin when left out.</param>
/// <param name="To">The time or mark at which it ends; the recording's end when left out.</param>
/// <param name="View">topDown (the default), bottomUp or byModule.</param>
/// <param name="Metric">What it is ordered by, and what minShare is of; liveBytes when left out.</param>
/// <param name="MinShare">Calls with less than this share of the whole, from 0 to 1, stand together as [smaller].</param>
/// <param name="MaxCalls">At most so many nodes, 2 to 1000000; 500000 when left out. Where there would be more, the smallest by the metric stand together as [smaller], and cut of the root tells how many.</param>
/// <param name="CollapseRecursion">Whether a function that calls itself is one call.</param>
/// <param name="MergeLines">Whether calls from several lines of a function are one.</param>
/// <param name="HideSystem">Whether calls in the system's own code are left out; what they did counts for their callers.</param>
/// <param name="Kind">heap (the default), virtual or all.</param>
/// <param name="BaseFrom">Where the span begins that this one is compared with.</param>
/// <param name="BaseTo">Where that one ends.</param>
/// <param name="Within">How soon temporary blocks were freed: interval, second (the default) or tenSeconds.</param>
/// <param name="SizeClass">Only blocks of this class, as sizes tells them.</param>
internal sealed record CallTreeParameters(
    string? From, string? To, string? View, string? Metric, double? MinShare, int? MaxCalls, bool? CollapseRecursion, bool? MergeLines, bool? HideSystem, string? Kind,
    string? BaseFrom, string? BaseTo, string? Within, int? SizeClass)
{
    /// <summary>Most nodes that can be asked for.</summary>
    public const int MostCalls = 1_000_000;

    /// <summary>How soon temporary blocks were freed.</summary>
    public TemporaryWithin Soon => NamedParameter.Read<TemporaryWithin>(Within, "within", out var within) is null ? within ?? TemporaryWithin.Second : TemporaryWithin.Second;

    /// <summary>Whether another span is asked for besides.</summary>
    public bool IsCompared => !string.IsNullOrEmpty(BaseFrom) || !string.IsNullOrEmpty(BaseTo);

    /// <summary>What is asked for.</summary>
    /// <param name="recording">The recording, for its marks.</param>
    /// <param name="span">The span.</param>
    /// <param name="other">The one that it is compared with, if any.</param>
    /// <param name="options">How the tree is made.</param>
    /// <returns>What is wrong with it as a sentence, or null.</returns>
    public string? Read(Recording recording, out RecordingSpan span, out RecordingSpan other, out CallTreeOptions options)
    {
        var wrong = NamedParameter.Read<CallTreeView>(View, "view", out var view);
        wrong = NamedParameter.Read<AllocationMetric>(Metric, "metric", out var metric) ?? wrong;
        wrong = MemoryParameter.Read(Kind, out var kind) ?? wrong;
        wrong = NamedParameter.Read<TemporaryWithin>(Within, "within", out _) ?? wrong;
        wrong = RecordingSpan.Read(recording, From, To, out span) ?? wrong;
        wrong = RecordingSpan.Read(recording, BaseFrom, BaseTo, out other, "base") ?? wrong;
        options = new CallTreeOptions
        {
            View = view ?? CallTreeView.TopDown,
            Metric = metric ?? AllocationMetric.LiveBytes,
            Kind = kind,
            SizeClass = (byte?)SizeClass,
            MinShare = MinShare ?? 0,
            MaxNodes = MaxCalls ?? CallTrees.MaxCalls,
            CollapseRecursion = CollapseRecursion ?? false,
            MergeLines = MergeLines ?? false,
        };
        return wrong
            ?? (SizeClass is < 0 or > Core.Recordings.SizeClass.Largest ? $"sizeClass is 0 to {Core.Recordings.SizeClass.Largest}, as sizes tells them." : null)
            ?? (MinShare is not (null or (>= 0 and <= 1)) ? "minShare is from 0 to 1." : null)
            ?? (MaxCalls is < 2 or > MostCalls ? $"maxCalls is 2 to {MostCalls}." : null);
    }
}
