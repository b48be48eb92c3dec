using System.Buffers.Binary;
using WebVmMap.Recording.Linux.Heap;

namespace WebVmMap.Recording.Tests.Heap;

/// <summary>Lists of free chunks, as a program may have left them.</summary>
public sealed class FreeListsTests
{
    private const ulong Table = 0x10000;
    private const ulong TableChunk = 0x290;
    private const ulong Smallest = 32;

    [Fact]
    public void Add_ListThatGoesOnAndOnWhileNobodyWantsItAnyMore_EndsSoon()
    {
        using var stopping = new CancellationTokenSource();
        var memory = new EndlessList(reads =>
        {
            if (reads == 50_000)
            {
                stopping.Cancel();
            }
        });
        Assert.Throws<OperationCanceledException>(() => new FreeLists(memory, stopping.Token).Add(Table, TableChunk));
        Assert.InRange(memory.Reads, 50_000, 70_000);
    }

    // Wherever one looks is a chunk of the smallest size, and one more that it leads to.
    private sealed class EndlessList(Action<int> read) : IHeapMemory
    {
        public int Reads { get; private set; }

        public int Read(ulong address, Span<byte> to)
        {
            read(++Reads);
            for (var at = 0; at + 8 <= to.Length; at += 8)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(to[at..], at == 0 && address % 16 == 8 && address >= 0x100000 ? Smallest : 0x100010 + ((ulong)Reads * 32));
            }
            return to.Length;
        }
    }
}
