using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace WebVmMap.Probes.Windows;

/// <summary>
/// Reads what NtQuerySystemInformation answers for SystemProcessInformation and SystemExtendedProcessInformation on a 64-bit
/// system (https://learn.microsoft.com/windows/win32/api/winternl/nf-winternl-ntquerysysteminformation; the fields that are
/// reserved there are named in phnt, ntexapi.h): a chain of processes, each followed by its threads.
/// </summary>
internal static class SystemProcessList
{
    private const int ProcessSize = 256;
    private const int ExtendedThreadSize = 136;

    /// <summary>The processes in an answer.</summary>
    /// <param name="answer">What the system wrote.</param>
    /// <param name="address">Where it wrote it: names are pointers into it.</param>
    /// <param name="threadsOf">The process to read threads of, from an extended answer; null for none.</param>
    public static List<SystemProcessEntry> Parse(ReadOnlySpan<byte> answer, ulong address, int? threadsOf)
    {
        var entries = new List<SystemProcessEntry>();
        for (var at = 0; at >= 0 && at <= answer.Length - ProcessSize;)
        {
            var process = answer[at..];
            var pid = (int)Read64(process, 80);
            entries.Add(new SystemProcessEntry(
                pid,
                (int)Read64(process, 88),
                Read64(process, 32),
                Name(answer, address, process),
                Read64(process, 144),
                // PrivatePageCount; PagefileUsage counts the same and is there where the other is not (Wine).
                Read64(process, 200) is > 0 and var bytes ? bytes : Read64(process, 184),
                pid == threadsOf ? Threads(process) : []));
            var next = BinaryPrimitives.ReadInt32LittleEndian(process);
            if (next < ProcessSize)
            {
                break;
            }
            at += next;
        }
        return entries;
    }

    private static List<WindowsThread> Threads(ReadOnlySpan<byte> process)
    {
        var threads = new List<WindowsThread>();
        var count = BinaryPrimitives.ReadUInt32LittleEndian(process[4..]);
        for (var at = ProcessSize; count > 0 && at <= process.Length - ExtendedThreadSize; at += ExtendedThreadSize, count--)
        {
            var thread = process[at..];
            threads.Add(new WindowsThread((uint)Read64(thread, 48), (ulong)Read64(thread, 104), ""));
        }
        return threads;
    }

    private static string Name(ReadOnlySpan<byte> answer, ulong address, ReadOnlySpan<byte> process)
    {
        var length = BinaryPrimitives.ReadUInt16LittleEndian(process[56..]);
        var offset = unchecked((ulong)Read64(process, 64) - address);
        return length > 0 && offset < (ulong)answer.Length && offset + length <= (ulong)answer.Length
            ? new string(MemoryMarshal.Cast<byte, char>(answer.Slice((int)offset, length)))
            : "";
    }

    private static long Read64(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadInt64LittleEndian(bytes[offset..]);
}
