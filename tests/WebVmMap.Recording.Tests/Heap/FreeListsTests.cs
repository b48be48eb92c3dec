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

    [Fact]
    public void Add_ChunkThatSomebodyWasGivenMeanwhile_IsNotTakenForALinkOfAnotherVersion()
    {
        // Its owner has written into it where a block of the same size lies, as links were before 2.32.
        var memory = new MadeWords { [Table + 128] = 0x20010, [0x20008] = Smallest, [0x20010] = 0x30010, [0x30008] = Smallest, [0x30010] = 0x40010, [0x40008] = 0x500 };
        memory.After(reads: 20, () =>
        {
            memory[0x20010] = 0x50010 ^ (0x20010 >> 12);
            memory[0x50008] = Smallest;
            memory[0x50010] = 0x50010 >> 12;
        });
        var lists = new FreeLists(memory, TestContext.Current.CancellationToken);
        lists.Add(Table, TableChunk);
        Assert.True(lists.AreWhole);
        Assert.True(lists.Contains(0x20000) && lists.Contains(0x50000));
    }

    private sealed class MadeWords : IHeapMemory
    {
        private readonly Dictionary<ulong, ulong> _words = [];
        private Action? _change;
        private int _left;

        public ulong this[ulong at]
        {
            set => _words[at] = value;
        }

        public void After(int reads, Action change) => (_left, _change) = (reads, change);

        public int Read(ulong address, Span<byte> to)
        {
            if (--_left == 0)
            {
                _change!();
            }
            for (var at = 0; at + 8 <= to.Length; at += 8)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(to[at..], _words.GetValueOrDefault(address + (ulong)at));
            }
            return to.Length;
        }
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
