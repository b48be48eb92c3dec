using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using WebVmMap.Core.Recordings;
using WebVmMap.Recording.Blocks;
using WebVmMap.Recording.Stacks;

namespace WebVmMap.Recording.Ring;

/// <summary>
/// Reads the rings of all threads and works what they tell into live blocks and totals by site. Events of one thread come in order, those
/// of different threads do not; but the tracer tells an allocation after it was made and a free before it is done, so for each address
/// they alternate, and what seems out of order is set right within one more pass over the rings. Not thread-safe.
/// </summary>
internal sealed unsafe class RingDrain : IDisposable
{
    private const int PublishEvery = 4096;
    private const int Ahead = 12;
    private const int RingAhead = 64;
    private const long MaxLost = 1L << 40;
    private const double MaxEventNs = 1e6;
    private const long MaxTimedNs = 1L << 50;

    private readonly RingMemory _memory;
    private readonly LiveBlocks _blocks = new();
    private readonly VirtualRanges _ranges = new();
    private readonly ModuleMap _modules;
    private readonly SiteTable _sites = new();
    private readonly IntervalTotals _totals = new();
    private readonly SlotState?[] _slots = new SlotState?[RingLayout.Slots];

    private readonly Dictionary<ulong, AddressConflict> _conflicts = [];
    private readonly Action<BlockEntry, long, bool> _removed;
    private readonly Action<BlockEntry> _gone;
    private SampleWeight _weight;
    private long _pass;
    private long _events;
    private long _unknownFrees;
    private long _missedFrees;
    private long _cutStacks;
    private long _lostBlocks;
    private long _lostBytes;
    private double _fill;
    // Until all blocks from before are among the others.
    private BlocksBefore? _before;
    private HeapBefore _stateBefore;
    private long _unwalkedBefore;
    private long _countedBefore;
    private double _otherCpuMs;
    private int _toldModules;
    private int _toldFrames;
    private int _toldNodes;
    private int _toldSites;

    /// <summary>Reads from this memory, which stays the caller's.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="pathOf">The path that people know a module by, of the one that was told; null where it is the same.</param>
    /// <param name="before">What is said of blocks from before; <see cref="HeapBefore.UnderWay"/> when <see cref="TakeBefore"/> will tell of them.</param>
    public RingDrain(RingMemory memory, Func<string, string>? pathOf = null, HeapBefore before = HeapBefore.None)
    {
        _memory = memory;
        _stateBefore = before;
        _before = before == HeapBefore.UnderWay ? new BlocksBefore() : null;
        _weight = new SampleWeight(memory.SampleBytes);
        _modules = new ModuleMap(pathOf);
        _removed = (range, bytes, whole) => _totals.Freed(range, bytes, whole);
        _gone = block => _totals.Freed(block, block.Size, true);
    }

    /// <summary>The live blocks.</summary>
    public LiveBlocks Blocks => _blocks;

    /// <summary>What the program has mapped itself.</summary>
    public VirtualRanges Ranges => _ranges;

    /// <summary>Whether blocks from before are still being added to the others, some with each pass.</summary>
    public bool AddsBefore => _before is { HasMore: true };

    /// <summary>Whether the next pass adds some of them.</summary>
    public bool AddsBeforeNow => _before is { } before && before.AddsIn(_pass + 1);

    /// <summary>How many events the fullest ring held when it was last read.</summary>
    public int Fullest { get; private set; }

    /// <summary>Reads all that there is by now.</summary>
    /// <returns>How many events.</returns>
    /// <exception cref="RecordingException">A ring makes no sense.</exception>
    public long Pass()
    {
        _pass++;
        var before = _events;
        Fullest = 0;
        var used = _memory.UsedSlots;
        for (var number = 0; number < used; number++)
        {
            Read(_slots[number] ??= new SlotState(_memory.Slot(number)));
        }
        Settle();
        AddBefore();
        _memory.Beat();
        return _events - before;
    }

    /// <summary>Takes what a count of the program's heap from outside has found, which began after the recording.</summary>
    public void TakeBefore(HeapCount count)
    {
        _otherCpuMs += count.CpuMs;
        if (_before is null)
        {
            return;
        }
        if (count.State == HeapBefore.Counted)
        {
            _before.Take(count, _pass);
        }
        else
        {
            (_stateBefore, _before) = (count.State, null);
        }
    }

    /// <summary>What was not counted by now will not be.</summary>
    public void EndBefore() => (_stateBefore, _before) = (_before is null ? _stateBefore : HeapBefore.Ended, null);

