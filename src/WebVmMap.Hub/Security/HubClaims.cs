namespace WebVmMap.Hub.Security;

/// <summary>What is claimed of a caller beyond name and role.</summary>
internal static class HubClaims
{
    public const string KeyHash = "webvmmap:key";

    public const string BoundHost = "webvmmap:host";

    /// <summary>May see and do everything: the only role so far.</summary>
    public const string Administrator = "admin";
}
