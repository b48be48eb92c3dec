using Microsoft.AspNetCore.WebUtilities;
using WebVmMap.Hub.Recordings;

namespace WebVmMap.Hub.Components.Recordings;

/// <summary>The files that a recording can be had as from its page: of the span that is looked at, or of all of it.</summary>
internal static class RecordingFiles
{
    /// <summary>Each by the end of its name.</summary>
    public static IReadOnlyList<(string Format, string Says)> All { get; } =
    [
        ("pb.gz", "pprof, of the span: go tool pprof"),
        ("folded", "stacks and bytes, of the span: for any flame graph"),
        ("speedscope.json", "of the span: opens on speedscope.app"),
        ("wvmr", "complete and small, the whole recording"),
    ];

    /// <summary>Those that whoever has a link may have: what it shows, and no more.</summary>
    public static IReadOnlyList<(string Format, string Says)> Shared { get; } = [.. All.Where(file => !RecordingExport.OfEnding(file.Format).IsComplete)];

    /// <summary>Where a file is had.</summary>
    /// <param name="path">The recording's, of the API or of a link.</param>
    /// <param name="state">How it is looked at: its span, and by which figure.</param>
    /// <param name="format">The end of its name.</param>
    public static string Href(string path, RecordingViewState state, string format)
    {
        var export = RecordingExport.OfEnding(format);
        var query = new List<KeyValuePair<string, string?>> { new("format", export.Name) };
        if (!export.IsComplete)
        {
            Add(query, "from", state.Question.From);
            Add(query, "to", state.Question.To);
            Add(query, "metric", MetricWords.Key(state.Metric));
        }
        return QueryHelpers.AddQueryString($"{path}/export", query);
    }

    private static void Add(List<KeyValuePair<string, string?>> query, string name, string value)
    {
        if (value.Length > 0)
        {
            query.Add(new(name, value));
        }
    }
}
