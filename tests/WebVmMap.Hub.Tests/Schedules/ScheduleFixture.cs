using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WebVmMap.Core.Processes;
using WebVmMap.Hub.Configuration;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Processes;
using WebVmMap.Hub.Schedules;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Tests.Hosting;

namespace WebVmMap.Hub.Tests.Schedules;

/// <summary>The schedules on a real database, with a clock, a process list and an agent that a test drives.</summary>
internal sealed class ScheduleFixture : IHostDirectory, IProcessDirectory, ISnapshotTaker, IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private ScheduleFixture(TestFolder folder, string? database, FakeTimeProvider time)
    {
        Time = time;
        var data = DataFolder.Create(folder.Path);
        _services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(time).AddSingleton(data)
            .AddSingleton<IHostDirectory>(this).AddSingleton<IProcessDirectory>(this).AddSingleton<ISnapshotTaker>(this)
            .AddHubStore(DatabaseTarget.Of(new HubOptions { Database = database }, data)).AddHubSchedules().BuildServiceProvider();
    }

    public FakeTimeProvider Time { get; }

    public bool Online { get; set; } = true;

    public List<ProcessInfo> Running { get; } = [];

    public int ListsAsked { get; private set; }

    public List<SnapshotRequest> Taken { get; } = [];

    /// <summary>When set, a snapshot waits for it.</summary>
    public TaskCompletionSource? Gate { get; set; }

    /// <summary>When set, no snapshot can be had.</summary>
    public string? Refusal { get; set; }

    public ISchedules Schedules => _services.GetRequiredService<ISchedules>();

    public ISnapshotStore Store => _services.GetRequiredService<ISnapshotStore>();

    ImmutableArray<HostState> IHostDirectory.Hosts => [Find("alpha")!];

    public static async Task<ScheduleFixture> StartAsync(TestFolder folder, string? database, FakeTimeProvider? time = null)
    {
        var fixture = new ScheduleFixture(folder, database, time ?? new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000)));
        await fixture._services.GetRequiredService<DatabasePreparation>().PrepareAsync(CancellationToken.None);
        await fixture._services.GetRequiredService<ScheduleBook>().LoadAsync(CancellationToken.None);
        return fixture;
    }

    /// <summary>Lets time pass in looks, as the hub does.</summary>
    public async Task PassAsync(TimeSpan span)
    {
        for (var passed = TimeSpan.Zero; passed < span; passed += ScheduleRunner.Period)
        {
            Time.Advance(ScheduleRunner.Period);
            await LookAsync();
        }
    }

    public Task LookAsync() => _services.GetRequiredService<ScheduleRunner>().LookAsync(CancellationToken.None);

    public HostState? Find(string hostId) =>
        hostId == "alpha" ? new HostState { Id = "alpha", Name = "Alpha", Platform = HostPlatform.Linux, Online = Online } : null;

    public IDisposable Subscribe(Action wake) => new MemoryStream();

    public Task<ProcessListState> ListAsync(string hostId, CancellationToken cancellation)
    {
        ListsAsked++;
        return Task.FromResult(new ProcessListState([.. Running], Time.GetUtcNow(), ""));
    }

    IProcessListLease IProcessDirectory.Watch(string hostId, Action wake) => throw new NotSupportedException();

    public async Task<SnapshotOutcome> TakeAsync(SnapshotRequest request, CancellationToken cancellation)
    {
        Taken.Add(request);
        if (Gate is { } gate)
        {
            await gate.Task;
        }
        if (Refusal is { } refusal)
        {
            return new SnapshotOutcome(null, SnapshotFailure.Failed, refusal);
        }
        var stored = await Store.AddAsync(
            new NewSnapshot
            {
                Snapshot = TestSnapshots.Of(pid: request.Address.Pid, start: request.Address.StartStamp, allocations: 2, at: Time.GetUtcNow()),
                HostId = request.Address.HostId,
                HostName = "Alpha",
                Label = request.Label,
                Cause = request.Cause,
                ScheduleId = request.ScheduleId,
                TakenBy = request.TakenBy,
            },
            cancellation);
        return new SnapshotOutcome(stored, SnapshotFailure.None, "");
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
