using System.Text.Json;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Probes;

// ProbeRunner host | list | snapshot PID [PASSES] | open PID START
// Prints one JSON document to standard output. Exit code 0, or 1 with the failure as {"outcome", "message"}.
var probe = HostProbe.ForThisMachine();
switch (args)
{
    case ["host"]:
        return Print(probe.Host);
    case ["list"]:
        return Print(probe.ListProcesses());
    case ["open", var pid, var start]:
        var opened = probe.Open(int.Parse(pid), long.Parse(start));
        if (!opened.TryGet(out var process))
        {
            return Fail(opened.Failure);
        }
        process.Dispose();
        return Print(process.Key);
    case ["snapshot", var pid, .. var passes]:
        return TakeSnapshots(int.Parse(pid), passes is [var count] ? int.Parse(count) : 1);
    default:
        Console.Error.WriteLine("usage: ProbeRunner host | list | snapshot PID [PASSES] | open PID START");
        return 2;
}

int TakeSnapshots(int pid, int passes)
{
    var opened = probe.Open(pid, null);
    if (!opened.TryGet(out var process))
    {
        return Fail(opened.Failure);
    }
    using (process)
    {
        var snapshots = new List<object>();
        for (var pass = 0; pass < passes; pass++)
        {
            var taken = process.TakeSnapshot(CancellationToken.None);
            if (!taken.TryGet(out var snapshot))
            {
                return Fail(taken.Failure);
            }
            snapshots.Add(Describe(snapshot));
        }
        var counters = process.ReadCounters();
        return counters.TryGet(out var figures) ? Print(new { snapshots, counters = figures }) : Fail(counters.Failure);
    }
}

static object Describe(Snapshot snapshot) => new
{
    process = snapshot.Process,
    snapshot.Cost,
    snapshot.Counters,
    snapshot.Notes,
    snapshot.Bounds,
    strings = snapshot.Regions.Strings.Length,
    summary = snapshot.Summary,
    regions = Enumerable.Range(0, snapshot.Regions.Count).Select(row => snapshot.Regions[row]).Select(region => new
    {
        region.Address,
        region.Size,
        region.AllocationBase,
        category = region.Category.DisplayName(),
        protection = ProtectionText.Format(region.Protection, HostPlatform.Windows),
        detail = snapshot.Regions.Strings[region.Detail],
        region.Committed,
        region.Private,
        region.PrivateWs,
        region.ShareableWs,
    }),
};

static int Fail(ProbeFailure failure)
{
    Print(failure);
    return 1;
}

static int Print(object value)
{
    Console.Out.WriteLine(JsonSerializer.Serialize(value, new JsonSerializerOptions(JsonSerializerDefaults.Web) { IncludeFields = true }));
    return 0;
}
