namespace WebVmMap.Probes.Windows;

/// <summary>https://learn.microsoft.com/windows/win32/procthread/process-security-and-access-rights</summary>
[Flags]
internal enum ProcessRights : uint
{
    VirtualMemoryRead = 0x10,
    SetQuota = 0x100,
    QueryInformation = 0x400,
    QueryLimitedInformation = 0x1000,
    Synchronize = 0x100000,
}
