using System.Collections.Immutable;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Probes.Linux.Classification;
using WebVmMap.Probes.Linux.Memory;
using WebVmMap.Probes.Linux.PageOut;
using WebVmMap.Probes.Linux.ProcFs;
using WebVmMap.Probes.Linux.Smaps;

namespace WebVmMap.Probes.Linux;

/// <summary>
/// One Linux process. Its handles stand for the process, not for its pid; a pass whose process is not alive at its end counts
/// for nothing, so nothing of a later process with the same pid can slip in.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxProcessProbe : IProcessProbe
{
    /// <summary>A pass in the middle of which the process starts another program (execve) is begun anew this often.</summary>
    private const int MaxRestarts = 3;

    private const int LeastTextsToForget = 10_000;

    private readonly ProcDirectory _directory;
    private readonly ProcessReader _reader;
    private readonly SafeFileHandle _status;
    private readonly SmapsFile _file = new();
    private readonly SmapsParser _parser;
    private readonly RemoteMemory _memory;
    private readonly BackingClassifier _backing = new();
    private readonly ThreadStackFinder _stacks;
    private readonly GlibcHeapFinder _heaps;
    private readonly byte[] _statusText = new byte[8192];
    private SafeFileHandle _smaps;
    private SafeFileHandle _maps;
    private MappingNames _names;

    private LinuxProcessProbe(ProcessKey key, ProcDirectory directory, ProcessReader reader, SafeFileHandle status, SafeFileHandle smaps, SafeFileHandle maps)
    {
        Key = key;
        _directory = directory;
        _reader = reader;
        _status = status;
        _smaps = smaps;
        _maps = maps;
        _names = new MappingNames(new StringTable());
        _parser = new SmapsParser(_names);
        _memory = new RemoteMemory(key.Pid);
        _stacks = new ThreadStackFinder(key.Pid, directory, _memory);
        _heaps = new GlibcHeapFinder(_memory);
    }

    /// <inheritdoc/>
    public ProcessKey Key { get; }

    /// <summary>Opens what a probe needs; the directory is its own from then on.</summary>
    public static ProbeResult<IProcessProbe> Open(int pid, long? startStamp, ProcDirectory directory, ProcessReader reader)
    {
        Span<byte> text = stackalloc byte[8192];
        var length = directory.Read("stat\0"u8, text, out var error);
        if (error != 0)
        {
            return LinuxFailures.From(pid, "stat", error, "");
        }
        if (!ProcStat.TryParse(text[..length], out var stat))
        {
            return LinuxFailures.Failed(pid, "stat", 0);
        }
        if (startStamp is { } wanted && wanted != stat.StartTicks)
        {
            return LinuxFailures.Replaced(pid);
        }
        if (stat.IsKernelThread)
        {
            return LinuxFailures.KernelThread(pid);
        }
        if (stat.HasEnded)
        {
            return LinuxFailures.Gone(pid);
        }
        var key = new ProcessKey(pid, stat.StartTicks);
        error = directory.OpenFile("status\0"u8, out var status);
        if (status is null)
        {
            return LinuxFailures.From(pid, "status", error, "");
        }
        length = ProcFile.ReadOnce(status, text, out _);
        var facts = ProcStatus.Parse(text[..length]);
        var user = reader.UserOf(facts.EffectiveUid);
        if (facts.ProcessId != pid)
        {
            status.Dispose();
            return length == 0 ? LinuxFailures.Gone(pid) : LinuxFailures.IsThread(pid, facts.ProcessId);
        }
        error = OpenMaps(directory, out var smaps, out var maps);
        if (error != 0)
        {
            status.Dispose();
            return LinuxFailures.From(pid, "smaps", error, user);
        }
        return new LinuxProcessProbe(key, directory, reader, status, smaps!, maps!);
    }

    /// <inheritdoc/>
    public ProbeResult<ProcessCounters> ReadCounters()
    {
        var length = ProcFile.ReadOnce(_status, _statusText, out var error);
        if (error != 0)
        {
            return LinuxFailures.From(Key.Pid, "status", error, "");
        }
        var status = ProcStatus.Parse(_statusText.AsSpan(0, length));
        return status.VmSize is null ? LinuxFailures.Gone(Key.Pid) : status.Counters;
    }

    /// <inheritdoc/>
    public ProbeResult<Snapshot> TakeSnapshot(CancellationToken cancellation)
    {
        var clock = AgentClock.Start();
        var takenAt = DateTimeOffset.UtcNow;
        var process = _reader.Read(_directory, Key.Pid);
        if (process is null)
        {
            return LinuxFailures.Gone(Key.Pid);
        }
        var restarts = 0;
        while (true)
        {
            BeginPass();
            var error = _file.Read(_smaps, _parser, cancellation);
            if (error != 0)
            {
                return LinuxFailures.From(Key.Pid, "smaps", error, process.User);
            }
            Classify(out var allocator);
            if (!ReadCounters().TryGet(out var counters))
            {
                return LinuxFailures.Gone(Key.Pid);
            }
            // The open files show one address space; execve replaces it, and they are then at their end at once.
            if (_parser.Count > 0 && HasAddressSpace())
            {
                return Build(process, takenAt, clock, counters, allocator, restarts);
            }
            if (restarts++ == MaxRestarts)
            {
                return new ProbeFailure(ProbeOutcome.Failed, $"Process {Key.Pid} started another program each time it was read: try again.");
            }
            error = OpenMaps(_directory, out var smaps, out var maps);
            if (error != 0)
            {
                return LinuxFailures.From(Key.Pid, "smaps", error, process.User);
            }
            _smaps.Dispose();
            _maps.Dispose();
            (_smaps, _maps) = (smaps!, maps!);
            process = _reader.Read(_directory, Key.Pid);
            if (process is null)
            {
                return LinuxFailures.Gone(Key.Pid);
            }
        }
    }

    /// <inheritdoc/>
    public ProbeResult<EmptiedWorkingSet> EmptyWorkingSet(CancellationToken cancellation)
    {
        BeginPass();
        var error = _file.Read(_smaps, _parser, cancellation);
        return error != 0
            ? LinuxFailures.From(Key.Pid, "smaps", error, "")
            : WorkingSetEmptier.Run(Key.Pid, _directory, _parser.Regions, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _smaps.Dispose();
        _maps.Dispose();
        _status.Dispose();
        _directory.Dispose();
    }

    private static int OpenMaps(ProcDirectory directory, out SafeFileHandle? smaps, out SafeFileHandle? maps)
    {
        maps = null;
        var error = directory.OpenFile("smaps\0"u8, out smaps);
        if (error == 0)
        {
            error = directory.OpenFile("maps\0"u8, out maps);
            if (error != 0)
            {
                smaps!.Dispose();
                smaps = null;
            }
        }
        return error;
    }

    private void BeginPass()
    {
        // Names of files that came and went would stay for ever.
        if (_names.Strings.Count > Math.Max(LeastTextsToForget, 4 * (_names.UsedInPass + _stacks.Threads + _heaps.Arenas)))
        {
            _names = new MappingNames(new StringTable());
            _parser.Names = _names;
        }
        _names.BeginPass();
        _parser.Clear();
    }

    private bool HasAddressSpace()
    {
        Span<byte> one = stackalloc byte[1];
        return ProcFile.ReadOnce(_maps, one, out var error) == 1 && error == 0;
    }

    private void Classify(out string? allocator)
    {
        var regions = _parser.Regions;
        _backing.Classify(regions, _names, _memory);
        _stacks.Find(regions, _names);
        _heaps.Find(regions, _names.Strings);
        ManagedHeapFinder.Find(regions, _names);
        allocator = AllocatorFinder.Find(regions, _names);
    }

    private Snapshot Build(ProcessInfo process, DateTimeOffset takenAt, AgentClock clock, ProcessCounters counters, string? allocator, int restarts)
    {
        var records = _parser.Regions;
        var bounds = UserSpace.Bounds(process.Architecture, records);
        var builder = new CompleteTableBuilder(bounds, records.Length + RegionRuns.Count(records) + 1);
        foreach (ref readonly var record in records)
        {
            builder.Add(RegionFigures.ToRegion(record));
        }
        return new Snapshot(builder.Build(_names.Strings.Seal()), bounds)
        {
            Platform = HostPlatform.Linux,
            Process = process,
            TakenAt = takenAt,
            Counters = counters,
            Notes = Notes(allocator, restarts),
            // Last: what the tables cost is part of it.
            Cost = clock.Spent(),
        };
    }

    private ImmutableArray<SnapshotNote> Notes(string? allocator, int restarts)
    {
        var notes = ImmutableArray.CreateBuilder<SnapshotNote>();
        if (_memory.Denied)
        {
            notes.Add(new(
                SnapshotNoteKind.Limitation,
                "Thread stacks and heap arenas show as Private Data, because the process's memory may not be read: " + Rights.Remedy
                    + ", or where only Yama forbids it set kernel.yama.ptrace_scope to 0."));
        }
        else
        {
            var other = allocator is null ? "" : $", and what else is writable is taken for {allocator}'s";
            notes.Add(new(
                SnapshotNoteKind.Method,
                $"heap detection: glibc's own headers, read from memory: {_heaps.Arenas} arenas beside [heap], {_heaps.MappedChunks} mappings of large blocks{other}."));
        }
        if (_stacks.Found < _stacks.Threads && !_memory.Denied)
        {
            notes.Add(new(
                SnapshotNoteKind.Limitation,
                $"The stacks of {_stacks.Found} of {_stacks.Threads} threads were found; the others lie in memory that shows as Private Data or Heap"
                    + (_stacks.CutShort ? ", or were not looked for everywhere because there is too much to look at." : ".")));
        }
        var left = _parser.Overlapping + _parser.Malformed;
        if (left > 0 || restarts > 0)
        {
            notes.Add(new(
                SnapshotNoteKind.ChangedWhileRead,
                restarts > 0 && left == 0
                    ? "The process started another program while it was read; what is shown is the new one."
                    : $"{left} mappings changed while they were read and were left out."));
        }
        if (_parser.OverLimit > 0)
        {
            notes.Add(new(SnapshotNoteKind.Limitation, $"{_parser.OverLimit} mappings past the first {SmapsParser.MaxRegions} were left out."));
        }
        return notes.ToImmutable();
    }
}
