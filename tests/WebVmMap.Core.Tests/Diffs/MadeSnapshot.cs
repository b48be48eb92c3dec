using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Core.Tests.Generators;

namespace WebVmMap.Core.Tests.Diffs;

/// <summary>Snapshots of a few rows, for cases that are named.</summary>
internal sealed class MadeSnapshot
{
    private readonly StringTable _texts = new();
    private readonly List<Region> _rows = [];

    public ProcessKey Key { get; init; } = new(4711, 1);

    public HostPlatform Platform { get; init; } = HostPlatform.Linux;

    public DateTimeOffset TakenAt { get; init; } = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Adds rows of one allocation, one after the other, all committed and private where they may be written.</summary>
    public MadeSnapshot Add(ulong address, RegionCategory category, string details, params (long Pages, Protection Protection)[] rows)
    {
        var at = address;
        foreach (var (pages, protection) in rows)
        {
            var bytes = protection == Protection.None ? 0 : pages * 4096;
            _rows.Add(new Region
            {
                Address = at,
                Size = pages * 4096,
                AllocationBase = address,
                Category = category,
                Protection = protection,
                Detail = _texts.Intern(details),
                Committed = bytes,
                Private = protection.HasFlag(Protection.Write) ? bytes : 0,
            });
            at += (ulong)pages * 4096;
        }
        return this;
    }

    public Snapshot Take()
    {
        var builder = new RegionTableBuilder();
        foreach (var row in _rows.OrderBy(row => row.Address))
        {
            builder.Add(row);
        }
        return new Snapshot(builder.Build(_texts.Seal()), Platform == HostPlatform.Windows ? SnapshotGen.WindowsBounds : SnapshotGen.LinuxBounds)
        {
            Platform = Platform,
            Process = new ProcessInfo { Key = Key, Name = "made" },
            TakenAt = TakenAt,
        };
    }
}
