using System.Globalization;
using WebVmMap.Testing;

namespace WebVmMap.Wine.Tests.Recordings;

/// <summary>The published agent's <c>record</c>: Windows programs that know their own answer are recorded with exactly that, their functions named.</summary>
public sealed class RecordCommandTests(WinePrefix wine)
{
    [Theory(Timeout = 60_000)]
    [InlineData("family")]
    [InlineData("reallocs")]
    [InlineData("heaps")]
    [InlineData("threads")]
    [InlineData("cross")]
    [InlineData("exceptions")]
    [InlineData("maps")]
    [InlineData("early")]
    [InlineData("killed")]
    public async Task Record_ProgramThatKnowsItsAnswer_IsRecordedExactly(string scenario)
    {
        var run = await RecordedRun.OfAsync(wine, WinePrefix.WindowsPath(wine.AllocationsProgram), scenario);
        AssertExact(run);
        Assert.Equal(0, run.State.Health.CutStacks);
    }

    [Fact(Timeout = 60_000)]
    public async Task Record_DeepRecursion_KeepsTheInnerEndAndCountsTheCut()
    {
        var run = await RecordedRun.OfAsync(wine, WinePrefix.WindowsPath(wine.AllocationsProgram), "recursion");
        AssertExact(run);
        // Of all that are deeper than 128 frames these are the same.
        Assert.Equal(1, run.State.Health.CutStacks);
    }

    [Fact(Timeout = 180_000)]
    public async Task Record_AMillionStacks_AreAllToldApart()
    {
        // The machine may have other work at some moment of the half minute: nothing is to be lost then either.
        var run = await RecordedRun.OfAsync(wine, ["--max-wait", "1000"], WinePrefix.WindowsPath(wine.AllocationsProgram), "stacks", "20");
        AssertExact(run);
        Assert.InRange(run.State.Sites.Count, 1 << 20, (1 << 20) + 100);
        Assert.Equal(0, run.State.Health.CutStacks);
    }

    [Fact(Timeout = 60_000)]
    public async Task Record_LibrariesAtOneAddress_AreToldApart()
    {
        var run = await RecordedRun.OfAsync(wine, WinePrefix.WindowsPath(wine.AllocationsProgram), "libraries", WinePrefix.WindowsPath(wine.Folder));
        Assert.Equal(["first", "second"], Counts.Said(run.Output).Keys);
        AssertExact(run);
    }

    [Fact(Timeout = 60_000)]
    public async Task Record_HeapOfFourThreads_LeavesWhatTheHeapSaysIsInIt()
    {
        var run = await RecordedRun.OfAsync(wine, WinePrefix.WindowsPath(wine.AllocationsProgram), "walked");
        var walked = run.Output.Select(line => line.Split(' ')).Single(words => words[0] == "walked");
        var found = run.ByFunction(["own", "use"]).Values;
        Assert.Equal(
            (long.Parse(walked[1], CultureInfo.InvariantCulture), long.Parse(walked[2], CultureInfo.InvariantCulture)),
            (found.Sum(counts => counts.Blocks - counts.FreedBlocks), found.Sum(counts => counts.Bytes - counts.FreedBytes)));
        Assert.Equal((0, 0), (run.State.Health.DroppedEvents, run.State.Health.MissedFrees));
    }

    [Fact(Timeout = 60_000)]
    public async Task Record_Stacks_BeginInTheSystemAndNameFunctionsFilesAndLines()
    {
        var run = await RecordedRun.OfAsync(wine, WinePrefix.WindowsPath(wine.AllocationsProgram), "early");
        var plain = run.State.Sites.Single(site => run.Functions(site).Contains("plain"));
        var functions = run.Functions(plain).ToList();
        Assert.Equal("malloc", functions[0]);
        Assert.True(functions.IndexOf("plain") < functions.IndexOf("main"), string.Join(' ', functions));
        // The source of Wine's own libraries is known to it too.
        Assert.Equal("RtlUserThreadStart", functions[^1]);
        var line = Enumerable.Range(0, run.State.Frames.Count).SelectMany(frame => run.State.Lines(frame)).Single(line => line.Function == "plain");
        Assert.EndsWith("allocations-windows.c", line.File, StringComparison.Ordinal);
        Assert.True(line.Line > 0);
        var module = run.State.Modules.Single(module => module.Path == WinePrefix.WindowsPath(wine.AllocationsProgram));
        Assert.StartsWith($"found in {module.Path}", module.Symbols, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Record_Folded_HasTheFunctionsWithTheirBytes()
    {
        var file = Path.Combine(wine.Folder, $"{Guid.NewGuid():N}.folded");
        using var agent = wine.Start(wine.Agent, "record", "-o", WinePrefix.WindowsPath(file), "--", WinePrefix.WindowsPath(wine.AllocationsProgram), "killed");
        Assert.Equal((0, ""), (await agent.EndAsync(), agent.Errors));
        var line = Assert.Single(await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken), line => line.Contains(";plain;", StringComparison.Ordinal));
        Assert.EndsWith(" 66", line, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Record_Cost_IsPartOfWhatTheProgramTook()
    {
        var run = await RecordedRun.OfAsync(wine, WinePrefix.WindowsPath(wine.AllocationsProgram), "sizes");
        var health = run.State.Health;
        var took = double.Parse(run.Output.Single(line => line.StartsWith("cpu ", StringComparison.Ordinal))["cpu ".Length..], CultureInfo.InvariantCulture);
        Assert.InRange(health.Events, 445_000, 465_000);
        // No event can be told in less than a few nanoseconds, and what the program does besides takes time too.
        Assert.InRange(health.TargetCpuMs, health.Events * 5e-6, took);
        Assert.InRange(health.AgentCpuMs, health.Events * 5e-6, 60_000);
        Assert.Equal((0, 0L), (health.DroppedEvents, health.StoppedNs));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("C:\\nowhere\\program.exe", "cannot be started")]
    [InlineData("C:\\windows\\win.ini", "cannot be started")]
    public async Task Record_WhatCannotBeStarted_SaysWhy(string program, string says)
    {
        using var agent = wine.Start(wine.Agent, "record", "-o", WinePrefix.WindowsPath(Path.Combine(wine.Folder, "never.wvmr")), "--", program);
        Assert.Equal(1, await agent.EndAsync());
        Assert.Contains(says, agent.Errors, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Record_ProcessThatIsNot_SaysSo()
    {
        using var agent = wine.Start(wine.Agent, "record", "-o", WinePrefix.WindowsPath(Path.Combine(wine.Folder, "never.wvmr")), "--pid", "999996");
        Assert.Equal(1, await agent.EndAsync());
        Assert.Equal("There is no process with the id 999996.", agent.Errors.Trim());
    }

    private static void AssertExact(RecordedRun run)
    {
        var said = Counts.Said(run.Output);
        Assert.NotEmpty(said);
        Assert.Equal(said, run.ByFunction(said.Keys));
        Assert.Equal((0, 0), (run.State.Health.DroppedEvents, run.State.Health.MissedFrees));
    }
}
