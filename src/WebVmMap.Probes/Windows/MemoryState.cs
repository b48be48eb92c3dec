namespace WebVmMap.Probes.Windows;

/// <summary>State of a run of pages.
/// https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-memory_basic_information</summary>
internal enum MemoryState : uint
{
    Commit = 0x1000,
    Reserve = 0x2000,
    Free = 0x10000,
}