    /// <summary>Ends the interval.</summary>
    /// <param name="endedAt">When.</param>
    /// <param name="cpuMs">Processor time that the agent took so far.</param>
    public RecordingInterval Take(DateTimeOffset endedAt, double cpuMs)
    {
        var index = _totals.Index;
        TakeLost();
        var (allocated, freed) = _totals.Take();
        var interval = new RecordingInterval
        {
            Index = index,
            EndedAt = endedAt,
            Modules = [.. _modules.Modules.Skip(_toldModules)],
            Frames = _sites.Frames.From(_toldFrames),
            Nodes = _sites.Nodes.From(_toldNodes),
            Sites = _sites.Sites.From(_toldSites),
            Allocated = allocated,
            Freed = freed,
            Health = Health(cpuMs),
        };
        (_toldModules, _toldFrames, _toldNodes, _toldSites, _fill) = (_modules.Modules.Count, _sites.Frames.Count, _sites.Nodes.Count, _sites.Sites.Count, 0);
        return interval;
    }

    /// <inheritdoc/>
    public void Dispose() => _blocks.Dispose();

    private RecordingHealth Health(double cpuMs)
    {
        var (dropped, waits, waitedNs, threads) = (0L, 0L, 0L, 0);
        var (timed, timedNs) = (0L, 0L);
        foreach (var slot in _slots)
        {
            if (slot is { HasBegun: true })
            {
                dropped += RingMemory.Count(slot.Ring + RingLayout.DroppedAt);
                waits += RingMemory.Count(slot.Ring + RingLayout.WaitsAt);
                waitedNs += RingMemory.Count(slot.Ring + RingLayout.WaitedNsAt);
                threads += slot.Threads;
                timed += RingMemory.Count(slot.Ring + RingLayout.TimedAt);
                // Less than nothing while there are few, of a clock that ticks seldom.
                timedNs += Math.Clamp((long)RingMemory.Read(slot.Ring + RingLayout.TimedNsAt), 0, MaxTimedNs);
            }
        }
        return new RecordingHealth
        {
            Events = _events,
            DroppedEvents = dropped + _memory.Skipped,
            Waits = waits,
            WaitedNs = waitedNs,
            RingFill = _fill,
            Threads = threads,
            UnknownFrees = _unknownFrees,
            MissedFrees = _missedFrees,
            CutStacks = _cutStacks,
            AgentCpuMs = cpuMs + _otherCpuMs,
            LostBlocks = _lostBlocks,
            LostBytes = _lostBytes,
            SampleBytes = _memory.SampleBytes,
            NotFollowed = _memory.NotFollowed,
            Before = _stateBefore,
            BeforeUnwalkedBytes = _unwalkedBefore,
            BeforeCountedOnly = _countedBefore,
            // What an event costs the program, of those that were timed, for all of them.
            TargetCpuMs = timed > 0 ? Math.Clamp((double)timedNs / timed, 0, MaxEventNs) * _events / 1e6 : 0,
        };
    }

    // Allocations that found no room in time, when sampling as many as they stand for. A ring's counters may hold anything: what makes no sense is passed over.
    private void TakeLost()
    {
        foreach (var slot in _slots)
        {
            if (slot is null)
            {
                continue;
            }
            var (blocks, bytes) = ((long)RingMemory.Read(slot.Ring + RingLayout.LostBlocksAt), (long)RingMemory.Read(slot.Ring + RingLayout.LostBytesAt));
            var (more, moreBytes) = (blocks - slot.LostBlocks, bytes - slot.LostBytes);
            if (more is > 0 and < MaxLost && moreBytes is >= 0 and <= BlockEntry.MaxSize)
            {
                _totals.Lost(_sites.Site(new AllocationSite(-1, AllocationKind.Heap)), more, moreBytes);
                (slot.LostBlocks, slot.LostBytes) = (blocks, bytes);
                (_lostBlocks, _lostBytes) = (_lostBlocks + more, _lostBytes + moreBytes);
            }
        }
    }

    private void AddBefore()
    {
        if (_before is { } before && !before.AddNext(_pass, address => _conflicts.ContainsKey(address), _blocks, Counted))
        {
            (_stateBefore, _unwalkedBefore, _countedBefore, _before) = (before.State, before.UnwalkedBytes, before.CountedOnly, null);
        }

        int Counted(long size)
        {
            var site = _sites.Site(new AllocationSite(-1, AllocationKind.Heap, BeforeRecording: true, SizeClass.Of(size)));
            _totals.Allocated(site, 1, size);
            return site;
        }
    }

