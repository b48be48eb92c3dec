namespace WebVmMap.Probes.Windows;

/// <summary>What a run of pages is backed by.
/// https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-memory_basic_information</summary>
internal enum MemoryType : uint
{
    None = 0,
    Private = 0x20000,
    Mapped = 0x40000,
    Image = 0x1000000,
}
