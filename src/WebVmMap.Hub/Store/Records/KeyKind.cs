namespace WebVmMap.Hub.Store.Records;

/// <summary>What a key opens. The values are stored.</summary>
public enum KeyKind
{
    /// <summary>Not told.</summary>
    Unspecified = 0,

    /// <summary>Lets one agent connect, and nothing else.</summary>
    Agent = 1,

    /// <summary>Lets a script use the HTTP API as an administrator.</summary>
    Api = 2,
}
