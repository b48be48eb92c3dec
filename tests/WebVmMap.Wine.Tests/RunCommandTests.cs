using WebVmMap.Agent.Tests.Hub;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Protocol;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Wine.Tests;

/// <summary>The agent as it runs on a Windows host, connected to a hub whose steps a test takes by hand.</summary>
public sealed class RunCommandTests(WinePrefix wine)
{
    [Fact(Timeout = 60_000)]
    public async Task Run_Hello_SaysWhatMachineItIsAndWhatItCannotDo()
    {
        await using var hub = await TestHub.StartAsync();
        using var program = wine.Start(wine.Agent, "run", "--hub", hub.Url);

        var hello = (await hub.WelcomeNextAgentAsync()).Hello;

        Assert.Equal(Platform.Windows, hello.Platform);
        Assert.Equal("x64", hello.Architecture);
        Assert.Equal(Environment.MachineName, hello.HostName, ignoreCase: true);
        Assert.Contains("Wine", hello.OsDescription, StringComparison.Ordinal);
        Assert.Contains("(18362)", hello.OsDescription, StringComparison.Ordinal);
        Assert.Contains(hello.Limitations, l => l.Contains("working set", StringComparison.Ordinal));
        Assert.Equal(32, hello.MachineId.Length);
    }

    [Fact(Timeout = 60_000)]
    public async Task Run_ProcessList_HasTheProgramAndTheAgentItself()
    {
        using var target = await RegionsTarget.StartAsync(wine);
        await using var hub = await TestHub.StartAsync();
        using var program = wine.Start(wine.Agent, "run", "--hub", hub.Url);
        var agent = await hub.WelcomeNextAgentAsync();

        var list = await ListAsync(agent);

        var row = Assert.Single(list, p => p.Key.Pid == target.Pid);
        Assert.Equal(("regions.exe", "x64", false, ""), (row.Name, row.Architecture, row.Managed, row.Limitation));
        Assert.Contains(target.File, row.CommandLine, StringComparison.Ordinal);
        Assert.NotEqual("", row.User);
        Assert.InRange(row.StartTime, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddSeconds(5));
        Assert.True(row.WorkingSetBytes > 0);
        Assert.Contains(list, p => p.Name == "webvmmap-agent.exe");
        Assert.Equal(list.Count, list.Select(p => p.Key).Distinct().Count());
    }

    [Fact(Timeout = 60_000)]
    public async Task Run_SnapshotByKey_IsTakenAndAnotherStartIsReplaced()
    {
        using var target = await RegionsTarget.StartAsync(wine);
        await using var hub = await TestHub.StartAsync();
        using var program = wine.Start(wine.Agent, "run", "--hub", hub.Url);
        var agent = await hub.WelcomeNextAgentAsync();
        var key = (await ListAsync(agent)).Single(p => p.Key.Pid == target.Pid).Key;

        await agent.SendAsync(Take("this", key.Pid, key.StartStamp));
        var upload = await hub.NextUploadAsync();
        await agent.SendAsync(Take("earlier", key.Pid, key.StartStamp - 1));
        var earlier = (await agent.NextAsync()).RequestFailed;
        await agent.SendAsync(Take("none", 999_996, 0));
        var none = (await agent.NextAsync()).RequestFailed;

        Assert.Equal("this", upload.RequestId);
        Assert.Equal(key, SnapshotCodec.Decode(upload.Data).Process.Key);
        Assert.Equal(("earlier", FailureCode.Replaced), (earlier.RequestId, earlier.Code));
        Assert.Equal(("none", FailureCode.NotFound), (none.RequestId, none.Code));
        Assert.NotEqual("", none.Message);
    }

    [Fact(Timeout = 60_000)]
    public async Task Run_Watch_FollowsTheProgramFromGrowthToItsEnd()
    {
        using var target = await RegionsTarget.StartAsync(wine);
        await using var hub = await TestHub.StartAsync();
        using var program = wine.Start(wine.Agent, "run", "--hub", hub.Url);
        var agent = await hub.WelcomeNextAgentAsync();
        await agent.SendAsync(new() { Watch = new() { WatchId = "w", Process = new() { Pid = target.Pid }, IntervalMs = 0 } });
        var samples = await hub.NextSamplesAsync();
        var before = await samples.NextFrameAsync();

        var address = await target.GrowAsync();
        await agent.SendAsync(new() { SetWatchInterval = new() { WatchId = "w", IntervalMs = 0 } });
        var after = await samples.NextFrameAsync();
        target.Program.CloseInput();
        Assert.Equal(0, await target.Program.EndAsync());
        await agent.SendAsync(new() { SetWatchInterval = new() { WatchId = "w", IntervalMs = 0 } });
        SampleChunk? last;
        do
        {
            last = await samples.NextAsync();
        }
        while (last is { Ended: null });

        Assert.Equal(2, samples.LastFrameKind);
        Assert.True(before.Regions.Find(address) < 0 || before.Regions.Categories[before.Regions.Find(address)].IsGap());
        var grown = after.Regions[after.Regions.Find(address)];
        Assert.Equal((address, 1024 * 1024L, RegionCategory.PrivateData), (grown.Address, grown.Size, grown.Category));
        Assert.Equal(1024 * 1024, after.Summary.Total.Committed - before.Summary.Total.Committed);
        Assert.Equal(FailureCode.Gone, last?.Ended.Code);
    }

    private static HubMessage Take(string request, int pid, long start) =>
        new() { TakeSnapshot = new() { RequestId = request, Process = new() { Pid = pid, StartStamp = start } } };

    private static async Task<List<ProcessInfo>> ListAsync(AgentCall agent)
    {
        await agent.SendAsync(new() { ListProcesses = new() { RequestId = "list" } });
        var processes = new List<ProcessInfo>();
        while ((await agent.NextAsync()).ProcessList is { } part)
        {
            processes.AddRange(part.Processes.Select(p => p.ToCore()));
            if (part.Complete)
            {
                return processes;
            }
        }
        throw new InvalidOperationException("The agent answered something else than a list.");
    }
}
