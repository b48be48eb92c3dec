using System.Buffers.Binary;
using System.Buffers.Text;
using WebVmMap.Core.Regions;
using WebVmMap.Probes.Linux.Memory;
using WebVmMap.Probes.Linux.ProcFs;
using WebVmMap.Probes.Linux.Smaps;

namespace WebVmMap.Probes.Linux.Classification;

/// <summary>
/// Finds the stack of every thread without stopping one. A thread's descriptor lies at the top of its stack and holds its
/// id; glibc links all descriptors in a list. Threads not in the list are looked for at the tops of likely stacks, and the
/// rest, when they sleep in the kernel, by the stack pointer that the kernel then tells.
/// </summary>
internal sealed class ThreadStackFinder
{
    private const ulong LargestGuard = 1 << 20;
    private const int MaxCandidates = 4096;
    private const int MaxAttempts = 3;
    private const int TopBytes = 16 * 1024;

    private readonly int _pid;
    private readonly ProcDirectory _directory;
    private readonly RemoteMemory _memory;
    private readonly Dictionary<int, ulong> _found = [];
    private readonly Dictionary<int, int> _attempts = [];
    private readonly List<int> _tids = [];
    private readonly byte[] _top = new byte[TopBytes];
    private ThreadLayout _layout = ThreadLayout.Usual;
    private ulong _libraryBase;

    /// <summary>For one process.</summary>
    public ThreadStackFinder(int pid, ProcDirectory directory, RemoteMemory memory)
    {
        _pid = pid;
        _directory = directory;
        _memory = memory;
    }

    /// <summary>How many threads the process had.</summary>
    public int Threads => _tids.Count;

    /// <summary>Of how many the stack was found, the first thread's included.</summary>
    public int Found { get; private set; }

    /// <summary>True when not every likely stack was looked at, because there were too many.</summary>
    public bool CutShort { get; private set; }

    /// <summary>Marks stacks with their guards.</summary>
    public void Find(Span<SmapsRegion> regions, MappingNames names)
    {
        _directory.ReadThreadIds(_tids);
        _found.Clear();
        Found = 0;
        CutShort = false;
        foreach (var tid in _tids)
        {
            _found[tid] = 0;
        }
        ReadLayout(regions, names);
        WalkList(_layout.StacksUsed);
        WalkList(_layout.StacksOfUser);
        if (MissingWorthLooking())
        {
            LookAtTops(regions);
        }
        foreach (var tid in _tids)
        {
            var address = _found[tid];
            if (address == 0 && tid != _pid && _attempts.GetValueOrDefault(tid) < MaxAttempts)
            {
                _attempts[tid] = _attempts.GetValueOrDefault(tid) + 1;
                address = SleepingStackPointer(tid, regions);
            }
            MarkStack(tid, address, regions, names);
        }
        if (_attempts.Count > 2 * _tids.Count + 64)
        {
            _attempts.Clear();
        }
    }

    private bool MissingWorthLooking()
    {
        foreach (var tid in _tids)
        {
            if (_found[tid] == 0 && tid != _pid && _attempts.GetValueOrDefault(tid) < MaxAttempts)
            {
                return !_memory.Denied;
            }
        }
        return false;
    }

    private void ReadLayout(ReadOnlySpan<SmapsRegion> regions, MappingNames names)
    {
        if (_tids.Count < 2 || !names.Has(LibraryRole.GlibcThreads))
        {
            return;
        }
        MappedImage? loader = null;
        Span<ulong> libraries = stackalloc ulong[4];
        var count = 0;
        var last = 0;
        for (var i = 0; i < regions.Length; i++)
        {
            ref readonly var region = ref regions[i];
            if (region.Name == 0 || region.Name == last || region.Offset != 0)
            {
                continue;
            }
            last = region.Name;
            switch (names[region.Name]!.Role)
            {
                case LibraryRole.GlibcThreads when count < libraries.Length:
                    libraries[count++] = region.Start;
                    break;
                case LibraryRole.GlibcLoader when loader is null && _libraryBase == 0:
                    loader = MappedImage.TryRead(_memory, region.Start, out var image) ? image : null;
                    break;
            }
        }
        if (count == 0 || libraries[..count].Contains(_libraryBase))
        {
            return;
        }
        if (_libraryBase != 0)
        {
            // Another program runs in this process now: ask its libraries in the next pass, from the start.
            _libraryBase = 0;
            _layout = ThreadLayout.Usual;
            return;
        }
        foreach (var at in libraries[..count])
        {
            if (MappedImage.TryRead(_memory, at, out var image) && ThreadLayout.TryRead(_memory, image, loader) is { } layout)
            {
                _layout = layout;
                _libraryBase = at;
                return;
            }
        }
    }

    /// <summary>Follows the links; they may change under us, so every step is bounded and every descriptor checked.</summary>
    private void WalkList(ulong head)
    {
        if (head == 0)
        {
            return;
        }
        var steps = 2 * _tids.Count + 64;
        if (!_memory.TryRead(head, out ulong node))
        {
            return;
        }
        while (node != head && node > _layout.ListOffset && steps-- > 0)
        {
            var descriptor = node - _layout.ListOffset;
            if (_memory.TryRead(descriptor + _layout.TidOffset, out uint tid) && _found.ContainsKey((int)tid))
            {
                _found[(int)tid] = descriptor;
            }
            if (!_memory.TryRead(node, out node))
            {
                return;
            }
        }
    }

