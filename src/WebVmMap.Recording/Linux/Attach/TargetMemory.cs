using System.Runtime.InteropServices;
using WebVmMap.Recording.Linux.Heap;

namespace WebVmMap.Recording.Linux.Attach;

/// <summary>
/// The memory of another process, as it was when this was opened: once the process has ended or runs another program there is nothing
/// of it any more. Thread-safe, but for <see cref="Dispose"/>.
/// </summary>
internal sealed unsafe partial class TargetMemory : IHeapMemory, IDisposable
{
    private readonly int _file;

    /// <summary>Opens it.</summary>
    /// <exception cref="UnauthorizedAccessException">It may not be read and written.</exception>
    public TargetMemory(int pid)
    {
        _file = Libc.Open($"/proc/{pid}/mem", Libc.O_RDWR | Libc.O_CLOEXEC);
        if (_file < 0)
        {
            throw new UnauthorizedAccessException(Libc.LastError());
        }
    }

    /// <summary>Whether it is another program's, or nobody's, by now.</summary>
    /// <param name="mapped">An address at which something was mapped.</param>
    public bool IsGone(ulong mapped)
    {
        byte read;
        return PRead(_file, &read, 1, (long)mapped) == 0;
    }

    /// <inheritdoc/>
    public int Read(ulong address, Span<byte> to)
    {
        fixed (byte* at = to)
        {
            return (int)Math.Max(PRead(_file, at, (nuint)to.Length, (long)address), 0);
        }
    }

    /// <summary>Reads a number; 0 where there is nothing.</summary>
    public ulong ReadWord(ulong address)
    {
        var word = 0UL;
        return Read(address, MemoryMarshal.AsBytes(new Span<ulong>(ref word))) == 8 ? word : 0;
    }

    /// <summary>Writes, also where the process itself may not.</summary>
    /// <exception cref="RecordingException">Nothing is mapped there.</exception>
    public void Write(ulong address, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* at = bytes)
        {
            if (PWrite(_file, at, (nuint)bytes.Length, (long)address) != bytes.Length)
            {
                throw new RecordingException("The process has ended, or runs another program, since the tracer began to be loaded: try again.");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _ = Libc.Close(_file);

    [LibraryImport("libc", EntryPoint = "pread64", SetLastError = true)]
    private static partial nint PRead(int file, void* to, nuint bytes, long from);

    [LibraryImport("libc", EntryPoint = "pwrite64", SetLastError = true)]
    private static partial nint PWrite(int file, void* from, nuint bytes, long to);
}
