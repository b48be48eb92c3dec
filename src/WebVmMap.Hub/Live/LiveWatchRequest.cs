using MessagePack;

namespace WebVmMap.Hub.Live;

/// <summary>What a browser wants to see: a live process, a kept snapshot, or a call tree of a recording.</summary>
[MessagePackObject]
public sealed record LiveWatchRequest
{
    /// <summary>Host of a live process.</summary>
    [Key("host")]
    public string? Host { get; init; }

    /// <summary>Id of a live process.</summary>
    [Key("pid")]
    public int Pid { get; init; }

    /// <summary>Start stamp of a live process in decimal digits, since it may not fit a number of a browser; 0 takes any.</summary>
    [Key("start")]
    public string? Start { get; init; }

    /// <summary>How often, in milliseconds; 0 for by hand.</summary>
    [Key("intervalMs")]
    public int IntervalMs { get; init; }

    /// <summary>Id of a kept snapshot.</summary>
    [Key("snapshot")]
    public string? Snapshot { get; init; }

    /// <summary>Id of a recording.</summary>
    [Key("recording")]
    public string? Recording { get; init; }

    /// <summary>Which call tree of it, as words of an address.</summary>
    [Key("tree")]
    public string? Tree { get; init; }
}
