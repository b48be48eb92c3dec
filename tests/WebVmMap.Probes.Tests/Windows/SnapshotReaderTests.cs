using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Probes.Windows;

namespace WebVmMap.Probes.Tests.Windows;

public sealed class SnapshotReaderTests
{
    private const long Page = 4096;

    [Fact]
    public void TakeSnapshot_Program64_EveryAreaIsWhatItIs()
    {
        var snapshot = SnapshotTaker.Take(RecordedProcess.Load("x64-windows11"));

        Assert.Equal((RegionCategory.PrivateData, "User Shared Data"), snapshot.What(0x7ffe0000));
        Assert.Equal((RegionCategory.Stack, "Thread ID: 4100"), snapshot.What(0x1000000000));
        Assert.Equal((RegionCategory.Stack, "Thread ID: 4100"), snapshot.What(0x10000fc000));
        Assert.Equal((RegionCategory.Stack, "Thread ID: 4104 (worker)"), snapshot.What(0x100047b000));
        Assert.Equal((RegionCategory.PrivateData, ""), snapshot.What(0x1000200000));
        Assert.Equal((RegionCategory.PrivateData, "PEB"), snapshot.What(0x10003b0000));
        Assert.Equal((RegionCategory.PrivateData, "TEB, Thread ID: 4100"), snapshot.What(0x10003b2000));
        Assert.Equal((RegionCategory.PrivateData, "TEB, Thread ID: 4104 (worker)"), snapshot.What(0x10003b3000));
        Assert.Equal((RegionCategory.Heap, "Heap ID: 1 (default) [LOW FRAGMENTATION]"), snapshot.What(0x20000000000));
        Assert.Equal((RegionCategory.Heap, "Heap ID: 1 (default) [LOW FRAGMENTATION]"), snapshot.What(0x200000b5000));
        Assert.Equal((RegionCategory.Heap, "Heap ID: 1 (default) [LOW FRAGMENTATION] segment"), snapshot.What(0x20000200000));
        Assert.Equal((RegionCategory.Heap, "Heap ID: 1 (default) [LOW FRAGMENTATION] large block"), snapshot.What(0x20000400000));
        Assert.Equal((RegionCategory.Heap, "Heap ID: 2 [SEGMENT HEAP]"), snapshot.What(0x20000800000));
        Assert.Equal((RegionCategory.MappedFile, @"C:\Windows\System32\locale.nls"), snapshot.What(0x20000a00000));
        Assert.Equal((RegionCategory.Shareable, ""), snapshot.What(0x20000b00000));
        Assert.Equal((RegionCategory.PrivateData, ""), snapshot.What(0x20000c00000));
        Assert.Equal((RegionCategory.PrivateData, "Large Pages"), snapshot.What(0x20000f00000));
        Assert.Equal((RegionCategory.Shareable, "CFG Bitmap"), snapshot.What(0x7df400000000));
        Assert.Equal((RegionCategory.Shareable, "CFG Bitmap"), snapshot.What(0x7ef400001000));
        Assert.Equal((RegionCategory.Image, @"C:\Program Files\Shop\shop.exe"), snapshot.What(0x7ff600006000));
        Assert.Equal((RegionCategory.Shareable, "CSR Shared Memory"), snapshot.What(0x7ff7f0000000));
        Assert.Equal((RegionCategory.Shareable, "API Set Map"), snapshot.What(0x7ff7f0100000));
        Assert.Equal((RegionCategory.Image, @"C:\Windows\System32\ntdll.dll"), snapshot.What(0x7ffa00001000));
    }

    [Fact]
    public void TakeSnapshot_NamesWithControlCharacters_ShowSignsForThem()
    {
        var process = RecordedProcess.Load("x64-windows11");
        process.Files[0x20000a00000] = "C:\\Windows\\l_intl.nls\u0001\r\n\u202Efdp";
        var worker = process.ThreadList.FindIndex(thread => thread.Name == "worker");
        process.ThreadList[worker] = process.ThreadList[worker] with { Name = "work\u001B[2Jer" };

        var snapshot = SnapshotTaker.Take(process);

        Assert.Equal((RegionCategory.MappedFile, "C:\\Windows\\l_intl.nls\u2401\u240D\u240A\uFFFDfdp"), snapshot.What(0x20000a00000));
        Assert.Equal((RegionCategory.Stack, "Thread ID: 4104 (work\u241B[2Jer)"), snapshot.What(0x100047b000));
    }

