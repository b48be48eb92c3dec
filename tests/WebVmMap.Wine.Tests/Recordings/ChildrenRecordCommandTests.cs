using WebVmMap.Testing;

namespace WebVmMap.Wine.Tests.Recordings;

/// <summary>The published agent's <c>record --children</c>: of a program that starts others each process is recorded exactly, from its first instruction to its end.</summary>
public sealed class ChildrenRecordCommandTests(WinePrefix wine)
{
    [Theory(Timeout = 60_000)]
    [InlineData("spawn", "5", 6)]
    [InlineData("spawn", "50", 51)]
    [InlineData("suspended", "6", 7)]
    [InlineData("descend", "4", 5)]
    [InlineData("quick", "20", 21)]
    [InlineData("threads", "8", 9)]
    [InlineData("together", "20", 21)]
    public async Task RecordChildren_ProcessesThatKnowTheirAnswer_AreEachRecordedExactly(string scenario, string number, int processes)
    {
        var family = await RecordedFamily.OfAsync(wine, WinePrefix.WindowsPath(wine.ChildrenProgram), scenario, number);
        var said = family.Said();
        Assert.Equal(processes, said.Count);
        Assert.Equal(said, family.Recorded(said.Keys));
        Assert.Equal(said.Keys.Where(pid => pid != family.Pid), family.Children.Keys.Order());
        Assert.Equal(0, family.NotFollowed);
        Assert.All(said.Keys.Select(family.Of), run => Assert.Equal((0, 0, 0), (run.State.Health.DroppedEvents, run.State.Health.MissedFrees, run.State.Health.CutStacks)));
        var parents = family.Parents();
        Assert.All(family.Children, child => Assert.Equal((parents[child.Key], WinePrefix.WindowsPath(wine.ChildrenProgram)), (child.Value.ParentPid, child.Value.Program)));
    }

    [Fact(Timeout = 60_000)]
    public async Task RecordChildren_ThroughAShell_RecordsTheShellAndWhatItStarts()
    {
        var family = await RecordedFamily.OfAsync(wine, WinePrefix.WindowsPath(wine.ChildrenProgram), "shell", "7");
        var said = family.Said();
        Assert.Equal(2, said.Count);
        Assert.Equal(said, family.Recorded(said.Keys));
        var leaf = said.Keys.Single(pid => pid != family.Pid);
        var shell = family.Children[family.Children[leaf].ParentPid];
        Assert.Equal((family.Pid, "cmd.exe"), (shell.ParentPid, shell.Program[(shell.Program.LastIndexOf('\\') + 1)..].ToLowerInvariant()));
    }

    [Fact(Timeout = 60_000)]
    public async Task RecordChildren_ProcessesThatAreEndedBeforeTheyRun_AreNotWaitedFor()
    {
        var family = await RecordedFamily.OfAsync(wine, WinePrefix.WindowsPath(wine.ChildrenProgram), "unused", "10");
        var said = family.Said();
        Assert.Equal(2, said.Count);
        Assert.Equal(said, family.Recorded(said.Keys));
        Assert.Equal((1, 0), (family.Children.Count, family.NotFollowed));
    }

    [Fact(Timeout = 60_000)]
    public async Task RecordChildren_ProcessUnderADebugger_RunsOnAndIsCounted()
    {
        var family = await RecordedFamily.OfAsync(wine, WinePrefix.WindowsPath(wine.ChildrenProgram), "debugged", "5");
        Assert.Equal(2, family.Said().Count);
        Assert.Equal((0, 1), (family.Children.Count, family.NotFollowed));
    }

    [Fact(Timeout = 60_000)]
    public async Task RecordChildren_ProgramThatAsksForAStranger_IsRefused()
    {
        using var stranger = wine.Start(wine.AllocationsProgram, "hammers");
        var pid = (await stranger.ReadLineAsync()).TrimEnd('\r')["ready ".Length..];
        var family = await RecordedFamily.OfAsync(wine, WinePrefix.WindowsPath(wine.ChildrenProgram), "forged", pid);
        Assert.Equal((0, 1), (family.Children.Count, family.NotFollowed));
        Assert.DoesNotContain("webvmmap-tracer", await File.ReadAllTextAsync($"/proc/{stranger.LinuxPid}/maps", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        stranger.CloseInput();
        Assert.Equal(0, await stranger.EndAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task Record_WithoutChildren_LeavesThemAlone()
    {
        var run = await RecordedRun.OfAsync(wine, WinePrefix.WindowsPath(wine.ChildrenProgram), "spawn", "3");
        Assert.Equal((4, 0), (Counts.Said(run.Output).Count, run.State.Health.NotFollowed));
        Assert.Contains(run.ByFunction(["plain"])["plain"], Counts.Said(run.Output).Values);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(0)]
    [InlineData(3)]
    public async Task RecordChildren_AgentIsKilled_LeavesThemUnharmed(int after)
    {
        using var agent = StartGated("24h");
        Assert.Equal("ready", (await agent.ReadLineAsync()).TrimEnd('\r'));
        agent.WriteLine("go");
        // While the next one gets the tracer, most likely.
        Assert.Equal(12, (await FamilyOfGatedAsync(agent, KillAfter)).Count);

        void KillAfter(int said)
        {
            if (said == after)
            {
                agent.Kill();
            }
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task RecordChildren_EndsWhileTheyAreStarted_LeavesThemUnharmed()
    {
        using var agent = StartGated("1s");
        Assert.Equal("ready", (await agent.ReadLineAsync()).TrimEnd('\r'));
        agent.WriteLine("go");
        Assert.Equal(12, (await FamilyOfGatedAsync(agent, _ => { })).Count);
        Assert.Equal((0, ""), (await agent.EndAsync(), agent.Errors));
    }

    private WineProgram StartGated(string duration) => wine.Start(
        wine.Agent, "record", "--children", "--duration", duration, "--output", WinePrefix.WindowsPath(Path.Combine(wine.Folder, $"{Guid.NewGuid():N}.wvmr")), "--",
        WinePrefix.WindowsPath(wine.ChildrenProgram), "gone", "6");

    /// <summary>Reads until the process that was launched says what it did, which it does when all that it started have ended as they should.</summary>
    /// <param name="agent">The agent, into whose output they write.</param>
    /// <param name="meanwhile">Is told how many have said so.</param>
    /// <returns>The processes that one of them started.</returns>
    private static async Task<List<string>> FamilyOfGatedAsync(WineProgram agent, Action<int> meanwhile)
    {
        var said = new Dictionary<string, string>();
        meanwhile(0);
        while (said.Count < 13)
        {
            if ((await agent.ReadLineAsync()).TrimEnd('\r').Split(' ') is ["parent", var pid, var parent])
            {
                said.Add(pid, parent);
                meanwhile(said.Count);
            }
        }
        return [.. said.Where(process => said.ContainsKey(process.Value)).Select(process => process.Key)];
    }
}
