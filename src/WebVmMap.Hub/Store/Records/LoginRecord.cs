namespace WebVmMap.Hub.Store.Records;

/// <summary>A sign-in link that can still be used once.</summary>
internal sealed class LoginRecord
{
    public required string Hash { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }
}
