using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace WebVmMap.Probes.Linux.ProcFs;

/// <summary>Opens and reads small files below <c>/proc</c> with no allocation but the handle. Errors are errno values, never exceptions.</summary>
internal static unsafe class ProcFile
{
    /// <summary>Opens a path that ends with a zero byte, for reading.</summary>
    /// <returns>0, or an errno value and no handle.</returns>
    public static int Open(ReadOnlySpan<byte> path, out SafeFileHandle? file, bool directory = false) =>
        OpenAt(Interop.Libc.AT_FDCWD, path, out file, directory);

    /// <summary>Opens a path, relative to a directory, that ends with a zero byte.</summary>
    /// <returns>0, or an errno value and no handle.</returns>
    public static int OpenAt(SafeFileHandle at, ReadOnlySpan<byte> path, out SafeFileHandle? file, bool directory = false)
    {
        var held = false;
        at.DangerousAddRef(ref held);
        try
        {
            return OpenAt((int)at.DangerousGetHandle(), path, out file, directory);
        }
        finally
        {
            at.DangerousRelease();
        }
    }

    /// <summary>Reads a file from its start until its end or until the buffer is full. The error is 0 or an errno value: ESRCH when the process is gone.</summary>
    /// <returns>How many bytes.</returns>
    public static int ReadAll(SafeFileHandle file, Span<byte> buffer, out int error)
    {
        var have = 0;
        fixed (byte* p = buffer)
        {
            while (have < buffer.Length)
            {
                var got = Interop.Libc.PRead(file, p + have, (nuint)(buffer.Length - have), have);
                if (got < 0)
                {
                    error = Marshal.GetLastPInvokeError();
                    if (error == Interop.Libc.EINTR)
                    {
                        continue;
                    }
                    return have;
                }
                if (got == 0)
                {
                    break;
                }
                have += (int)got;
            }
        }
        error = 0;
        return have;
    }

    /// <summary>
    /// Reads a file of one record (stat, status, comm) by one call: the kernel writes such a file anew for each, and a second
    /// one to see its end would cost as much as the first. The error is 0 or an errno value.
    /// </summary>
    /// <returns>How many bytes.</returns>
    public static int ReadOnce(SafeFileHandle file, Span<byte> buffer, out int error)
    {
        fixed (byte* p = buffer)
        {
            while (true)
            {
                var got = Interop.Libc.PRead(file, p, (nuint)buffer.Length, 0);
                error = got < 0 ? Marshal.GetLastPInvokeError() : 0;
                if (error != Interop.Libc.EINTR)
                {
                    return (int)Math.Max(got, 0);
                }
            }
        }
    }

    /// <summary>Opens a file of one record relative to a directory, reads it by one call and closes it.</summary>
    /// <returns>How many bytes; 0 with an error.</returns>
    public static int ReadAt(SafeFileHandle at, ReadOnlySpan<byte> path, Span<byte> buffer, out int error)
    {
        error = OpenAt(at, path, out var file);
        if (file is null)
        {
            return 0;
        }
        using (file)
        {
            return ReadOnce(file, buffer, out error);
        }
    }

    /// <summary>Opens, reads to its end and closes a small file.</summary>
    public static int Read(ReadOnlySpan<byte> path, Span<byte> buffer, out int error)
    {
        error = Open(path, out var file);
        if (file is null)
        {
            return 0;
        }
        using (file)
        {
            return ReadAll(file, buffer, out error);
        }
    }

    private static int OpenAt(int at, ReadOnlySpan<byte> path, out SafeFileHandle? file, bool directory)
    {
        // O_NONBLOCK: opening what a hostile name resolves to must not wait for the other end of a pipe.
        var flags = Interop.Libc.O_RDONLY | Interop.Libc.O_CLOEXEC | Interop.Libc.O_NONBLOCK | (directory ? Interop.Libc.O_DIRECTORY : 0);
        fixed (byte* p = path)
        {
            while (true)
            {
                var descriptor = Interop.Libc.OpenAt(at, p, flags);
                if (descriptor >= 0)
                {
                    file = new SafeFileHandle(descriptor, ownsHandle: true);
                    return 0;
                }
                var error = Marshal.GetLastPInvokeError();
                if (error != Interop.Libc.EINTR)
                {
                    file = null;
                    return error;
                }
            }
        }
    }
}
