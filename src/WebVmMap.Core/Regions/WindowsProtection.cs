namespace WebVmMap.Core.Regions;

/// <summary>
/// The memory protection constants of Windows, as its functions and VMMap's files have them, in the words of both systems
/// (https://learn.microsoft.com/windows/win32/memory/memory-protection-constants).
/// </summary>
public static class WindowsProtection
{
    private const uint NoAccess = 0x01;
    private const uint ReadOnly = 0x02;
    private const uint ReadWrite = 0x04;
    private const uint WriteCopy = 0x08;
    private const uint Execute = 0x10;
    private const uint ExecuteRead = 0x20;
    private const uint ExecuteReadWrite = 0x40;
    private const uint ExecuteWriteCopy = 0x80;
    private const uint Guard = 0x100;
    private const uint NoCache = 0x200;
    private const uint WriteCombine = 0x400;

    /// <summary>What a constant means; nothing is permitted by one that does not exist.</summary>
    public static Protection FromConstant(uint constant)
    {
        // The low byte is one of these eight values; it is not a set.
        var result = (constant & 0xff) switch
        {
            ReadOnly => Protection.Read,
            ReadWrite => Protection.Read | Protection.Write,
            WriteCopy => Protection.Read | Protection.CopyOnWrite,
            Execute => Protection.Execute,
            ExecuteRead => Protection.Execute | Protection.Read,
            ExecuteReadWrite => Protection.Execute | Protection.Read | Protection.Write,
            ExecuteWriteCopy => Protection.Execute | Protection.Read | Protection.CopyOnWrite,
            _ => Protection.None,
        };
        return result
            | ((constant & Guard) != 0 ? Protection.Guard : 0)
            | ((constant & NoCache) != 0 ? Protection.NoCache : 0)
            | ((constant & WriteCombine) != 0 ? Protection.WriteCombine : 0);
    }

    /// <summary>
    /// The constant for a protection; 0, which Windows gives for what is not committed, for Reserved. Windows has no word for
    /// <see cref="Protection.Shared"/>, nor for memory that may be written but not read: that becomes read and write.
    /// </summary>
    public static uint ToConstant(Protection protection)
    {
        if (protection == Protection.Reserved)
        {
            return 0;
        }
        var executes = protection.HasFlag(Protection.Execute);
        var access = protection switch
        {
            _ when protection.HasFlag(Protection.CopyOnWrite) => executes ? ExecuteWriteCopy : WriteCopy,
            _ when protection.HasFlag(Protection.Write) => executes ? ExecuteReadWrite : ReadWrite,
            _ when protection.HasFlag(Protection.Read) => executes ? ExecuteRead : ReadOnly,
            _ => executes ? Execute : NoAccess,
        };
        return access
            | (protection.HasFlag(Protection.Guard) ? Guard : 0)
            | (protection.HasFlag(Protection.NoCache) ? NoCache : 0)
            | (protection.HasFlag(Protection.WriteCombine) ? WriteCombine : 0);
    }
}