    private void Settle()
    {
        if (_conflicts.Count == 0)
        {
            return;
        }
        var unseen = 0;
        foreach (var (address, conflict) in _conflicts.Where(pair => pair.Value.IsRipe(_pass)).ToArray())
        {
            _conflicts.Remove(address);
            _before?.Touch(address);
            var (live, unknown, missed) = conflict.Settle(_pass, _gone);
            unseen += unknown;
            _missedFrees += missed;
            if (live is { } block)
            {
                _blocks.Add(block);
            }
        }
        if (unseen > 0)
        {
            _unknownFrees += unseen;
            _totals.FreedUnseen(_sites.Site(new AllocationSite(-1, AllocationKind.Heap, BeforeRecording: true)), unseen);
        }
    }

    private void Read(SlotState slot)
    {
        if (!slot.HasBegun)
        {
            if (!_memory.IsOfThis(slot.Ring))
            {
                return;
            }
            slot.HasBegun = true;
            slot.Tail = RingMemory.Read(slot.Ring + RingLayout.BeganAt);
            Volatile.Write(ref Unsafe.AsRef<ulong>(slot.Ring + RingLayout.TailAt), slot.Tail);
        }
        var head = RingMemory.Read(slot.Ring + RingLayout.HeadAt);
        var count = head - slot.Tail;
        if (count == 0)
        {
            return;
        }
        if (count > RingLayout.EventsPerSlot)
        {
            throw Nonsense();
        }
        Fullest = Math.Max(Fullest, (int)count);
        _fill = Math.Max(_fill, count / (double)RingLayout.EventsPerSlot);
        var events = (Event*)(slot.Ring + RingLayout.SlotHeadBytes);
        while (slot.Tail != head)
        {
            Read(slot, events, head - slot.Tail > PublishEvery ? slot.Tail + PublishEvery : head, head);
            _memory.Beat();
            Volatile.Write(ref Unsafe.AsRef<ulong>(slot.Ring + RingLayout.TailAt), slot.Tail);
        }
    }

    // Until there, or where an event ends that is longer.
    private void Read(SlotState slot, Event* events, ulong until, ulong head)
    {
        var (tail, usual) = (slot.Tail, IsUsual(slot));
        while ((long)(until - tail) > 0)
        {
            // It lies in another processor's memory, which was the last to write it.
            Sse.Prefetch0(events + ((tail + RingAhead) & (RingLayout.EventsPerSlot - 1)));
            if (head - tail > Ahead)
            {
                _blocks.Prefetch(events[(tail + Ahead) & (RingLayout.EventsPerSlot - 1)].A & RingLayout.AddressMask);
            }
            // A copy: the other side may change what it wrote.
            var told = events[tail & (RingLayout.EventsPerSlot - 1)];
            var kind = (EventKind)(told.A >> RingLayout.KindShift);
            if (usual && ((kind == EventKind.Alloc && AllocateUsual(slot, told)) || (kind == EventKind.Free && FreeUsual(told))))
            {
                tail++;
                continue;
            }
            slot.Tail = tail;
            Handle(slot, events, head);
            (tail, usual) = (slot.Tail, IsUsual(slot));
        }
        slot.Tail = tail;
    }

    // Whether nothing is open that the next event may have to do with. Nearly always: then what most events are is done without a look at each.
    private bool IsUsual(SlotState slot) => !slot.InLimbo && _conflicts.Count == 0 && _before is null && _weight.IsOne;

    // False, with nothing done, where there is more to it than that one more block lives.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool AllocateUsual(SlotState slot, Event told)
    {
        var (address, size) = (told.A & RingLayout.AddressMask, (long)(uint)told.B);
        var site = slot.Sites.Find(Stack(told), AllocationKind.Heap, SizeClass.Of(size));
        if (site < 0 || address == 0)
        {
            return false;
        }
        ref var entry = ref _blocks.Place(address, out var isLive);
        if (isLive)
        {
            return false;
        }
        _events++;
        _totals.Allocated(site, 1, size);
        Fill(ref entry, slot, size, 1, site, Order(told));
        return true;
    }

    // False, with nothing done, where there is more to it than that a block is gone.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool FreeUsual(Event told)
    {
        if (!_blocks.TryFind(told.A & RingLayout.AddressMask, out var found))
        {
            return false;
        }
        _events++;
        _totals.Freed(found.Block, found.Block.Size, true);
        _blocks.Remove(found);
        return true;
    }

