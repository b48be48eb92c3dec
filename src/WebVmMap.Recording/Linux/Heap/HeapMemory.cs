using System.Runtime.InteropServices;
using WebVmMap.Recording.Linux.Attach;

namespace WebVmMap.Recording.Linux.Heap;

/// <summary>
/// The memory of a process, read in large pieces by <c>process_vm_readv</c>, which takes half the time of reading its file
/// (https://man7.org/linux/man-pages/man2/process_vm_readv.2.html). It asks by the process's number: whether what it told is still that process's,
/// the file says afterwards (<see cref="TargetMemory.IsGone"/>).
/// </summary>
/// <param name="pid">The process.</param>
/// <param name="memory">Its memory as a file.</param>
internal sealed unsafe partial class HeapMemory(int pid, TargetMemory memory) : IHeapMemory
{
    private const int Large = 4096;

    /// <inheritdoc/>
    public int Read(ulong address, Span<byte> to)
    {
        if (to.Length < Large)
        {
            return memory.Read(address, to);
        }
        fixed (byte* at = to)
        {
            var (local, remote) = (new Piece((nint)at, (nuint)to.Length), new Piece((nint)address, (nuint)to.Length));
            var read = (int)ProcessVmReadV(pid, &local, 1, &remote, 1, 0);
            return read >= 0 ? read : memory.Read(address, to);
        }
    }

    [LibraryImport("libc", EntryPoint = "process_vm_readv", SetLastError = true)]
    private static partial nint ProcessVmReadV(int pid, Piece* local, nuint locals, Piece* remote, nuint remotes, nuint flags);

    /// <summary><c>struct iovec</c></summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Piece(nint At, nuint Bytes);
}
