using System.Diagnostics;
using WebVmMap.Core.Processes;
using WebVmMap.Recording.Linux;
using WebVmMap.Testing;

namespace WebVmMap.Recording.Tests;

/// <summary>Programs that run already and know their own answer are recorded with exactly that from the attach on, and go on unharmed.</summary>
public sealed class AttachTests
{
    private static readonly Lazy<(RecordedProgram Program, string Plugin)> s_compiled = new(Compile);

    private static RecordedProgram Program => s_compiled.Value.Program;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("family")]
    [InlineData("reallocs")]
    [InlineData("threads")]
    [InlineData("cross")]
    [InlineData("forks")]
    [InlineData("signals")]
    [InlineData("recursion")]
    [InlineData("maps")]
    public async Task Attach_ProgramThatKnowsItsAnswer_IsRecordedExactlyBetweenAttachAndDetach(string scenario)
    {
        using var program = ToldProgram.Start(Program.Path, "told");
        await program.DoAsync(scenario);
        for (var turn = 0; turn < 3; turn++)
        {
            await using var attachment = await Attachment.BeginAsync(program.Key);
            var said = Counts.Said(await program.DoAsync(scenario));
            AssertIs(said, await attachment.StopAsync());
            // What it does between two recordings is in neither.
            await program.DoAsync(scenario);
        }
        Assert.Equal(0, await program.EndAsync());
    }

    [Fact]
    public async Task Attach_LibraryThatIsLoadedLater_IsRecordedAndFoundAsTheProgramWouldFindIt()
    {
        using var program = ToldProgram.Start(Program.Path, "told");
        await using var attachment = await Attachment.BeginAsync(program.Key);
        var said = Counts.Said(await program.DoAsync($"plugin {s_compiled.Value.Plugin}"));
        Assert.Equal(new Counts(100, 5050, 50, 2500), said["plugged"]);
        AssertIs(said, await attachment.StopAsync());
        Assert.Equal(0, await program.EndAsync());
    }

    [Fact]
    public async Task Attach_Ended_LeavesTheProgramItsOwnMalloc()
    {
        using var program = ToldProgram.Start(Program.Path, "told");
        Assert.Equal(["malloc of libc.so.6"], await program.DoAsync("whose"));
        await using (var attachment = await Attachment.BeginAsync(program.Key))
        {
            Assert.Equal(["malloc of libwebvmmap-tracer.so"], await program.DoAsync("whose"));
            await attachment.StopAsync();
        }
        Assert.Equal(["malloc of libc.so.6"], await program.DoAsync("whose"));
        Assert.Equal(0, await program.EndAsync());
    }

    [Fact]
    public async Task Attach_WhatIsRecordedAlready_IsRefusedAndTheFirstGoesOn()
    {
        using var program = ToldProgram.Start(Program.Path, "told");
        await using var attachment = await Attachment.BeginAsync(program.Key);
        var refused = await Assert.ThrowsAsync<RecordingException>(() => Attachment.BeginAsync(program.Key));
        Assert.Contains("is being recorded already", refused.Message, StringComparison.Ordinal);
        var said = Counts.Said(await program.DoAsync("family"));
        AssertIs(said, await attachment.StopAsync());
    }

    [Fact]
    public async Task Attach_AgentThatIsGone_DoesNotHoldUpTheProgramAndTheNextOneTakesOver()
    {
        using var program = ToldProgram.Start(Program.Path, "told");
        var gone = await Task.Run(() => Linux.Attach.TargetProcess.OpenProcess(program.Key));
        using (gone)
        {
            // Nobody ever reads what it has the tracer tell.
            await Task.Run(() => new Linux.Attach.Injector(gone, Tracer, TimeSpan.FromSeconds(8)).Attach(new RecorderOptions { MaxWait = TimeSpan.FromMilliseconds(5) }, takeOver: false));
            await program.DoAsync("cross");
        }
        await using var attachment = await Attachment.BeginAsync(program.Key);
        var said = Counts.Said(await program.DoAsync("cross"));
        AssertIs(said, await attachment.StopAsync());
        Assert.Equal(0, await program.EndAsync());
    }

    [Fact]
    public async Task Attach_ProgramThatThisOneStartedOtherwise_IsRefused()
    {
        // What .NET has started it waits for itself.
        using var started = Process.Start("sleep", "600");
        var refused = await Assert.ThrowsAsync<RecordingException>(() => Attachment.BeginAsync(new ProcessKey(started.Id, 0)));
        Assert.Contains("was started by this agent", refused.Message, StringComparison.Ordinal);
        started.Kill();
    }

    [Fact]
    public async Task Attach_ProgramThatThisOneLaunched_IsRecordedAnewWhenItsRecordingHasEnded()
    {
        var folder = Directory.CreateTempSubdirectory("webvmmap-launched-").FullName;
        var (told, said) = (Path.Combine(folder, "told"), Path.Combine(folder, "said"));
        using (var pipes = Process.Start("mkfifo", [told, said]))
        {
            await pipes.WaitForExitAsync(Stop);
        }
        var launched = new LinuxRecorder(Recorded.Patient).Launch(new LaunchRequest { Command = ["sh", "-c", "exec \"$0\" told < \"$1\" > \"$2\"", Program.Path, told, said] });
        var first = new Recorded();
        var reading = first.ReadAsync(launched);
        await using (var input = new StreamWriter(told) { AutoFlush = true })
        using (var output = new StreamReader(said))
        {
            await DoneAsync(output);
            var busy = await Assert.ThrowsAsync<RecordingException>(() => Attachment.BeginAsync(new ProcessKey(launched.Pid, 0)));
            Assert.Contains("is being recorded already", busy.Message, StringComparison.Ordinal);
            await input.WriteLineAsync("family");
            var before = Counts.Said(await DoneAsync(output));
            await launched.StopAsync();
            await reading;
            await launched.DisposeAsync();
            AssertCounts(before, first);
            for (var turn = 0; turn < 3; turn++)
            {
                await input.WriteLineAsync("family");
                await DoneAsync(output);
                await using var attachment = await Attachment.BeginAsync(new ProcessKey(launched.Pid, 0));
                await input.WriteLineAsync("family");
                var counts = Counts.Said(await DoneAsync(output));
                AssertIs(counts, await attachment.StopAsync());
            }
        }
        // It ends by itself, and nothing is left of it.
        Assert.True(SpinWait.SpinUntil(() => !Directory.Exists($"/proc/{launched.Pid}"), TimeSpan.FromSeconds(30)), "It did not end, or nobody took leave of it.");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Attach_ProgramThatRunsAnother_EndsAndSaysSo()
    {
        using var program = ToldProgram.Start(Program.Path, "told");
        await using var attachment = await Attachment.BeginAsync(program.Key);
        await program.DoAsync("family");
        await program.TellAsync("sleep");
        var ended = await Assert.ThrowsAsync<RecordingException>(attachment.EndAsync);
        Assert.Contains("runs another program", ended.Message, StringComparison.Ordinal);
        Assert.False(program.Shell.HasExited);
    }

    [Fact]
    public async Task Attach_ProgramThatEnds_EndsWithAllThatItDid()
    {
        using var program = ToldProgram.Start(Program.Path, "told");
        await using var attachment = await Attachment.BeginAsync(program.Key);
        var said = Counts.Said(await program.DoAsync("family"));
        Assert.Equal(0, await program.EndAsync());
        AssertIs(said, await attachment.EndAsync());
    }

    [Fact]
    public async Task Attach_ProcessInAnotherRoot_LoadsTheTracerFromMemory()
    {
        var root = Directory.CreateTempSubdirectory("webvmmap-root-").FullName;
        try
        {
            // What the program needs and no more: nothing of this agent is there.
            foreach (var file in new[] { Program.Path, "/lib64/ld-linux-x86-64.so.2", "/lib/x86_64-linux-gnu/libc.so.6" })
            {
                Directory.CreateDirectory(root + Path.GetDirectoryName(file));
                File.Copy(file, root + file);
            }
            Directory.CreateDirectory(root + "/proc");
            using var program = ToldProgram.Start("unshare", "--mount", "sh", "-c", $"mount -t proc proc {root}/proc && exec chroot {root} {Program.Path} told");
            await program.DoAsync("family");
            await using (var attachment = await Attachment.BeginAsync(program.Key))
            {
                var said = Counts.Said(await program.DoAsync("family"));
                AssertIs(said, await attachment.StopAsync());
            }
            Assert.Equal(0, await program.EndAsync());
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public async Task Attach_ProgramWhoseLoaderIsLocked_IsGivenUpAndTheProgramGoesOn()
    {
        using var program = ToldProgram.Start(Program.Path, "told");
        await program.DoAsync("locked");
        var refused = await Assert.ThrowsAsync<RecordingException>(() => Attachment.BeginAsync(program.Key));
        Assert.Contains("did not load the tracer within 4 seconds", refused.Message, StringComparison.Ordinal);
        Assert.NotEmpty(await program.DoAsync("family"));
    }

    private static string Tracer => Path.Combine(AppContext.BaseDirectory, LinuxRecorder.TracerName);

    private static void AssertIs(SortedDictionary<string, Counts> said, Recorded recorded)
    {
        AssertCounts(said, recorded);
        Assert.True(recorded.Health.StoppedNs > 0);
    }

    private static void AssertCounts(SortedDictionary<string, Counts> said, Recorded recorded)
    {
        Assert.NotEmpty(said);
        var found = recorded.ByFunction(Program);
        Assert.Equal(said.OrderBy(site => site.Key), said.Keys.Order().Select(name => KeyValuePair.Create(name, found.GetValueOrDefault(name))));
        Assert.Equal((0, 0), (recorded.Health.DroppedEvents, recorded.Health.MissedFrees));
    }

    private static (RecordedProgram Program, string Plugin) Compile()
    {
        var plugin = RecordedProgram.Compile("plugin.c", "gcc", "-shared", "-fPIC").Path;
        return (RecordedProgram.Compile("allocations.c", "gcc", "-rdynamic", "-lpthread", "-ldl", $"-Wl,-rpath,{Path.GetDirectoryName(plugin)}"), Path.GetFileName(plugin));
    }

    private static async Task<List<string>> DoneAsync(StreamReader output)
    {
        var lines = new List<string>();
        while (await output.ReadLineAsync(Stop) is { } line && line != "done")
        {
            lines.Add(line);
        }
        return lines;
    }
}