    private void Handle(SlotState slot, Event* events, ulong head)
    {
        var read = events[slot.Tail++ & (RingLayout.EventsPerSlot - 1)];
        var address = read.A & RingLayout.AddressMask;
        switch ((EventKind)(read.A >> RingLayout.KindShift))
        {
            case EventKind.Alloc:
                _events++;
                Allocate(slot, address, (uint)read.B, read);
                break;
            case EventKind.Free:
                _events++;
                if (slot.InLimbo && slot.Limbo.Address == address)
                {
                    // Reallocated to nothing.
                    EndLimbo(slot, free: true);
                    break;
                }
                EndLimbo(slot, free: true);
                Free(address);
                break;
            case EventKind.AllocBig:
                _events++;
                Allocate(slot, address, Size(Next(slot, events, head).A), read);
                break;
            case EventKind.Realloc:
                _events++;
                EndLimbo(slot, free: true);
                slot.InLimbo = !_conflicts.ContainsKey(address) && _blocks.Remove(address, out slot.Limbo);
                if (!slot.InLimbo)
                {
                    Free(address);
                }
                else
                {
                    _before?.Touch(address);
                }
                break;
            case EventKind.ReallocFailed when slot.InLimbo:
                EndLimbo(slot, free: false);
                break;
            case EventKind.ReallocFailed:
                // Counted as freed in a conflict; settled meanwhile, it is a block that is lost sight of.
                if (_conflicts.TryGetValue(address, out var open))
                {
                    open.Freed(-1, _pass);
                }
                break;
            case EventKind.Map:
                _events++;
                var length = Size(Next(slot, events, head).A);
                var site = Site(slot, Stack(read), AllocationKind.Virtual, length);
                _ranges.Add(new BlockEntry { Address = address, Size = length, Site = site, Born = _totals.Index, Thread = slot.Thread }, _removed);
                _totals.Allocated(site, 1, length);
                break;
            case EventKind.Unmap:
                _events++;
                _ranges.Remove(address, Size(read.B), _removed);
                break;
            case EventKind.StackNew:
                NewStack(slot, events, head, read);
                break;
            case EventKind.Thread:
                slot.Thread = (int)address;
                slot.Threads++;
                break;
            case EventKind.Exec:
                // What it had is gone: to count it is not missed any more.
                (_stateBefore, _before) = (_before is null && _stateBefore != HeapBefore.Ended ? _stateBefore : HeapBefore.None, null);
                _blocks.Clear(_gone);
                _ranges.Clear(_removed);
                break;
            default:
                throw Nonsense();
        }
    }

    private void Allocate(SlotState slot, ulong address, long size, Event told)
    {
        EndLimbo(slot, free: true);
        if (address == 0)
        {
            throw Nonsense();
        }
        var (site, order) = (Site(slot, Stack(told), AllocationKind.Heap, size), Order(told));
        var weight = _weight.Of(size);
        _totals.Allocated(site, weight, size * weight);
        if (_conflicts.Count > 0 && AllocatedInConflict(slot, address, size, weight, site, order))
        {
            return;
        }
        ref var entry = ref _blocks.Place(address, out var isLive);
        if (isLive)
        {
            BeginConflict(entry, slot, address, size, weight, site, order);
            return;
        }
        Fill(ref entry, slot, size, weight, site, order);
    }