    [Fact]
    public void TakeSnapshot_HeaderWithForeignHeapPointer_IsNoHeap()
    {
        var snapshot = SnapshotTaker.Take(RecordedProcess.Load("x64-windows11"));

        Assert.Equal((RegionCategory.PrivateData, ""), snapshot.What(0x20000d00000));
    }

    [Fact]
    public void TakeSnapshot_FiberOnPartOfHugeAllocation_OnlyThatPartIsStack()
    {
        var snapshot = SnapshotTaker.Take(RecordedProcess.Load("x64-windows11"));

        Assert.Equal(RegionCategory.PrivateData, snapshot.At(0x20010000000).Category);
        var stack = snapshot.At(0x200180e0000);
        Assert.Equal(RegionCategory.Stack, stack.Category);
        Assert.Equal(0x20000, stack.Size);
        Assert.Equal(0x20010000000ul, stack.AllocationBase);
        Assert.Equal(RegionCategory.PrivateData, snapshot.At(0x20018100000).Category);
    }

    [Fact]
    public void TakeSnapshot_Image_PrivateIsWhatWritesCopied()
    {
        var snapshot = SnapshotTaker.Take(RecordedProcess.Load("x64-windows11"));

        Assert.Equal(0, snapshot.At(0x7ff600001000).Private);
        // Read-only now, written before: known by the resident page that cannot be shared.
        Assert.Equal(1 * Page, snapshot.At(0x7ff600006000).Private);
        // Written, one of two pages resident: known by the protection.
        Assert.Equal(2 * Page, snapshot.At(0x7ff600009000).Private);
        Assert.Equal(0, snapshot.At(0x7ff60000b000).Private);
        // A section that all processes write together.
        Assert.Equal(0, snapshot.At(0x7ff60000c000).Private);
        Assert.Equal(4 * Page, snapshot.At(0x20000e00000).Private);
        Assert.Equal(0, snapshot.At(0x20000e04000).Private);
        Assert.Equal(snapshot.Summary[RegionCategory.Image].Size, snapshot.Summary[RegionCategory.Image].Committed);
    }

    [Fact]
    public void TakeSnapshot_ResidentPages_AreCountedAsVmMapDoes()
    {
        var snapshot = SnapshotTaker.Take(RecordedProcess.Load("x64-windows11"));

        var file = snapshot.At(0x20000a00000);
        Assert.Equal((0L, 16 * Page, 16 * Page), (file.PrivateWs, file.ShareableWs, file.SharedWs));
        var section = snapshot.At(0x20000b00000);
        Assert.Equal((0L, 5 * Page, 1 * Page), (section.PrivateWs, section.ShareableWs, section.SharedWs));
        var locked = snapshot.At(0x20000c00000);
        Assert.Equal((5 * Page, 0L, 1 * Page), (locked.PrivateWs, locked.ShareableWs, locked.LockedWs));
        Assert.Equal((0L, 0L), (snapshot.At(0x1000000000).Committed, snapshot.At(0x1000000000).TotalWs));
    }

    [Fact]
    public void TakeSnapshot_Summary_BalancesWithTheSystemsCounter()
    {
        var process = RecordedProcess.Load("x64-windows11");
        var before = process.Counters.Peek().PrivateCommit;

        var snapshot = SnapshotTaker.Take(process);

        var total = snapshot.Summary.Total;
        Assert.Equal(snapshot.Counters.PrivateCommit, total.Private);
        Assert.NotEqual(before, snapshot.Counters.PrivateCommit);
        Assert.True(snapshot.HasNote(SnapshotNoteKind.ChangedWhileRead, "440,700,000 to 440,800,000"));
        Assert.Equal(total.TotalWs, snapshot.Summary.Rows.Where(r => r.Name != "Free").Sum(r => r.PrivateWs + r.ShareableWs));
    }

