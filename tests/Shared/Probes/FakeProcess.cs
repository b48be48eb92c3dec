using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Probes;

namespace WebVmMap.Testing.Probes;

/// <summary>A process that a test changes by hand. Counts what is asked of it. Thread-safe.</summary>
public sealed class FakeProcess
{
    private readonly Lock _lock = new();
    private readonly StringTable _strings = new();
    private readonly SortedDictionary<ulong, Region> _regions = [];

    /// <summary>A process of a single region.</summary>
    public FakeProcess(int pid, long startStamp = 1, string name = "fake")
    {
        Key = new ProcessKey(pid, startStamp);
        Name = name;
        Map(0x10000, 16 * 4096);
    }

    public ProcessKey Key { get; }

    public string Name { get; }

    /// <summary>What every further pass says that it cost.</summary>
    public SnapshotCost Cost { get; set; }

    /// <summary>What every further look fails with; null for none.</summary>
    public ProbeFailure? Failure { get; set; }

    /// <summary>What every further look throws; null for nothing.</summary>
    public Exception? Exception { get; set; }

    /// <summary>Called at the beginning of each pass, on its thread; a test may hold it up.</summary>
    public Action? OnPass { get; set; }

    public int Opened { get; private set; }

    public int Disposed { get; private set; }

    public int Passes { get; private set; }

    public int CounterReads { get; private set; }

    /// <summary>How often its working set was emptied.</summary>
    public int Emptied { get; private set; }

    public ProcessInfo Info => new() { Key = Key, Name = Name, CommandLine = $"/bin/{Name} --run", User = "tester", Architecture = "x64", WorkingSetBytes = Resident };

    private long Resident
    {
        get
        {
            lock (_lock)
            {
                return _regions.Values.Sum(region => region.TotalWs);
            }
        }
    }

    /// <summary>Adds a region, or replaces the one at its address.</summary>
    public void Map(ulong address, long size, string detail = "", RegionCategory category = RegionCategory.PrivateData)
    {
        lock (_lock)
        {
            _regions[address] = new Region
            {
                Address = address,
                Size = size,
                AllocationBase = address,
                Category = category,
                Protection = Protection.Read | Protection.Write,
                Detail = _strings.Intern(detail),
                Committed = size,
                Private = size,
                PrivateWs = size,
            };
        }
    }

    /// <summary>Many regions of one page each.</summary>
    public void MapMany(int count, ulong from = 0x7000_0000)
    {
        for (var i = 0; i < count; i++)
        {
            Map(from + ((ulong)i * 3 * 4096), 4096 * (1 + (i % 2)), $"region {i} with a name of its own");
        }
    }

    public void Unmap(ulong address)
    {
        lock (_lock)
        {
            _regions.Remove(address);
        }
    }

    internal IProcessProbe Open()
    {
        Opened++;
        return new Probe(this);
    }

    private sealed class Probe(FakeProcess process) : IProcessProbe
    {
        public ProcessKey Key => process.Key;

        public ProbeResult<Snapshot> TakeSnapshot(CancellationToken cancellation)
        {
            process.Passes++;
            process.OnPass?.Invoke();
            cancellation.ThrowIfCancellationRequested();
            if (process.Exception is { } exception)
            {
                throw exception;
            }
            if (process.Failure is { } failure)
            {
                return failure;
            }
            lock (process._lock)
            {
                var builder = new RegionTableBuilder();
                foreach (var region in process._regions.Values)
                {
                    builder.Add(region);
                }
                return new Snapshot(builder.Build(process._strings.Seal()), new AddressSpaceBounds(0x10000, 0x7fff_ffff_f000, 4096))
                {
                    Platform = HostPlatform.Linux,
                    Process = process.Info,
                    TakenAt = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000 + process.Passes),
                    Cost = process.Cost,
                    Counters = new ProcessCounters { WorkingSet = process.Resident },
                };
            }
        }

        public ProbeResult<ProcessCounters> ReadCounters()
        {
            process.CounterReads++;
            return process.Exception is { } exception ? throw exception
                : process.Failure is { } failure ? failure
                : new ProcessCounters { WorkingSet = process.Resident };
        }

        public ProbeResult<EmptiedWorkingSet> EmptyWorkingSet(CancellationToken cancellation)
        {
            process.Emptied++;
            if (process.Exception is { } exception)
            {
                throw exception;
            }
            return process.Failure is { } failure ? failure : new EmptiedWorkingSet(process.Resident, process.Resident / 2, ["Half of it stays."]);
        }

        public void Dispose() => process.Disposed++;
    }
}
