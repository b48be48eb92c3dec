using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using WebVmMap.Recording.Linux;
using WebVmMap.Recording.Linux.Children;
using WebVmMap.Recording.Ring;

namespace WebVmMap.Recording.Tests;

/// <summary>Programs whose processes each know their own answer, recorded with the processes that they start.</summary>
public sealed class ChildrenTests
{
    private static readonly Lazy<RecordedProgram> s_program = new(() => RecordedProgram.Compile("children.c", "gcc", "-lpthread"));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("fork", "10")]
    [InlineData("exec", "5")]
    [InlineData("spawn", "6")]
    [InlineData("system", "5")]
    [InlineData("descend", "5")]
    [InlineData("twice", "20")]
    [InlineData("quick", "20")]
    [InlineData("quick", "200")]
    [InlineData("threads", "10")]
    [InlineData("together", "40")]
    public async Task FollowChildren_ProcessesThatKnowTheirAnswer_AreEachRecordedExactly(string scenario, string number)
    {
        var family = await RecordedFamily.RunAsync([s_program.Value.Path, scenario, number]);
        var said = family.Said();
        Assert.NotEmpty(said);
        Assert.Equal(said, said.Keys.Select(pid => KeyValuePair.Create(pid, family.Of(pid).ByFunction(s_program.Value).GetValueOrDefault("plain"))));
        Assert.All(family.All, recorded => Assert.Equal((0, 0, 0), (recorded.Health.DroppedEvents, recorded.Health.MissedFrees, recorded.Health.NotFollowed)));
        // Those of its own: a shell that it starts writes nothing.
        var parents = family.Parents();
        Assert.All(family.Children.Where(child => parents.ContainsKey(child.Pid) && scenario != "system"), child => Assert.Equal(parents[child.Pid], child.ParentPid));
        Assert.All(family.Children.Where(child => parents.ContainsKey(child.Pid)), child => Assert.Equal(s_program.Value.Path, child.Program));
        if (scenario == "fork")
        {
            // Which they have from their parent: counted by then or, in so short a life, not.
            Assert.All(family.Children, child => Assert.Equal(1, child.Recorded.FreedFromBefore()));
        }
    }

    [Fact]
    public async Task FollowChildren_NotAskedFor_RecordsTheLaunchedProcessAlone()
    {
        var family = await RecordedFamily.RunAsync([s_program.Value.Path, "fork", "5"], follow: false);
        Assert.Empty(family.Children);
        var said = family.Said();
        Assert.Equal(6, said.Count);
        Assert.Equal(said[family.Pid], family.Of(family.Pid).ByFunction(s_program.Value)["plain"]);
        Assert.Equal(0, family.Of(family.Pid).Health.NotFollowed);
    }

    [Fact]
    public async Task FollowChildren_MoreAtOnceThanMayBe_CountsTheOthersAndLeavesThemAlone()
    {
        var options = new RecorderOptions { ChildrenAtOnce = 4, MaxWait = TimeSpan.FromSeconds(20) };
        var family = await RecordedFamily.RunAsync([s_program.Value.Path, "together", "10"], options);
        var said = family.Said();
        Assert.Equal(11, said.Count);
        Assert.Equal(4, family.Children.Count);
        Assert.Equal(6, family.Of(family.Pid).Health.NotFollowed);
        Assert.All(family.Children, child => Assert.Equal(said[child.Pid], child.Recorded.ByFunction(s_program.Value)["plain"]));
    }

    [Fact]
    public async Task FollowChildren_ManyAtOnceAsUsual_AreAllFollowed()
    {
        var family = await RecordedFamily.RunAsync([s_program.Value.Path, "together", "60"], new RecorderOptions());
        var said = family.Said();
        Assert.Equal(61, said.Count);
        Assert.Equal((60, 0), (family.Children.Count, family.Of(family.Pid).Health.NotFollowed));
        Assert.All(family.Children, child => Assert.Equal(said[child.Pid], child.Recorded.ByFunction(s_program.Value)["plain"]));
    }

    [Fact]
    public async Task FollowChildren_MoreInAllThanMayBe_CountsTheOthers()
    {
        var family = await RecordedFamily.RunAsync([s_program.Value.Path, "fork", "9"], Recorded.Patient with { ChildrenInAll = 5 });
        Assert.Equal((5, 4), (family.Children.Count, family.Of(family.Pid).Health.NotFollowed));
        Assert.Equal(10, family.Said().Count);
    }

    [Theory]
    [InlineData("fork")]
    [InlineData("spawn")]
    public async Task FollowChildren_PythonsWorkers_AreEachRecorded(string method)
    {
        // What is so big Python asks the allocator for as it is, and one byte more.
        var script = $"""
            import multiprocessing, os
            def work(i):
                all = [bytearray(3000000) for _ in range(i + 1)]
                os.write(1, b'worker %d %d\n' % (os.getpid(), i + 1))
            if __name__ == '__main__':
                multiprocessing.set_start_method('{method}')
                started = [multiprocessing.Process(target=work, args=(i,)) for i in range(4)]
                [p.start() for p in started]
                [p.join() for p in started]
            """;
        var file = Path.Combine(Directory.CreateTempSubdirectory("webvmmap-children").FullName, "workers.py");
        await File.WriteAllTextAsync(file, script, Stop);
        var family = await RecordedFamily.RunAsync(["python3", file]);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        var workers = family.Output.Select(line => line.Split(' ')).Where(words => words[0] == "worker")
            .ToDictionary(words => int.Parse(words[1], CultureInfo.InvariantCulture), words => long.Parse(words[2], CultureInfo.InvariantCulture));
        Assert.Equal(4, workers.Count);
        Assert.All(workers, worker => Assert.Equal(worker.Value, family.Of(worker.Key).Allocations(3000001)));
        Assert.All(family.All, recorded => Assert.Equal((0, 0, 0), (recorded.Health.DroppedEvents, recorded.Health.MissedFrees, recorded.Health.NotFollowed)));
    }

    [Fact]
    public async Task FollowChildren_Pipeline_IsRecordedByProgram()
    {
        var family = await RecordedFamily.RunAsync(["sh", "-c", "ls / | sort | wc -l"]);
        Assert.Equal(["ls", "sort", "wc"], family.Children.Select(child => Path.GetFileName(child.Program)).Order());
        Assert.All(family.Children, child => Assert.Equal((true, family.Pid), (child.Recorded.Health.Events > 0, child.ParentPid)));
        Assert.Equal(Directory.EnumerateFileSystemEntries("/").Count(entry => !Path.GetFileName(entry).StartsWith('.')).ToString(CultureInfo.InvariantCulture), Assert.Single(family.Output));
    }

    [Fact]
    public async Task FollowChildren_LaunchedProcessEndsFirst_GoesOnWithThoseThatItLeft()
    {
        var family = await RecordedFamily.RunAsync(["sh", "-c", $"(sleep 0.5; exec '{s_program.Value.Path}' fork 3) &"]);
        var said = family.Said();
        Assert.Equal(4, said.Count);
        Assert.All(said, process => Assert.Equal(process.Value, family.Of(process.Key).ByFunction(s_program.Value)["plain"]));
    }

    [Fact]
    public async Task Stop_OfTheLaunchedProcess_StopsItsChildrenToo()
    {
        await using var recording = new LinuxRecorder().Launch(new LaunchRequest { Command = ["sh", "-c", "sleep 600 & sleep 600 & wait"], FollowChildren = true });
        var reading = Task.Run(() => EndAsync(recording), Stop);
        var (processes, children) = (new List<Process>(), new List<Task>());
        await foreach (var child in recording.ReadChildrenAsync(Stop))
        {
            processes.Add(Process.GetProcessById(child.Pid));
            children.Add(Task.Run(
                async () =>
                {
                    await EndAsync(child);
                    await child.DisposeAsync();
                },
                Stop));
            if (children.Count == 2)
            {
                _ = recording.StopAsync();
            }
        }
        await reading;
        await Task.WhenAll(children);
        Assert.Equal(2, children.Count);
        Assert.All(processes, process => Assert.False(process.HasExited));
        processes.ForEach(process => process.Kill());
        await recording.EndProgramAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task FollowChildren_OneIsLetGoOfWhileItRuns_TheOthersAreRecordedOn()
    {
        await using var recording = new LinuxRecorder(Recorded.Patient).Launch(new LaunchRequest
        {
            Command = ["sh", "-c", "sleep 600 & i=0; while [ $i -lt 20 ]; do /bin/true; i=$((i+1)); done; kill $!"],
            FollowChildren = true,
        });
        var reading = Task.Run(() => EndAsync(recording), Stop);
        var children = 0;
        await foreach (var child in recording.ReadChildrenAsync(Stop))
        {
            // One sleeps until the others are over. Of who is let go of before it runs its program another recording begins with that.
            children++;
            Assert.True(SpinWait.SpinUntil(() => child.Program.EndsWith("/sleep", StringComparison.Ordinal) || child.Program.EndsWith("/true", StringComparison.Ordinal), TimeSpan.FromSeconds(30)), child.Program);
            await child.DisposeAsync();
        }
        await reading;
        Assert.Equal(21, children);
    }

    [Fact]
    public async Task FollowChildren_AgentIsGone_LeavesThemUnharmed()
    {
        var start = new ProcessStartInfo(s_program.Value.Path, ["gone", "20"]) { RedirectStandardOutput = true, RedirectStandardInput = true };
        Process process;
        using (var memory = LinuxRingMemory.Create(Recorded.Patient))
        using (var spare = LinuxRingMemory.Create(Recorded.Patient))
        using (var table = new SpareTable(memory))
        {
            table.Put(3, spare);
            table.Say(RingLayout.FollowSpares);
            start.Environment["WEBVMMAP_RING"] = table.Path;
            start.Environment["LD_PRELOAD"] = Path.Combine(AppContext.BaseDirectory, LinuxRecorder.TracerName);
            process = Process.Start(start)!;
            Assert.Equal("ready", await process.StandardOutput.ReadLineAsync(Stop));
        }
        // All that an agent had open is closed, as when it is killed.
        using (process)
        {
            var watch = Stopwatch.StartNew();
            await process.StandardInput.WriteLineAsync("go".AsMemory(), Stop);
            var said = (await process.StandardOutput.ReadToEndAsync(Stop)).Split('\n');
            await process.WaitForExitAsync(Stop);
            Assert.Equal(0, process.ExitCode);
            Assert.Equal(41, said.Where(line => line.StartsWith("parent ", StringComparison.Ordinal)).Distinct().Count());
            // None of them waited for what cannot come, which would be a minute each.
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(50), $"{watch.Elapsed}");
        }
    }

    private static async Task EndAsync(IRecording recording)
    {
        await foreach (var _ in recording.ReadAsync(Stop))
        {
        }
    }
}
