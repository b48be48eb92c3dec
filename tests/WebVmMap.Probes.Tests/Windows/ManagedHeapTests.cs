using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Probes.Windows;

namespace WebVmMap.Probes.Tests.Windows;

/// <summary>The memory of .NET's garbage collector. The numbers are those of a program on .NET 10 under Wine.</summary>
public sealed class ManagedHeapTests
{
    private const ulong Mib = 1 << 20;
    private const ulong Runtime = 0x1000000;
    private const ulong Tables = 0x2a70000;
    private const ulong Types = 0x1f720000;
    private const ulong Text = Types + 0x100;
    private const ulong Array = Types + 0x200;
    private const ulong Frozen = 0x20000000;
    private const ulong Foreign = 0x30000000;
    private const ulong Heap = 0x7f4447f40000;
    private const ulong HeapSize = 0xbc5110000;

    [Fact]
    public void TakeSnapshot_Regions_HeapTablesAndFrozenObjectsAreManagedHeap()
    {
        var snapshot = SnapshotTaker.Take(WithRegions());

        Assert.Equal((RegionCategory.ManagedHeap, "GC heap"), snapshot.What(Heap));
        Assert.Equal((RegionCategory.ManagedHeap, "GC heap"), snapshot.What(Heap + 0xc0000));
        Assert.Equal((RegionCategory.ManagedHeap, "GC heap"), snapshot.What(Heap + HeapSize - 1));
        Assert.Equal((RegionCategory.ManagedHeap, "GC bookkeeping"), snapshot.What(Tables));
        Assert.Equal((RegionCategory.ManagedHeap, "GC heap (frozen objects)"), snapshot.What(Frozen));
        Assert.Equal((RegionCategory.PrivateData, ""), snapshot.What(Types));
        Assert.Equal((RegionCategory.PrivateData, ""), snapshot.What(Foreign));
        Assert.Equal((long)(HeapSize + (0x1b571000 + 0xf000) + (4 * Mib)), snapshot.Summary[RegionCategory.ManagedHeap].Size);
        Assert.True(snapshot.HasNote(SnapshotNoteKind.Method, "garbage collector"));
        Assert.False(snapshot.HasNote(SnapshotNoteKind.Limitation, "garbage collector"));
    }

    [Fact]
    public void TakeSnapshot_Segments_AreManagedHeap()
    {
        const ulong Initial = 0x40000000;
        const ulong Later = 0x80000000;
        var process = WithRuntime();
        AddReserve(process, Initial, 512 * Mib, 0x32000);
        Write(process, Initial, Initial + 0x8e78, Initial + 0x32000, Initial + (256 * Mib), Initial + 0x14ee0, Initial + 0x1000, 0, 0);
        process.Write(Initial + 0x1000, Array, 8);
        AddReserve(process, Later, 128 * Mib, 0x12000);
        Write(process, Later, Later + 0x1000, Later + 0x12000, Later + (128 * Mib), Later + 0x1000, Later + 0x1000, 8, 0);

        var snapshot = SnapshotTaker.Take(process);

        Assert.Equal((RegionCategory.ManagedHeap, "GC heap"), snapshot.What(Initial));
        Assert.Equal((RegionCategory.ManagedHeap, "GC heap"), snapshot.What(Initial + (500 * Mib)));
        Assert.Equal((RegionCategory.ManagedHeap, "GC heap"), snapshot.What(Later));
        Assert.Equal((long)(640 * Mib), snapshot.Summary[RegionCategory.ManagedHeap].Size);
    }

    [Fact]
    public void TakeSnapshot_TablesOverSeveralReservations_DoNotClaimWhatIsBetween()
    {
        var process = WithRegions();
        process.Write(Tables + 0x18, Foreign, 8);

        var snapshot = SnapshotTaker.Take(process);

        Assert.Equal((RegionCategory.ManagedHeap, "GC bookkeeping"), snapshot.What(Tables));
        Assert.Equal(RegionCategory.PrivateData, snapshot.What(Foreign).Category);
        Assert.Equal(RegionCategory.PrivateData, snapshot.What(Heap).Category);
    }

