using WebVmMap.Probes.Windows;

namespace WebVmMap.Probes.Tests.Windows;

public sealed class WorkingSetPassTests
{
    private const ulong Valid = 1;
    private const ulong Shared = 0x8000;

    [Fact]
    public void Run_RegionsAcrossBatches_CountEachPageIntoItsOwn()
    {
        var process = new RecordedProcess { PageFlags = address => (address >> 12) % 3 == 0 ? Valid : (address >> 12) % 3 == 1 ? Valid | Shared : 0 };
        // 300 MiB, a reservation, and a region that ends exactly where the second batch does.
        var first = new Piece { Address = 0x3000000000, Size = 76_800 * 4096ul, State = MemoryState.Commit };
        var reserved = new Piece { Address = 0x4000000000, Size = 1ul << 40, State = MemoryState.Reserve };
        var second = new Piece { Address = 0x5000000000, Size = ((2 * WorkingSetPass.BatchPages) - 76_800) * 4096ul, State = MemoryState.Commit };
        var third = new Piece { Address = 0x6000000000, Size = 3 * 4096, State = MemoryState.Commit };
        Piece[] pieces = [first, reserved, second, third];
        var pass = new WorkingSetPass();

        pass.Run(process, pieces, TestContext.Current.CancellationToken);

        Assert.Equal(WindowsError.Success, pass.Error);
        Assert.Equal([WorkingSetPass.BatchPages, WorkingSetPass.BatchPages, 3], process.WorkingSetQuestions);
        foreach (var piece in pieces)
        {
            var pages = piece.State == MemoryState.Reserve ? [] : Enumerable.Range(0, (int)(piece.Size / 4096)).Select(i => (piece.Address >> 12) + (ulong)i).ToArray();
            Assert.Equal(pages.Count(p => p % 3 == 0), piece.PrivatePages);
            Assert.Equal(pages.Count(p => p % 3 == 1), piece.ShareablePages);
        }
    }

    [Fact]
    public void Run_SystemRefuses_LeavesNothingHalfCounted()
    {
        var process = new RecordedProcess { WorkingSetError = WindowsError.AccessDenied };
        Piece[] pieces = [new Piece { Address = 0x10000, Size = 4096, State = MemoryState.Commit, PrivatePages = 9 }];
        var pass = new WorkingSetPass();

        pass.Run(process, pieces, TestContext.Current.CancellationToken);

        Assert.Equal(WindowsError.AccessDenied, pass.Error);
        Assert.Equal(0, pieces[0].PrivatePages);
    }

    [Theory]
    [InlineData(0x0ul, 0x0ul, 4)] // one page: a table, a directory, a pointer table, the top
    [InlineData(0x0ul, 0x1ff000ul, 4)] // all that one table maps
    [InlineData(0x0ul, 0x200000ul, 5)] // one page more
    [InlineData(0x3fe00000ul, 0x40000000ul, 6)] // across 1 GiB
    [InlineData(0x7fffe00000ul, 0x8000000000ul, 7)] // across 512 GiB
    public void PageTables_Range_TakesWhatTheProcessorNeeds(ulong first, ulong last, int pages)
    {
        var estimate = default(PageTableEstimate);

        estimate.Add(first, last);
        estimate.Add(last, last);

        Assert.Equal(pages * 4096, estimate.Bytes);
    }
}
