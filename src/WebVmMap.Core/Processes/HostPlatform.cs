namespace WebVmMap.Core.Processes;

/// <summary>The operating system a process runs on. It decides how protections are written and which columns exist.</summary>
public enum HostPlatform : byte
{
    /// <summary>Not told.</summary>
    Unspecified = 0,

    /// <summary>Linux: protections as <c>rwxp</c>; PSS and Swap columns are filled.</summary>
    Linux = 1,

    /// <summary>Windows: protections as <c>Read/Write/Guard</c>; allocation granularity 64 KiB, hence Unusable rows.</summary>
    Windows = 2,
}
