using MessagePack;

namespace WebVmMap.Hub.Shares;

/// <summary>What a browser wants to see by a link.</summary>
[MessagePackObject]
public sealed record ShareWatchRequest
{
    /// <summary>The link's secret.</summary>
    [Key("share")]
    public string? Share { get; init; }

    /// <summary>Of a recording, which call tree, in the words of its page's address.</summary>
    [Key("tree")]
    public string? Tree { get; init; }
}
