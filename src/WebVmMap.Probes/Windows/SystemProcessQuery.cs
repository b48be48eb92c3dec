using System.Buffers;
using System.Runtime.Versioning;

namespace WebVmMap.Probes.Windows;

/// <summary>Asks the system for its processes.</summary>
[SupportedOSPlatform("windows")]
internal static class SystemProcessQuery
{
    private const int ProcessInformation = 5;
    private const int ExtendedProcessInformation = 57;
    private const int InfoLengthMismatch = unchecked((int)0xC0000004);

    // The largest machines have some ten thousand threads, 136 bytes each.
    private const int MostBytes = 256 << 20;

    /// <summary>Every process.</summary>
    /// <exception cref="InvalidOperationException">The system refuses.</exception>
    public static List<SystemProcessEntry> Processes() => Ask(ProcessInformation, threadsOf: null);

    /// <summary>The threads of one process, without names; empty when it is gone.</summary>
    public static IReadOnlyList<WindowsThread> Threads(int pid) =>
        Ask(ExtendedProcessInformation, pid).Find(p => p.Pid == pid)?.Threads ?? [];

    private static unsafe List<SystemProcessEntry> Ask(int informationClass, int? threadsOf)
    {
        for (var length = 1 << 20; length <= MostBytes; length *= 2)
        {
            var buffer = ArrayPool<byte>.Shared.Rent(length);
            try
            {
                fixed (byte* start = buffer)
                {
                    uint returned = 0;
                    var status = Interop.Ntdll.NtQuerySystemInformation(informationClass, start, (uint)length, &returned);
                    if (status >= 0)
                    {
                        // Wine leaves the length at 0 for some classes; the chain ends by itself.
                        var written = returned > 0 && returned <= (uint)length ? (int)returned : length;
                        return SystemProcessList.Parse(buffer.AsSpan(0, written), (ulong)start, threadsOf);
                    }
                    if (status != InfoLengthMismatch)
                    {
                        throw new InvalidOperationException($"Windows does not list its processes: status 0x{status:X8}.");
                    }
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
        throw new InvalidOperationException($"Windows does not list its processes: the list takes more than {MostBytes >> 20} MiB.");
    }
}