    [Fact]
    public void TakeSnapshot_Protections_AreTold()
    {
        var snapshot = SnapshotTaker.Take(RecordedProcess.Load("x64-windows11"));

        Assert.Equal(Protection.Reserved, snapshot.At(0x1000000000).Protection);
        Assert.Equal(Protection.Read | Protection.Write | Protection.Guard, snapshot.At(0x10000f9000).Protection);
        Assert.Equal(Protection.Execute | Protection.Read, snapshot.At(0x7ff600001000).Protection);
        Assert.Equal(Protection.Read | Protection.CopyOnWrite, snapshot.At(0x7ff60000b000).Protection);
    }

    [Fact]
    public void TakeSnapshot_Program32_BothStacksHeapsAndBlocksOfAThreadAreFound()
    {
        var snapshot = SnapshotTaker.Take(RecordedProcess.Load("wow64-windows10"));

        Assert.Equal((RegionCategory.Stack, "Thread ID: 812 (ui) (64-bit)"), snapshot.What(0x538000));
        Assert.Equal((RegionCategory.Stack, "Thread ID: 812 (ui)"), snapshot.What(0x600000));
        Assert.Equal((RegionCategory.PrivateData, "PEB"), snapshot.What(0x2fe000));
        Assert.Equal((RegionCategory.PrivateData, "PEB (32-bit)"), snapshot.What(0x2ff000));
        Assert.Equal((RegionCategory.PrivateData, "TEB, Thread ID: 812 (ui)"), snapshot.What(0x301000));
        Assert.Equal((RegionCategory.PrivateData, "TEB (32-bit), Thread ID: 812 (ui)"), snapshot.What(0x302000));
        Assert.Equal((RegionCategory.Heap, "Heap ID: 1 (default) [COMPATIBILITY]"), snapshot.What(0x800000));
        Assert.Equal((RegionCategory.Heap, "Heap ID: 1 (default) [COMPATIBILITY] segment"), snapshot.What(0x900000));
        Assert.Equal((RegionCategory.Heap, "Heap ID: 1 (default) [COMPATIBILITY] large block"), snapshot.What(0xb00000));
        Assert.Equal((RegionCategory.Heap, "Heap ID: 2 (default) (64-bit) [COMPATIBILITY]"), snapshot.What(0xa00000));
    }

    [Fact]
    public void TakeSnapshot_Program32_FreeEndsWhereItsAddressSpaceEnds()
    {
        var snapshot = SnapshotTaker.Take(RecordedProcess.Load("wow64-windows10"));

        Assert.Equal(0x7fff0000ul, snapshot.Bounds.End);
        var free = snapshot.Summary[RegionCategory.Free];
        Assert.InRange(free.Size, 1, 0x7fff0000);
        Assert.Equal(0x7ffe0000 - 0xb90000, free.Largest);
        Assert.Equal((RegionCategory.Image, @"C:\Windows\System32\ntdll.dll"), snapshot.What(0x7ffa00000000));
    }

    [Fact]
    public void TakeSnapshot_LargeAddressAwareProgram32_HasFourGiB()
    {
        var process = RecordedProcess.Load("wow64-windows10");
        process.Write(0x400106, 0x0122, 2);

        Assert.Equal(0xffff0000ul, SnapshotTaker.Take(process).Bounds.End);
    }

    [Fact]
    public void TakeSnapshot_NoRightToRead_SaysSoAndKeepsTheRegions()
    {
        var process = RecordedProcess.Load("x64-windows11");
        process.CanReadMemory = false;
        process.WorkingSetError = WindowsError.AccessDenied;

        var snapshot = SnapshotTaker.Take(process);

        Assert.Empty(process.Reads);
        Assert.True(snapshot.HasNote(SnapshotNoteKind.Limitation, "Stacks, heaps and system areas count as Private Data"));
        Assert.True(snapshot.HasNote(SnapshotNoteKind.Limitation, "working set columns and Page Table are empty: the right to read the process was refused"));
        Assert.Equal((RegionCategory.PrivateData, ""), snapshot.What(0x20000000000));
        Assert.Equal((RegionCategory.Image, @"C:\Program Files\Shop\shop.exe"), snapshot.What(0x7ff600000000));
        Assert.Equal(0, snapshot.Summary.Total.TotalWs);
    }

