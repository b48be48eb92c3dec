namespace WebVmMap.Core.Processes;

/// <summary>One row of a process list.</summary>
public sealed record ProcessInfo
{
    /// <summary>Which process.</summary>
    public required ProcessKey Key { get; init; }

    /// <summary>Id of the parent, 0 when there is none or it is not told.</summary>
    public int ParentPid { get; init; }

    /// <summary>Name of the executable, without directory.</summary>
    public required string Name { get; init; }

    /// <summary>Arguments joined by blanks; empty when it is not to be read.</summary>
    public string CommandLine { get; init; } = "";

    /// <summary>Account the process runs as; empty when it is not to be read.</summary>
    public string User { get; init; } = "";

    /// <summary><c>x64</c>, <c>x86</c>, <c>arm64</c> or empty.</summary>
    public string Architecture { get; init; } = "";

    /// <summary>True when a .NET runtime is loaded.</summary>
    public bool Managed { get; init; }

    /// <summary>When it started, UTC.</summary>
    public DateTimeOffset StartTime { get; init; }

    /// <summary>Private bytes by the system's own counter (Windows PrivateUsage; Linux RssAnon + VmSwap), in bytes.</summary>
    public long PrivateBytes { get; init; }

    /// <summary>Resident bytes by the system's own counter, in bytes.</summary>
    public long WorkingSetBytes { get; init; }

    /// <summary>Why its memory cannot be inspected and what to do about it; empty when it can be, as far as is known.</summary>
    public string Limitation { get; init; } = "";
}
