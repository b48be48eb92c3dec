using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;

namespace WebVmMap.Demo;

/// <summary>No leak: a file mapped into memory, of which a little more is touched at every refresh until all of it is resident.</summary>
internal sealed class SharedCache : IDisposable
{
    private const int PageBytes = 4096;

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"webvmmap-demo-{Environment.ProcessId}.cache");
    private readonly long _sizeBytes;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private long _next;

    /// <summary>Maps a new file of the given size.</summary>
    public SharedCache(long sizeBytes)
    {
        _sizeBytes = sizeBytes;
        _file = MemoryMappedFile.CreateFromFile(_path, FileMode.Create, null, sizeBytes);
        _view = _file.CreateViewAccessor();
    }

    /// <summary>Writes to the next 64 KiB.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Refresh()
    {
        for (var page = 0; page < 16; page++)
        {
            _view.Write(_next, _next);
            _next = (_next + PageBytes) % _sizeBytes;
        }
    }

    /// <summary>Unmaps and deletes the file.</summary>
    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
        File.Delete(_path);
    }
}