    [Fact]
    public void TakeSnapshot_PagesOfOthersNotTold_LeavesTheColumnsEmptyAndInventsNothing()
    {
        var process = RecordedProcess.Load("x64-windows11");
        process.WorkingSetError = WindowsError.InvalidParameter;

        var snapshot = SnapshotTaker.Take(process);

        Assert.True(snapshot.HasNote(SnapshotNoteKind.Limitation, "working set columns and Page Table are empty"));
        Assert.Equal((0L, 0L, 0L), (snapshot.Summary.Total.TotalWs, snapshot.Summary.Total.SharedWs, snapshot.Summary.Total.LockedWs));
        Assert.Null(snapshot.Counters.PageTable);
        Assert.Equal(2 * Page, snapshot.At(0x7ff600009000).Private);
        Assert.Equal(2_000_000, snapshot.Counters.WorkingSet);
    }

    [Fact]
    public void TakeSnapshot_AllocationsNotTold_TheFileNameDecidesAndTheRestIsSaid()
    {
        var process = RecordedProcess.Load("x64-windows11");
        process.Allocations.Clear();

        var snapshot = SnapshotTaker.Take(process);

        Assert.Equal((RegionCategory.MappedFile, @"C:\Windows\System32\locale.nls"), snapshot.What(0x20000a00000));
        Assert.Equal(RegionCategory.Shareable, snapshot.What(0x20000b00000).Category);
        Assert.True(snapshot.HasNote(SnapshotNoteKind.Method, "4 mappings without a file name count as Shareable"));
    }

    [Fact]
    public void TakeSnapshot_NamesNotTold_AreCounted()
    {
        var process = RecordedProcess.Load("x64-windows11");
        process.Files.Clear();

        var snapshot = SnapshotTaker.Take(process);

        Assert.Equal((RegionCategory.MappedFile, ""), snapshot.What(0x20000a00000));
        Assert.True(snapshot.HasNote(SnapshotNoteKind.Limitation, "names of 4 images or mapped files"));
    }

    [Fact]
    public void TakeSnapshot_NoPrivateCounter_HasNoUnaccountedRow()
    {
        var process = RecordedProcess.Load("x64-windows11");
        process.Counters.Clear();

        Assert.DoesNotContain(SnapshotTaker.Take(process).Summary.Rows, r => r.Name == "Unaccounted");
    }

    [Fact]
    public void TakeSnapshot_ListOfHeapsEmpty_HeapsAreKnownByTheirHeaders()
    {
        var process = RecordedProcess.Load("x64-windows11");
        process.Write(process.Peb + 0xE8, 0, 4);

        var snapshot = SnapshotTaker.Take(process);

        Assert.True(snapshot.HasNote(SnapshotNoteKind.Method, "list of heaps is empty"));
        Assert.Equal((RegionCategory.Heap, "Heap ID: 1 (default)"), snapshot.What(0x20000000000));
        Assert.Equal(RegionCategory.Heap, snapshot.What(0x20000800000).Category);
        Assert.Equal(RegionCategory.PrivateData, snapshot.What(0x20000c00000).Category);
    }

    [Fact]
    public void TakeSnapshot_HeapListOfNonsense_IsCapped()
    {
        var process = RecordedProcess.Load("x64-windows11");
        process.Write(process.Peb + 0xE8, uint.MaxValue, 4);

        var snapshot = SnapshotTaker.Take(process);

        Assert.Equal((RegionCategory.Heap, "Heap ID: 2 [SEGMENT HEAP]"), snapshot.What(0x20000800000));
    }

