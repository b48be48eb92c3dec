using WebVmMap.Core.Recordings;
using WebVmMap.Recording.Linux.Attach;

namespace WebVmMap.Recording.Linux.Heap;

/// <summary>Whose <c>malloc</c> a process calls: a file beside the C library that has one stands before it.</summary>
internal static class AllocatorOf
{
    private const string Malloc = "malloc";

    /// <summary>glibc's own (<see cref="HeapBefore.UnderWay"/>: it can be walked), or another one.</summary>
    public static HeapBefore Process(IEnumerable<TargetMapping> mappings, TargetMemory memory)
    {
        foreach (var mapping in mappings)
        {
            if (mapping.Offset != 0 || (mapping.Path.Length == 0 && !mapping.Executable) || mapping.Path.StartsWith('[') || TargetProcess.IsLibc(mapping.Name) || TargetProcess.IsLoader(mapping.Name)
                || mapping.Name.Contains(Injector.TracerMark, StringComparison.Ordinal)
                || TargetLibrary.Open(memory, mapping.Start) is not { } library || library.Find(Malloc) == 0)
            {
                continue;
            }
            return mapping.Name switch
            {
                var name when name.Contains("jemalloc", StringComparison.Ordinal) => HeapBefore.Jemalloc,
                var name when name.Contains("tcmalloc", StringComparison.Ordinal) => HeapBefore.Tcmalloc,
                var name when name.Contains("mimalloc", StringComparison.Ordinal) => HeapBefore.Mimalloc,
                _ => HeapBefore.OtherAllocator,
            };
        }
        return HeapBefore.UnderWay;
    }
}