    /// <summary>Looks for descriptors in the last bytes of writable memory above a guard.</summary>
    private void LookAtTops(ReadOnlySpan<SmapsRegion> regions)
    {
        var looked = 0;
        for (var i = 1; i < regions.Length; i++)
        {
            if (!RegionRuns.IsUnclaimed(regions[i]) || !regions[i].IsReadWrite || !regions[i].HasPages || !HasGuard(regions, i))
            {
                continue;
            }
            if (++looked > MaxCandidates)
            {
                CutShort = true;
                return;
            }
            var length = (int)Math.Min(TopBytes, regions[i].Size);
            var at = regions[i].End - (ulong)length;
            var top = _top.AsSpan(0, length);
            if (!_memory.TryRead(at, top))
            {
                continue;
            }
            // A descriptor points to itself in its first and third word.
            for (var offset = 0; offset + (int)_layout.TidOffset + 4 <= length; offset += 64)
            {
                var self = at + (ulong)offset;
                if (BinaryPrimitives.ReadUInt64LittleEndian(top[offset..]) == self
                    && BinaryPrimitives.ReadUInt64LittleEndian(top[(offset + 16)..]) == self)
                {
                    var tid = BinaryPrimitives.ReadInt32LittleEndian(top[(offset + (int)_layout.TidOffset)..]);
                    if (_found.TryGetValue(tid, out var known) && known == 0)
                    {
                        _found[tid] = self;
                    }
                }
            }
        }
    }

    private static bool HasGuard(ReadOnlySpan<SmapsRegion> regions, int i) =>
        RegionRuns.FollowsPrevious(regions, i)
        && regions[i - 1].IsInaccessible
        && regions[i - 1].IsUnnamedAnonymous
        && (ulong)regions[i - 1].Size <= LargestGuard;

    /// <summary>https://man7.org/linux/man-pages/man5/proc_pid_syscall.5.html: told only while the thread sleeps.</summary>
    private ulong SleepingStackPointer(int tid, ReadOnlySpan<SmapsRegion> regions)
    {
        Span<byte> text = stackalloc byte[256];
        var line = text[.._directory.ReadThreadFile(tid, "syscall"u8, text)].TrimEnd("\n "u8);
        // "NUMBER SIX ARGUMENTS SP PC", or "-1 SP PC", or "running"
        var counter = line.LastIndexOf(" 0x"u8);
        var pointer = counter > 0 ? line[..counter].LastIndexOf(" 0x"u8) : -1;
        if (pointer < 0 || !Utf8Parser.TryParse(line[(pointer + 3)..counter], out ulong address, out _, 'x'))
        {
            return 0;
        }
        // Only memory above a guard: a runtime that keeps many small stacks in one mapping (Go) is not one stack.
        var i = RegionRuns.Find(regions, address);
        return i > 0 && RegionRuns.IsUnclaimed(regions[i]) && HasGuard(regions, i) ? address : 0;
    }

    private void MarkStack(int tid, ulong address, Span<SmapsRegion> regions, MappingNames names)
    {
        var i = tid == _pid ? FirstStack(regions, names) : address == 0 ? -1 : RegionRuns.Find(regions, address);
        if (i < 0)
        {
            return;
        }
        ref var region = ref regions[i];
        if (region.Category == RegionCategory.Stack && region.Detail != 0 && tid != _pid && (region.Name == 0 || names[region.Name]!.Kind == MappingKind.Stack))
        {
            Found++; // Two stacks that the kernel joined into one mapping: it keeps the first one's name.
            return;
        }
        if (tid != _pid && region.Category is not (RegionCategory.PrivateData or RegionCategory.Stack))
        {
            return; // A stack that the program took from its heap: the mapping is more than a stack.
        }
        Found++;
        var detail = Describe(tid, names.Strings);
        var allocation = region.Start;
        if (tid != _pid && HasGuard(regions, i))
        {
            allocation = regions[i - 1].Start;
            RegionRuns.Mark(ref regions[i - 1], RegionCategory.Stack, allocation, detail);
        }
        RegionRuns.Mark(ref region, RegionCategory.Stack, allocation, detail);
    }

    private static int FirstStack(ReadOnlySpan<SmapsRegion> regions, MappingNames names)
    {
        for (var i = regions.Length - 1; i >= 0; i--)
        {
            if (regions[i].Name != 0 && names[regions[i].Name]!.Kind == MappingKind.Stack)
            {
                return i;
            }
        }
        return -1;
    }

    /// <summary><c>Thread 4711 (worker)</c></summary>
    private int Describe(int tid, StringTable strings)
    {
        Span<byte> name = stackalloc byte[64];
        Span<char> text = stackalloc char[160];
        var length = _directory.ReadThreadFile(tid, "comm"u8, name);
        var command = ProcText.Decode(name[..length].TrimEnd((byte)'\n'));
        var first = tid == _pid ? "[stack] " : "";
        return command.Length > 0 && text.TryWrite($"{first}Thread {tid} ({command})", out var written)
            || text.TryWrite($"{first}Thread {tid}", out written)
            ? strings.Intern(text[..written])
            : 0;
    }
}
