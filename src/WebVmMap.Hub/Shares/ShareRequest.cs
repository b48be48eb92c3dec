using WebVmMap.Core.Redaction;

namespace WebVmMap.Hub.Shares;

/// <summary>A wish for a share link.</summary>
public sealed record ShareRequest
{
    /// <summary>What to show.</summary>
    public required ShareSubject Subject { get; init; }

    /// <summary>How the one who shares it sees it, as the query of the page's address.</summary>
    public string ViewState { get; init; } = "";

    /// <summary>What the receiver reads above the picture.</summary>
    public string Name { get; init; } = "";

    /// <summary>What the receiver does not see.</summary>
    public string Note { get; init; } = "";

    /// <summary>What the receiver does not get.</summary>
    public RedactionRules Redaction { get; init; } = RedactionRules.All;

    /// <summary>How long it is good for.</summary>
    public TimeSpan Lifetime { get; init; } = ShareLimits.UsualLifetime;

    /// <summary>Who makes it.</summary>
    public string CreatedBy { get; init; } = "";
}
