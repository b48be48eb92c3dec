using WebVmMap.Core.Processes;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Live;
using WebVmMap.Hub.Processes;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Store.Records;

namespace WebVmMap.Hub.Schedules;

/// <summary>
/// Runs what is due on one host: one process list for all, then the snapshots, one after the other. Rules look at the counters of the
/// list only; a full pass is made when one fires. Used by one thread at a time.
/// </summary>
internal sealed class HostWatch(string hostId, IProcessDirectory processes, IHostDirectory hosts, ISnapshotTaker taker)
{
    /// <summary>Most snapshots that one run of one schedule takes.</summary>
    public const int MaximumProcesses = 8;

    /// <summary>How often rules look.</summary>
    public static readonly TimeSpan RulePeriod = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(string Schedule, ProcessKey Process), GrowthWindow> _growth = [];
    private DateTimeOffset? _rulesLookedAt;

    /// <summary>Which of the host's schedules are due.</summary>
    public IReadOnlyList<Schedule> Due(IEnumerable<Schedule> schedules, DateTimeOffset now)
    {
        var rulesDue = _rulesLookedAt is not { } looked || now - looked >= RulePeriod || now < looked;
        return [.. schedules.Where(s => s.HostId == hostId && s.Enabled && (s.IsRule ? rulesDue : ScheduleSlots.IsDue(s, now)))];
    }

    /// <summary>Runs those that are due.</summary>
    /// <returns>What is worth writing down.</returns>
    /// <exception cref="StoreException">The database refused.</exception>
    public async Task<IReadOnlyList<ScheduleResult>> RunAsync(IReadOnlyList<Schedule> due, DateTimeOffset now, CancellationToken cancellation)
    {
        if (due.Any(s => s.IsRule))
        {
            _rulesLookedAt = now;
        }
        var list = hosts.Find(hostId) is { Online: false } offline
            ? ProcessListState.Waiting with { Error = HostMessages.Offline(offline) }
            : await processes.ListAsync(hostId, cancellation).ConfigureAwait(false);
        var results = new List<ScheduleResult>();
        foreach (var schedule in due)
        {
            var result = list.Error.Length > 0
                ? new ScheduleResult(schedule.Id, now, list.Error, [], [], Missed(schedule, now), false)
                : await RunAsync(schedule, list, now, cancellation).ConfigureAwait(false);
            // A rule looks every minute: that it still sees nothing is not worth a write to disk.
            if (!schedule.IsRule || result.SnapshotIds.Count > 0 || result.Error != schedule.LastError || result.Pause)
            {
                results.Add(result);
            }
        }
        Forget(due, list);
        return results;
    }

    private async Task<ScheduleResult> RunAsync(Schedule schedule, ProcessListState list, DateTimeOffset now, CancellationToken cancellation)
    {
        var matching = Matching(schedule, list);
        if (matching.Count == 0)
        {
            return schedule.Pid is null
                ? Result($"No process named {schedule.ProcessName} runs there now.")
                : Result($"The process {schedule.ProcessName} ({schedule.Pid}) has ended, so this is paused.", pause: true);
        }
        var wanted = matching.Where(process => Wants(schedule, process, now)).ToList();
        var errors = new List<string>();
        if (wanted.Count > MaximumProcesses)
        {
            errors.Add($"{wanted.Count} processes match: a run takes the {MaximumProcesses} with the most private bytes.");
        }
        var (taken, of) = (new List<string>(), new List<ProcessKey>());
        foreach (var process in wanted.OrderByDescending(p => p.PrivateBytes).Take(MaximumProcesses))
        {
            var outcome = await taker.TakeAsync(
                new SnapshotRequest(new LiveProcessAddress(hostId, process.Key.Pid, process.Key.StartStamp), schedule.Label)
                {
                    Cause = schedule.IsRule ? SnapshotCause.Rule : SnapshotCause.Schedule,
                    TakenBy = schedule.CreatedBy,
                    ScheduleId = schedule.Id,
                },
                cancellation).ConfigureAwait(false);
            if (outcome.Stored is { } stored)
            {
                taken.Add(stored.Id);
                of.Add(process.Key);
            }
            else
            {
                errors.Add(outcome.Message);
            }
        }
        return Result(string.Join(' ', errors.Distinct()), taken, of);

        ScheduleResult Result(string error, List<string>? snapshots = null, List<ProcessKey>? processes = null, bool pause = false) =>
            new(schedule.Id, now, error, snapshots ?? [], processes ?? [], Missed(schedule, now), pause);
    }

    private static long Missed(Schedule schedule, DateTimeOffset now) => schedule.IsRule ? 0 : ScheduleSlots.Missed(schedule, now);

    private List<ProcessInfo> Matching(Schedule schedule, ProcessListState list)
    {
        if (schedule is { Pid: { } pid, StartStamp: { } stamp })
        {
            return [.. list.Processes.Where(p => p.Key == new ProcessKey(pid, stamp))];
        }
        // Names of files, and so of programs, are compared as their system does.
        var comparison = hosts.Find(hostId)?.Platform == HostPlatform.Windows ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return [.. list.Processes.Where(p => p.Name.Equals(schedule.ProcessName, comparison))];
    }

    private bool Wants(Schedule schedule, ProcessInfo process, DateTimeOffset now)
    {
        var above = schedule.Trigger switch
        {
            ScheduleTrigger.PrivateAbove => process.PrivateBytes > schedule.LimitBytes,
            ScheduleTrigger.GrowthAbove => Growth(schedule, process, now) > schedule.LimitBytes,
            _ => true,
        };
        return above && (!schedule.IsRule || RuleFirings.HasCooledDown(schedule, process.Key, now));
    }

    private double? Growth(Schedule schedule, ProcessInfo process, DateTimeOffset now)
    {
        if (!_growth.TryGetValue((schedule.Id, process.Key), out var window))
        {
            _growth[(schedule.Id, process.Key)] = window = new GrowthWindow();
        }
        window.Add(now, process.PrivateBytes);
        return window.BytesPerHour();
    }

    // Windows of processes that have ended, and of rules that are gone or paused.
    private void Forget(IReadOnlyList<Schedule> due, ProcessListState list)
    {
        if (_growth.Count == 0 || list.Error.Length > 0 || !due.Any(s => s.IsRule))
        {
            return;
        }
        var alive = list.Processes.Select(p => p.Key).ToHashSet();
        foreach (var key in _growth.Keys.Where(k => !alive.Contains(k.Process) || due.All(s => s.Id != k.Schedule)).ToList())
        {
            _growth.Remove(key);
        }
    }
}
