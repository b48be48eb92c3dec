using System.Text;
using Microsoft.Win32.SafeHandles;

namespace WebVmMap.Probes.Linux.ProcFs;

/// <summary>
/// An open <c>/proc/PID</c>. It stands for the process itself, not for the number: once that has ended everything below it
/// fails with ESRCH or ENOENT, also when another process was given the same pid.
/// </summary>
internal sealed class ProcDirectory : IDisposable
{
    private readonly SafeFileHandle _handle;
    private SafeFileHandle? _tasks;

    private ProcDirectory(SafeFileHandle handle) => _handle = handle;

    /// <summary>Opens it.</summary>
    /// <returns>0, or an errno value and nothing.</returns>
    public static int Open(int pid, out ProcDirectory? directory)
    {
        Span<byte> path = stackalloc byte[32];
        System.Text.Unicode.Utf8.TryWrite(path, $"/proc/{pid}\0", out _);
        var error = ProcFile.Open(path, out var handle, directory: true);
        directory = handle is null ? null : new ProcDirectory(handle);
        return error;
    }

    /// <summary>Opens a file in it; the name ends with a zero byte.</summary>
    public int OpenFile(ReadOnlySpan<byte> name, out SafeFileHandle? file) => ProcFile.OpenAt(_handle, name, out file);

    /// <summary>Reads a file of one record in it, as much as the buffer takes; the name ends with a zero byte.</summary>
    public int Read(ReadOnlySpan<byte> name, Span<byte> buffer, out int error) => ProcFile.ReadAt(_handle, name, buffer, out error);

    /// <summary>Fills a list with the ids of the process's threads.</summary>
    public void ReadThreadIds(List<int> tids)
    {
        tids.Clear();
        if (_tasks is not null || ProcFile.OpenAt(_handle, "task\0"u8, out _tasks, directory: true) == 0)
        {
            DirectoryNumbers.Read(_tasks!, tids);
        }
    }

    /// <summary>Reads a file of one thread.</summary>
    /// <returns>How many bytes; 0 when the thread has ended or the file is denied.</returns>
    public int ReadThreadFile(int tid, ReadOnlySpan<byte> name, Span<byte> buffer)
    {
        Span<byte> path = stackalloc byte[48];
        System.Text.Unicode.Utf8.TryWrite(path, $"task/{tid}/", out var length);
        name.CopyTo(path[length..]);
        path[length + name.Length] = 0;
        var got = ProcFile.ReadAt(_handle, path[..(length + name.Length + 1)], buffer, out var error);
        return error == 0 ? got : 0;
    }

    /// <summary>Where a link in it points; the name ends with a zero byte.</summary>
    /// <returns>Null when it cannot be read.</returns>
    public unsafe string? ReadLink(ReadOnlySpan<byte> name)
    {
        Span<byte> target = stackalloc byte[4096];
        fixed (byte* n = name, t = target)
        {
            var length = Interop.Libc.ReadLinkAt(_handle, n, t, (nuint)target.Length);
            return length > 0 ? Encoding.UTF8.GetString(target[..(int)length]) : null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tasks?.Dispose();
        _handle.Dispose();
    }
}