    // Field by field, where it stays: a copy would wait until all of it is written.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Fill(ref BlockEntry entry, SlotState slot, long size, int weight, int site, int order)
    {
        entry.SetSize(size, weight);
        entry.Site = site;
        entry.Born = _totals.Index;
        entry.Thread = slot.Thread;
        entry.Mark = AddressConflict.Mark(order, _pass);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool AllocatedInConflict(SlotState slot, ulong address, long size, int weight, int site, int order)
    {
        if (!_conflicts.TryGetValue(address, out var open))
        {
            return false;
        }
        open.Allocated(Block(slot, address, size, weight, site, order), _pass);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void BeginConflict(in BlockEntry live, SlotState slot, ulong address, long size, int weight, int site, int order)
    {
        var conflict = new AddressConflict(_pass);
        conflict.Allocated(live, _pass);
        conflict.Allocated(Block(slot, address, size, weight, site, order), _pass);
        _blocks.Remove(address, out _);
        _conflicts.Add(address, conflict);
    }

    private BlockEntry Block(SlotState slot, ulong address, long size, int weight, int site, int order)
    {
        var block = new BlockEntry { Address = address };
        Fill(ref block, slot, size, weight, site, order);
        return block;
    }

    private void Free(ulong address)
    {
        if (_conflicts.Count > 0 && _conflicts.TryGetValue(address, out var open))
        {
            open.Freed(1, _pass);
        }
        else if (_blocks.Remove(address, out var block))
        {
            _totals.Freed(block, block.Size, true);
            _before?.Touch(address);
        }
        else
        {
            var conflict = new AddressConflict(_pass);
            conflict.Freed(1, _pass);
            _conflicts.Add(address, conflict);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void EndLimbo(SlotState slot, bool free)
    {
        if (slot.InLimbo)
        {
            LeaveLimbo(slot, free);
        }
    }

    // What a thread was reallocating is gone once it tells something else of its heap, unless it said that it could not.
    private void LeaveLimbo(SlotState slot, bool free)
    {
        slot.InLimbo = false;
        if (free)
        {
            _totals.Freed(slot.Limbo, slot.Limbo.Size, true);
        }
        else
        {
            _blocks.Add(slot.Limbo);
        }
    }

    private static int Stack(Event told) => (int)(told.B >> RingLayout.StackShift);

    private static int Order(Event told) => (int)((told.A >> RingLayout.OrderLowShift) & 0xfff) | (int)((told.B >> RingLayout.OrderHighShift) & 0xff) << 12;

    private static long Size(ulong size) => size <= BlockEntry.MaxSize ? (long)size : throw Nonsense();

    private static Event Next(SlotState slot, Event* events, ulong head) =>
        slot.Tail == head ? throw Nonsense() : events[slot.Tail++ & (RingLayout.EventsPerSlot - 1)];

    private void NewStack(SlotState slot, Event* events, ulong head, Event told)
    {
        var (frames, flags) = ((int)(told.A & 0xffff), (uint)(told.A >> 16) & 0xffff);
        var (number, log) = ((int)(uint)told.B, (uint)(told.B >> 32));
        if (frames is 0 or > RingLayout.MaxFrames || number != slot.Nodes.Count)
        {
            throw Nonsense();
        }
        Span<ulong> addresses = stackalloc ulong[RingLayout.MaxFrames + 1];
        for (var i = 0; i < frames; i += 2)
        {
            var pair = Next(slot, events, head);
            (addresses[i], addresses[i + 1]) = (pair.A, pair.B);
        }
        if (!_modules.ReadTo(_memory.Log, log))
        {
            throw Nonsense();
        }
        if ((flags & RingLayout.StackCut) != 0)
        {
            _cutStacks++;
        }
        slot.Nodes.Add(_sites.Node(addresses[..frames], _modules));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Site(SlotState slot, int stack, AllocationKind kind, long size)
    {
        var sizeClass = SizeClass.Of(size);
        var site = slot.Sites.Find(stack, kind, sizeClass);
        return site >= 0 ? site : NewSite(slot, stack, kind, sizeClass);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int NewSite(SlotState slot, int stack, AllocationKind kind, byte sizeClass)
    {
        if (slot.Sites.FindBefore(stack, kind, sizeClass) is >= 0 and var known)
        {
            return known;
        }
        if ((uint)stack >= (uint)slot.Nodes.Count)
        {
            throw Nonsense();
        }
        var site = _sites.Site(new AllocationSite(slot.Nodes[stack], kind, SizeClass: sizeClass));
        slot.Sites.Add(stack, kind, sizeClass, site);
        return site;
    }

    private static RecordingException Nonsense() =>
        new("The program wrote over the memory through which its allocations are told, so they cannot be read any further. What was recorded before holds.");

    private readonly record struct Event(ulong A, ulong B);

    private sealed class SlotState(byte* ring)
    {
        public byte* Ring { get; } = ring;

        /// <summary>Whether its thread has told something since this recording began.</summary>
        public bool HasBegun { get; set; }

        public ulong Tail { get; set; }

        public int Thread { get; set; }

        public int Threads { get; set; }

        public long LostBlocks { get; set; }

        public long LostBytes { get; set; }

        /// <summary>By the thread's own number of a stack; 0 is the one that could not be taken.</summary>
        public List<int> Nodes { get; } = [-1];

        public StackSites Sites { get; } = new();

        public bool InLimbo { get; set; }

        public BlockEntry Limbo;
    }
}
