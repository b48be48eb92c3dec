using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Probes.Windows;

/// <summary>
/// One full pass over a process: walk, find out what is what, count resident pages. Keeps what makes the next pass cheap,
/// and the texts, whose indexes stay valid from pass to pass.
/// </summary>
internal sealed class SnapshotReader
{
    /// <summary>More texts than this, most of them of threads and files long gone, and the next pass begins a new table.</summary>
    public const int MaxStrings = 100_000;

    private readonly RegionWalk _walk = new();
    private readonly HeapFinder _heaps = new();
    private readonly ManagedHeapFinder _managed = new();
    private readonly PieceBuilder _pieces = new();
    private readonly WorkingSetPass _workingSet = new();
    private StringTable _strings = new();

    /// <summary>Takes a pass.</summary>
    public ProbeResult<Reading> Read(IWindowsProcess process, CancellationToken cancellation)
    {
        var before = process.ReadCounters();
        _walk.Run(process, cancellation);
        if (process.HasExited)
        {
            return new ProbeFailure(ProbeOutcome.Gone, "The process has ended.");
        }
        if (_walk.Error == WindowsError.AccessDenied)
        {
            return new ProbeFailure(ProbeOutcome.Denied, Rights.DeniedMessage);
        }
        if (_walk.Error != WindowsError.Success)
        {
            return new ProbeFailure(ProbeOutcome.Failed, $"The address space could not be read to its end: system error {_walk.Error}.");
        }
        if (_strings.Count > MaxStrings)
        {
            _strings = new StringTable();
        }
        var notes = new List<SnapshotNote>();
        _pieces.Build(process, _walk, Claims(process, notes, cancellation), _strings, cancellation);
        _workingSet.Run(process, _pieces.Pieces, cancellation);
        // Everything answered by an ended process is empty or wrong.
        if (process.HasExited)
        {
            return new ProbeFailure(ProbeOutcome.Gone, "The process ended while it was read.");
        }
        var counters = process.ReadCounters();
        AddNotes(notes, process, before, counters);
        var bounds = Wow64Bounds.Of(process);
        return new Reading(
            Table(bounds),
            bounds,
            counters with { PageTable = _workingSet.Error == WindowsError.Success ? _workingSet.PageTables.Bytes : null },
            [.. notes],
            _pieces.HasManagedRuntime);
    }

    private ClaimList Claims(IWindowsProcess process, List<SnapshotNote> notes, CancellationToken cancellation)
    {
        var claims = new ClaimList();
        if (!process.CanReadMemory)
        {
            notes.Add(new(SnapshotNoteKind.Limitation, "Stacks, heaps and system areas count as Private Data: " + Rights.MissingReadMessage));
            return claims;
        }
        var threads = process.Threads();
        SystemAreas.ClaimBlocks(process, threads, _walk, claims);
        StackFinder.Claim(process, threads, _walk, claims);
        notes.AddRange(_heaps.Claim(process, _walk, claims, cancellation));
        SystemAreas.ClaimPebAreas(process, process.Peb, ProcessLayout.X64, _walk, claims);
        SystemAreas.ClaimPebAreas(process, process.Peb32, ProcessLayout.X86, _walk, claims);
        SystemAreas.ClaimGuardBitmaps(process, _walk, claims);
        _managed.Claim(process, _walk, claims, cancellation);
        if (threads.Count == 0 || threads.All(t => t.Teb == 0))
        {
            notes.Add(new(SnapshotNoteKind.Limitation, "The system did not tell where the threads' environment blocks are: stacks count as Private Data."));
        }
        return claims;
    }

    private void AddNotes(List<SnapshotNote> notes, IWindowsProcess process, ProcessCounters before, ProcessCounters after)
    {
        notes.Add(_workingSet.Error switch
        {
            WindowsError.Success => new(SnapshotNoteKind.Method, "Page Table is an estimate: the tables that the resident pages need."),
            WindowsError.AccessDenied => new(SnapshotNoteKind.Limitation, "The working set columns and Page Table are empty: " + Rights.MissingReadMessage),
            _ => new(SnapshotNoteKind.Limitation, $"The working set columns and Page Table are empty: this system does not tell about the pages of another process (error {_workingSet.Error}; Wine answers so)."),
        });
        if (_workingSet.Error != WindowsError.Success)
        {
            notes.Add(new(SnapshotNoteKind.Method, "Of images and mapped files, Private counts the pages that their protection shows to be copied."));
        }
        if (_pieces.HasManagedRuntime)
        {
            notes.Add(process.CanReadMemory && _managed.Found
                ? new(SnapshotNoteKind.Method, "The garbage collector's memory is known by what .NET 10 keeps at the beginning of each of its reservations, and shown whole; code and data of the runtime count as Private Data.")
                : new(SnapshotNoteKind.Limitation, "The process runs .NET, and its garbage collector's memory was not recognised: it counts as Private Data."));
        }
        if (_pieces.Nameless > 0)
        {
            notes.Add(new(SnapshotNoteKind.Limitation, $"The names of {_pieces.Nameless} images or mapped files could not be read."));
        }
        if (_pieces.Untold > 0)
        {
            notes.Add(new(SnapshotNoteKind.Method, $"{_pieces.Untold} mappings without a file name count as Shareable: the system does not tell more about them."));
        }
        if (_walk.Truncated)
        {
            notes.Add(new(SnapshotNoteKind.Limitation, $"The process has more than {RegionWalk.MaxRegions:N0} regions: the rest is missing here."));
        }
        if (process.Peb32 != 0)
        {
            notes.Add(new(SnapshotNoteKind.Method, "A 32-bit program: free space is counted up to the end of what it can use; the regions above are the system's."));
        }
        if (before.PrivateCommit != after.PrivateCommit && before.PrivateCommit is { } from && after.PrivateCommit is { } to)
        {
            notes.Add(new(SnapshotNoteKind.ChangedWhileRead, $"While it was read, its private bytes went from {from:N0} to {to:N0}."));
        }
        else if (before.VirtualSize != after.VirtualSize && before.VirtualSize is { } fromSize && after.VirtualSize is { } toSize)
        {
            notes.Add(new(SnapshotNoteKind.ChangedWhileRead, $"While it was read, its address space went from {fromSize:N0} to {toSize:N0} bytes."));
        }
    }

    private RegionTable Table(AddressSpaceBounds bounds)
    {
        const long Page = RegionTableBuilder.PageSize;
        var pieces = _pieces.Pieces;
        var builder = new CompleteTableBuilder(bounds, pieces.Length + 2 * _pieces.CountGaps());
        foreach (ref readonly var piece in pieces)
        {
            builder.Add(new Region
            {
                Address = piece.Address,
                Size = (long)piece.Size,
                AllocationBase = piece.AllocationBase,
                Category = piece.Category,
                Protection = piece.IsCommitted ? piece.Protect.ToProtection() : Protection.Reserved,
                Detail = piece.Detail,
                Committed = piece.IsCommitted ? (long)piece.Size : 0,
                Private = piece.PrivateBytes,
                PrivateWs = piece.PrivatePages * Page,
                ShareableWs = piece.ShareablePages * Page,
                SharedWs = piece.SharedPages * Page,
                LockedWs = piece.LockedPages * Page,
            });
        }
        return builder.Build(_strings.Seal());
    }
}
