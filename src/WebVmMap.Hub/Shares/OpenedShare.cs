namespace WebVmMap.Hub.Shares;

/// <summary>What a link shows, redacted: all that may reach whoever has it.</summary>
/// <param name="Link">The link.</param>
public abstract record OpenedShare(SharedLink Link);
