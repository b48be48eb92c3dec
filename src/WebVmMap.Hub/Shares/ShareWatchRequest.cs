using MessagePack;

namespace WebVmMap.Hub.Shares;

/// <summary>What a browser wants to see by a link.</summary>
[MessagePackObject]
public sealed record ShareWatchRequest
{
    /// <summary>The link's secret.</summary>
    [Key("share")]
    public string? Share { get; init; }
}
