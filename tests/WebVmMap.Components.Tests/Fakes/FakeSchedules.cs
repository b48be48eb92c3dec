using System.Collections.Immutable;
using WebVmMap.Hub.Schedules;

namespace WebVmMap.Components.Tests.Fakes;

/// <summary>Schedules in memory that nothing runs.</summary>
internal sealed class FakeSchedules : ISchedules
{
    private readonly Wakes _wakes = new();

    public ImmutableArray<Schedule> All { get; private set; } = [];

    public List<(string Id, string Who)> Deleted { get; } = [];

    public IDisposable Subscribe(Action wake) => _wakes.Add(wake);

    public void Set(params Schedule[] schedules)
    {
        All = [.. schedules];
        _wakes.WakeAll();
    }

    public Task<Schedule> AddAsync(NewSchedule schedule, string who, CancellationToken cancellation)
    {
        var added = new Schedule
        {
            Id = $"schedule-{All.Length}",
            HostId = schedule.HostId,
            ProcessName = schedule.ProcessName,
            Pid = schedule.Pid,
            StartStamp = schedule.StartStamp,
            Trigger = schedule.Trigger,
            Minutes = schedule.Minutes,
            LimitBytes = schedule.LimitBytes,
            Label = schedule.Label,
            CreatedBy = who,
        };
        Set([.. All, added]);
        return Task.FromResult(added);
    }

    public Task<Schedule?> ChangeAsync(string id, ScheduleChange change, CancellationToken cancellation)
    {
        Set([.. All.Select(s => s.Id == id ? s with { Enabled = change.Enabled ?? s.Enabled } : s)]);
        return Task.FromResult(All.FirstOrDefault(s => s.Id == id));
    }

    public Task<bool> DeleteAsync(string id, string who, CancellationToken cancellation)
    {
        Deleted.Add((id, who));
        Set([.. All.Where(s => s.Id != id)]);
        return Task.FromResult(true);
    }
}
