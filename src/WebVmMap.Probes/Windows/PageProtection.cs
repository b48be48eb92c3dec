using WebVmMap.Core.Regions;

namespace WebVmMap.Probes.Windows;

/// <summary>https://learn.microsoft.com/windows/win32/memory/memory-protection-constants</summary>
[Flags]
internal enum PageProtection : uint
{
    None = 0,
    NoAccess = 0x01,
    ReadOnly = 0x02,
    ReadWrite = 0x04,
    WriteCopy = 0x08,
    Execute = 0x10,
    ExecuteRead = 0x20,
    ExecuteReadWrite = 0x40,
    ExecuteWriteCopy = 0x80,
    Guard = 0x100,
    NoCache = 0x200,
    WriteCombine = 0x400,
}

/// <summary>What follows from a protection constant.</summary>
internal static class PageProtections
{
    private const PageProtection Copying = PageProtection.WriteCopy | PageProtection.ExecuteWriteCopy;
    private const PageProtection Writing = PageProtection.ReadWrite | PageProtection.ExecuteReadWrite;

    /// <summary>True when the first write makes a private copy of the page.</summary>
    public static bool CopiesOnWrite(this PageProtection protection) => (protection & Copying) != 0;

    /// <summary>True when writes reach the page itself.</summary>
    public static bool Writes(this PageProtection protection) => (protection & Writing) != 0;

    /// <summary>The same in the words of both systems.</summary>
    public static Protection ToProtection(this PageProtection protection) => WindowsProtection.FromConstant((uint)protection);
}
