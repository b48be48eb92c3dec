using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace WebVmMap.Symbols;

/// <summary>
/// Opens files that somebody else may have put there: in another container's root, say. A pipe with no writer would hold up the
/// reader for ever, so the file is opened without waiting, and what has no end is refused.
/// </summary>
internal static partial class RegularFile
{
    private const int ReadOnlyNonBlockingCloseOnExec = 0x80800;
    private const int NoFollow = 0x20000;

    /// <summary>Opens a file for reading at any place.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="followLink">Whether a link in the last place of the path is followed; on Windows it always is.</param>
    /// <returns>Null when there is no such file, it is no regular one, or it may not be read.</returns>
    public static SafeFileHandle? TryOpen(string path, bool followLink = true)
    {
        SafeFileHandle? handle = null;
        try
        {
            handle = OperatingSystem.IsLinux() ? OpenWithoutWaiting(path, followLink) : File.OpenHandle(path);
            if (handle.IsInvalid || RandomAccess.GetLength(handle) <= 0)
            {
                handle.Dispose();
                return null;
            }
            return handle;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            handle?.Dispose();
            return null;
        }
    }

    /// <summary>Reads until the span is full or the file ends.</summary>
    /// <returns>How many bytes were read; fewer than asked for at the end, and where the file cannot be read.</returns>
    public static int Read(SafeFileHandle file, long offset, Span<byte> into)
    {
        var filled = 0;
        try
        {
            while (filled < into.Length)
            {
                var read = RandomAccess.Read(file, into[filled..], offset + filled);
                if (read <= 0)
                {
                    break;
                }
                filled += read;
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A directory, or a disk that fails: what was read so far counts.
        }
        return filled;
    }

    private static SafeFileHandle OpenWithoutWaiting(string path, bool followLink)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(path.Length) + 1];
        Encoding.UTF8.GetBytes(path, bytes);
        return new SafeFileHandle(Open(bytes, ReadOnlyNonBlockingCloseOnExec | (followLink ? 0 : NoFollow)), ownsHandle: true);
    }

    /// <summary>https://man7.org/linux/man-pages/man2/open.2.html. The path ends with a zero byte.</summary>
    [LibraryImport("libc", EntryPoint = "open")]
    private static partial int Open(byte[] path, int flags);
}
