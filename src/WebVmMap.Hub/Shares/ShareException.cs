namespace WebVmMap.Hub.Shares;

/// <summary>A share link cannot be made; the message is one sentence for a person.</summary>
public sealed class ShareException(bool unknown, string message) : Exception(message)
{
    /// <summary>True when what is to be shared does not exist; otherwise the wish is at fault.</summary>
    public bool Unknown => unknown;
}
