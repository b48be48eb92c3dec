using System.Buffers;
using WebVmMap.Core.Regions;

namespace WebVmMap.Probes.Windows;

/// <summary>Asks about every committed page, in batches, and counts the answers into the pieces that the pages belong to.</summary>
internal sealed class WorkingSetPass
{
    /// <summary>Records of 16 bytes per call: 1 MiB, or 256 MiB of address space.</summary>
    public const int BatchPages = 65_536;

    /// <summary>The system error that ended it; then no piece has any figure.</summary>
    public int Error { get; private set; }

    /// <summary>The page tables that the resident pages need.</summary>
    public PageTableEstimate PageTables { get; private set; }

    /// <summary>Fills the page counts of the pieces in.</summary>
    public void Run(IWindowsProcess process, Span<Piece> pieces, CancellationToken cancellation)
    {
        var batch = ArrayPool<WorkingSetPage>.Shared.Rent(BatchPages);
        try
        {
            var tables = default(PageTableEstimate);
            Error = Ask(process, pieces, batch.AsSpan(0, BatchPages), ref tables, cancellation);
            if (Error != WindowsError.Success)
            {
                Forget(pieces);
                tables = default;
            }
            PageTables = tables;
        }
        finally
        {
            ArrayPool<WorkingSetPage>.Shared.Return(batch);
        }
    }

    private static int Ask(
        IWindowsProcess process, Span<Piece> pieces, Span<WorkingSetPage> batch, ref PageTableEstimate tables, CancellationToken cancellation)
    {
        var filled = 0;
        // Where the pages of the batch begin: a piece and an offset in it.
        var (firstPiece, firstOffset) = (0, 0UL);
        for (var i = 0; i < pieces.Length; i++)
        {
            if (!pieces[i].IsCommitted)
            {
                continue;
            }
            for (var offset = 0UL; offset < pieces[i].Size; offset += RegionTableBuilder.PageSize)
            {
                if (filled == 0)
                {
                    (firstPiece, firstOffset) = (i, offset);
                }
                batch[filled++] = new WorkingSetPage { Address = pieces[i].Address + offset };
                if (filled == batch.Length)
                {
                    cancellation.ThrowIfCancellationRequested();
                    if (process.QueryWorkingSet(batch) is not WindowsError.Success and var error)
                    {
                        return error;
                    }
                    Tally(pieces, firstPiece, firstOffset, batch, ref tables);
                    filled = 0;
                }
            }
        }
        if (filled > 0)
        {
            if (process.QueryWorkingSet(batch[..filled]) is not WindowsError.Success and var error)
            {
                return error;
            }
            Tally(pieces, firstPiece, firstOffset, batch[..filled], ref tables);
        }
        return WindowsError.Success;
    }

    private static void Tally(Span<Piece> pieces, int at, ulong offset, ReadOnlySpan<WorkingSetPage> pages, ref PageTableEstimate tables)
    {
        foreach (ref readonly var page in pages)
        {
            while (!pieces[at].IsCommitted || offset == pieces[at].Size)
            {
                at++;
                offset = 0;
            }
            if (page.Valid)
            {
                Tally(ref pieces[at], page);
                tables.Add(page.Address, page.Address);
            }
            offset += RegionTableBuilder.PageSize;
        }
    }

    private static void Tally(ref Piece piece, in WorkingSetPage page)
    {
        if (page.Shared)
        {
            piece.ShareablePages++;
            piece.SharedPages += page.ShareCount > 1 ? 1 : 0;
        }
        else
        {
            piece.PrivatePages++;
        }
        piece.LockedPages += page.Locked ? 1 : 0;
    }

    private static void Forget(Span<Piece> pieces)
    {
        foreach (ref var piece in pieces)
        {
            (piece.PrivatePages, piece.ShareablePages, piece.SharedPages, piece.LockedPages) = (0, 0, 0, 0);
        }
    }
}