    [Fact]
    public void TakeSnapshot_NoRuntimeLoaded_NothingIsClaimed()
    {
        var process = WithRegions();
        process.Files[Runtime] = @"C:\Program Files\Shop\shop.dll";

        var snapshot = SnapshotTaker.Take(process);

        Assert.Equal(0, snapshot.Summary[RegionCategory.ManagedHeap].Size);
        Assert.False(snapshot.Process.Managed);
        Assert.DoesNotContain(snapshot.Notes, n => n.Text.Contains(".NET", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0x08, 0x40000000)] // tables larger than their reservation
    [InlineData(0x18, 0x1234)] // a heap where nothing is
    [InlineData(0x18, Tables)] // a heap in its own tables
    [InlineData(0x20, 0x10000)] // a heap that ends before it begins
    [InlineData(0x28, 0x7f4448000000)] // tables outside themselves
    public void TakeSnapshot_TablesThatCannotBe_AreNotBelievedAndThatIsSaid(ulong offset, ulong value)
    {
        var process = WithRegions();
        process.Write(Tables + offset, value, 8);

        var snapshot = SnapshotTaker.Take(process);

        Assert.Equal((RegionCategory.PrivateData, ""), snapshot.What(Tables));
        Assert.Equal((RegionCategory.PrivateData, ""), snapshot.What(Heap));
        Assert.True(snapshot.HasNote(SnapshotNoteKind.Limitation, "was not recognised"));
    }

    [Fact]
    public void TakeSnapshot_BeginningNotResident_IsNotReadAndKeepsWhatItWas()
    {
        var process = WithRegions();
        process.PageFlags = _ => 0x43;
        using var probe = SnapshotTaker.Probe(process);
        SnapshotTaker.Take(probe);
        process.PageFlags = address => address == Tables ? 0 : 0x43ul;
        process.Reads.Clear();

        var second = SnapshotTaker.Take(probe);

        Assert.DoesNotContain(Tables, process.Reads);
        Assert.Equal((RegionCategory.ManagedHeap, "GC bookkeeping"), second.What(Tables));
        Assert.Equal((RegionCategory.ManagedHeap, "GC heap"), second.What(Heap));
    }

    [Fact]
    public void TakeSnapshot_NoRightToRead_SaysThatTheHeapIsNotTold()
    {
        var process = WithRegions();
        process.CanReadMemory = false;

        var snapshot = SnapshotTaker.Take(process);

        Assert.Equal(0, snapshot.Summary[RegionCategory.ManagedHeap].Size);
        Assert.True(snapshot.HasNote(SnapshotNoteKind.Limitation, "was not recognised"));
    }

    private static RecordedProcess WithRuntime()
    {
        var process = new RecordedProcess { WorkingSetError = WindowsError.Success, PageFlags = _ => 0x43 };
        process.Add(Runtime, 0x100000, Runtime, PageProtection.ExecuteWriteCopy, MemoryState.Commit, PageProtection.ExecuteRead, MemoryType.Image);
        process.Files.Add(Runtime, @"C:\Program Files\dotnet\shared\Microsoft.NETCore.App\10.0.0\coreclr.dll");
        process.Add(Types, 0x40000, Types, PageProtection.ReadWrite, MemoryState.Commit, PageProtection.ReadWrite, MemoryType.Private);
        process.Write(Text, 0x16_8000_0002, 8);
        process.Write(Array, 0x18_810a_0008, 8);
        return process;
    }

    private static RecordedProcess WithRegions()
    {
        var process = WithRuntime();
        process.Regions.RemoveAt(1);
        AddReserve(process, Tables, 0x1b571000 + 0xf000, 0x1000);
        process.Add(Types, 0x40000, Types, PageProtection.ReadWrite, MemoryState.Commit, PageProtection.ReadWrite, MemoryType.Private);
        Write(process, Tables, 1, 0x1b571000, 0, 0x7f4448000000, 0x7f500d000000, 0x41fa040, 0x5984040);
        AddReserve(process, Frozen, 4 * Mib, 0x10000);
        Write(process, Frozen, 0, Text, 0, 0, Array, 0, 0);
        AddReserve(process, Foreign, 1024 * Mib, 8 * Mib);
        // The heap's first region begins at a multiple of its size within the reservation.
        process.Add(Heap, 0xc0000, Heap, PageProtection.ReadWrite, MemoryState.Reserve, PageProtection.None, MemoryType.Private);
        process.Add(Heap + 0xc0000, 0x11000, Heap, PageProtection.ReadWrite, MemoryState.Commit, PageProtection.ReadWrite, MemoryType.Private);
        process.Add(Heap + 0xd1000, HeapSize - 0xd1000, Heap, PageProtection.ReadWrite, MemoryState.Reserve, PageProtection.None, MemoryType.Private);
        return process;
    }

    private static void AddReserve(RecordedProcess process, ulong address, ulong size, ulong committed)
    {
        process.Add(address, committed, address, PageProtection.ReadWrite, MemoryState.Commit, PageProtection.ReadWrite, MemoryType.Private);
        process.Add(
            address + committed, size - committed, address, PageProtection.ReadWrite, MemoryState.Reserve, PageProtection.None, MemoryType.Private);
    }

    private static void Write(RecordedProcess process, ulong address, params ulong[] fields)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            process.Write(address + ((ulong)i * 8), fields[i], 8);
        }
    }
}
