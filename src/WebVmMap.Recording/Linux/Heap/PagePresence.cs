using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace WebVmMap.Recording.Linux.Heap;

/// <summary>
/// Which pages of a process there are, in memory or swapped out: what was never written is not read, for that would give it pages.
/// https://docs.kernel.org/admin-guide/mm/pagemap.html. Not thread-safe.
/// </summary>
internal sealed class PagePresence : IDisposable
{
    private const int PageBytes = 4096;
    private const ulong PresentOrSwapped = 3UL << 62;

    private readonly SafeFileHandle? _file;
    private readonly ulong[] _entries = new ulong[4096];
    private ulong _first = 1;
    private int _count;

    /// <summary>Opens it; where that is refused, every page counts as there.</summary>
    public PagePresence(int pid)
    {
        try
        {
            _file = File.OpenHandle($"/proc/{pid}/pagemap");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _file = null;
        }
    }

    /// <summary>The first page of a range that is there; the range's end when none is.</summary>
    public ulong Next(ulong from, ulong end)
    {
        for (var page = from & ~(PageBytes - 1UL); page < end; page += PageBytes)
        {
            if (_file is null)
            {
                return page;
            }
            var number = page / PageBytes;
            if (number < _first || number >= _first + (ulong)_count)
            {
                _first = number;
                _count = RandomAccess.Read(_file, MemoryMarshal.AsBytes(_entries.AsSpan(0, (int)Math.Min((ulong)_entries.Length, ((end - page) / PageBytes) + 1))), (long)number * 8) / 8;
                if (_count == 0)
                {
                    return end;
                }
            }
            if ((_entries[number - _first] & PresentOrSwapped) != 0)
            {
                return page;
            }
        }
        return end;
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();
}
