using WebVmMap.Testing;

namespace WebVmMap.Recording.Tests;

/// <summary>Programs that know their own answer are recorded with exactly that.</summary>
public sealed class LaunchTests
{
    [Theory]
    [InlineData("family")]
    [InlineData("reallocs")]
    [InlineData("threads")]
    [InlineData("cross")]
    [InlineData("forks")]
    [InlineData("signals")]
    [InlineData("recursion")]
    [InlineData("maps")]
    [InlineData("sized")]
    [InlineData("early")]
    [InlineData("killed")]
    public async Task Launch_ProgramThatKnowsItsAnswer_IsRecordedExactly(string scenario)
    {
        var recorded = await Recorded.RunAsync([RecordedProgram.Allocations.Path, scenario]);
        var said = recorded.Said();
        Assert.NotEmpty(said);
        var found = recorded.ByFunction(RecordedProgram.Allocations);
        Assert.Equal(said.OrderBy(site => site.Key), said.Keys.Order().Select(name => KeyValuePair.Create(name, found.GetValueOrDefault(name))));
        Assert.Equal((0, 0), (recorded.Health.DroppedEvents, recorded.Health.MissedFrees));
    }

    [Fact]
    public async Task Launch_LibraryThatIsLoadedLater_IsRecordedExactly()
    {
        var plugin = RecordedProgram.Compile("plugin.c", "gcc", "-shared", "-fPIC").Path;
        var recorded = await Recorded.RunAsync([RecordedProgram.Allocations.Path, "plugin", plugin]);
        Assert.Equal(new Counts(100, 5050, 50, 2500), recorded.Said()["plugged"]);
        Assert.Equal(recorded.Said()["plugged"], recorded.ByFunction(RecordedProgram.Allocations)["plugged"]);
    }

    [Fact]
    public async Task Launch_AMillionStacks_AreAllToldApart()
    {
        var recorded = await Recorded.RunAsync([RecordedProgram.Allocations.Path, "stacks", "20"]);
        Assert.Equal(recorded.Said()["plain"], recorded.ByFunction(RecordedProgram.Allocations)["plain"]);
        Assert.InRange(recorded.Sites.Count, 1 << 20, (1 << 20) + 100);
        Assert.Equal((0, 0, 0), (recorded.Health.DroppedEvents, recorded.Health.MissedFrees, recorded.Health.CutStacks));
    }

    [Theory]
    [InlineData("python3", "-c", "import json\nprint(len(json.dumps([{'a': i, 'b': str(i)} for i in range(100000)])))")]
    [InlineData("python3", "-c", "import threading\nx=[]\n[t.start() or t.join() for t in [threading.Thread(target=lambda: x.append(bytes(10**6))) for _ in range(50)]]\nprint(len(x))")]
    [InlineData("sh", "-c", "for i in 1 2 3; do echo $i | sed s/1/2/; done; ls / | wc -l")]
    public async Task Launch_ProgramOfTheSystem_DoesWhatItDoesWithout(params string[] command)
    {
        using var alone = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })!;
        var expected = (await alone.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var recorded = await Recorded.RunAsync(command, null, ("PYTHONMALLOC", "malloc"));
        Assert.Equal(expected, recorded.Output);
        Assert.True(recorded.Health.Events > 0);
        Assert.Equal((0, 0), (recorded.Health.DroppedEvents, recorded.Health.MissedFrees));
    }

    [Fact]
    public async Task Launch_ProgramThatRunsAnother_CountsBothAndEndsTheBlocksOfTheFirst()
    {
        var recorded = await Recorded.RunAsync([RecordedProgram.Allocations.Path, "exec"]);
        Assert.Equal(new Counts(1, 77, 0, 0), recorded.Said()["plain"]);
        Assert.Equal(new Counts(2, 1077, 1, 1000), recorded.ByFunction(RecordedProgram.Allocations)["plain"]);
    }
}