    [Theory]
    [InlineData(0x20000400000)] // a block that points to itself
    [InlineData(0x20000c00000)] // memory that is no block
    [InlineData(0x1234)] // nothing at all
    public void TakeSnapshot_TornListOfLargeBlocks_EndsAndSaysSo(ulong next)
    {
        var process = RecordedProcess.Load("x64-windows11");
        process.Write(0x20000400000, next, 8);

        var snapshot = SnapshotTaker.Take(process);

        Assert.True(snapshot.HasNote(SnapshotNoteKind.ChangedWhileRead, "large blocks"));
        Assert.Equal(RegionCategory.Heap, snapshot.What(0x20000400000).Category);
        Assert.Equal(RegionCategory.PrivateData, snapshot.What(0x20000c00000).Category);
    }

    [Fact]
    public void TakeSnapshot_HeaderNotResident_IsNotReadAndKeepsWhatItWas()
    {
        const ulong Segment = 0x20000200000;
        var process = RecordedProcess.Load("x64-windows11");
        using var probe = SnapshotTaker.Probe(process);
        var first = SnapshotTaker.Take(probe);
        var flags = process.PageFlags;
        process.PageFlags = address => address == Segment ? 0 : flags(address);
        process.Reads.Clear();

        var second = SnapshotTaker.Take(probe);

        Assert.DoesNotContain(Segment, process.Reads);
        Assert.Equal(first.What(Segment), second.What(Segment));
    }

    [Fact]
    public void TakeSnapshot_UntouchedPrivateMemory_IsNotReadAtAll()
    {
        var process = RecordedProcess.Load("x64-windows11");

        SnapshotTaker.Take(process);

        Assert.DoesNotContain(0x20000f00000ul, process.Reads);
    }

    [Fact]
    public void TakeSnapshot_Again_TextIndexesStay()
    {
        using var probe = SnapshotTaker.Probe(RecordedProcess.Load("x64-windows11"));

        var first = SnapshotTaker.Take(probe);
        var second = SnapshotTaker.Take(probe);

        Assert.Equal(first.Regions.Details.ToArray(), second.Regions.Details.ToArray());
        Assert.Equal(first.Regions.Strings, second.Regions.Strings);
    }

    [Fact]
    public void TakeSnapshot_RuntimeOfDotNetLoadedWithoutAHeap_SaysThatItsHeapIsNotTold()
    {
        var process = RecordedProcess.Load("x64-windows11");
        process.Files[0x7ff600000000] = @"C:\Program Files\dotnet\shared\Microsoft.NETCore.App\10.0.0\CORECLR.dll";

        var snapshot = SnapshotTaker.Take(process);

        Assert.True(snapshot.Process.Managed);
        Assert.True(snapshot.HasNote(SnapshotNoteKind.Limitation, ".NET"));
    }

    [Fact]
    public void TakeSnapshot_ProcessEnded_IsGone()
    {
        var process = RecordedProcess.Load("x64-windows11");
        process.HasExited = true;
        using var probe = SnapshotTaker.Probe(process);

        Assert.Equal(ProbeOutcome.Gone, probe.TakeSnapshot(TestContext.Current.CancellationToken).Outcome);
        Assert.Equal(ProbeOutcome.Gone, probe.ReadCounters().Outcome);
    }

    [Theory]
    [InlineData(0ul, WindowsError.AccessDenied, ProbeOutcome.Denied)]
    [InlineData(0x20000000000ul, WindowsError.PartialCopy, ProbeOutcome.Failed)]
    [InlineData(0x7fff00000000ul, WindowsError.InvalidParameter, ProbeOutcome.Complete)]
    public void TakeSnapshot_WalkStops_IsAClearAnswer(ulong from, int error, object outcome)
    {
        var process = RecordedProcess.Load("x64-windows11");
        process.WalkError = (from, error);
        using var probe = SnapshotTaker.Probe(process);

        var result = probe.TakeSnapshot(TestContext.Current.CancellationToken);

        Assert.Equal(outcome, result.Outcome);
        Assert.Equal(result.Outcome == ProbeOutcome.Complete, result.Message.Length == 0);
    }

    [Fact]
    public void TakeSnapshot_Cancelled_Throws()
    {
        using var probe = SnapshotTaker.Probe(RecordedProcess.Load("x64-windows11"));

        Assert.Throws<OperationCanceledException>(() => probe.TakeSnapshot(new CancellationToken(canceled: true)));
    }
}
