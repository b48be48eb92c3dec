namespace WebVmMap.Recording.Linux.Heap;

/// <summary>Memory that a heap is read from while its owner changes it.</summary>
internal interface IHeapMemory
{
    /// <summary>Reads as much as there is from an address on.</summary>
    /// <returns>How many bytes; 0 where nothing is mapped.</returns>
    int Read(ulong address, Span<byte> to);
}
