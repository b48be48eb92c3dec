using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Agent.Tests.Commands;

/// <summary><c>record</c> of the built program: dash allocates little, and the same each time.</summary>
public sealed class RecordCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("webvmmap-record-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Record_EveryFormat_HoldsTheSameBytes()
    {
        var state = RecordedFile.Read(await RecordAsync("taken.wvmr"));
        var heap = SumOf(state);
        Assert.True(heap > 0);
        Assert.Equal(0, state.Health.DroppedEvents);

        var folded = await File.ReadAllLinesAsync(await RecordAsync("taken.folded"), TestContext.Current.CancellationToken);
        Assert.Equal(heap, folded.Sum(line => long.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture)));
        var speedscope = JsonElement.Parse(await File.ReadAllTextAsync(await RecordAsync("taken.speedscope.json"), TestContext.Current.CancellationToken));
        Assert.Equal(heap, speedscope.GetProperty("profiles")[0].GetProperty("weights").EnumerateArray().Sum(weight => weight.GetInt64()));
        await using var pprof = new GZipStream(File.OpenRead(await RecordAsync("taken.pb.gz")), CompressionMode.Decompress);
        Assert.NotEqual(-1, pprof.ReadByte());
    }

    [Fact]
    public async Task Record_ForATime_EndsThenAndLeavesTheProgramRunning()
    {
        var file = Path.Combine(_folder, "limited.wvmr");
        var pidFile = Path.Combine(_folder, "pid");
        var (exitCode, _, error) = await AgentProgram.RunAsync("record", "--duration", "1s", "--output", file, "--", "sh", "-c", $"echo $$ > {pidFile}; exec sleep 600 > /dev/null 2>&1");
        Assert.True(exitCode == 0, error);
        // It goes on without the recording, however far it had come by then.
        Process? left = null;
        Assert.True(SpinWait.SpinUntil(() => (left = Running(pidFile)) is not null, TimeSpan.FromSeconds(30)), "The program did not go on.");
        left!.Kill();
        Assert.True(new FileInfo(file).Length > 0);
    }

    [Theory]
    [InlineData(2, "is named as no format of a recording", "record", "-o", "x.txt", "--", "true")]
    [InlineData(2, "is no time to record", "record", "-o", "x.wvmr", "-d", "soon", "--", "true")]
    [InlineData(2, "is no time to record", "record", "-o", "x.wvmr", "-d", "0s", "--", "true")]
    [InlineData(2, "is no time to wait", "record", "-o", "x.wvmr", "--max-wait", "1001", "--", "true")]
    [InlineData(2, "is no time to wait", "record", "-o", "x.wvmr", "--max-wait", "-1", "--", "true")]
    [InlineData(2, "--pid", "record", "-o", "x.wvmr")]
    [InlineData(2, "--pid", "record", "-o", "x.wvmr", "--pid", "1", "--", "true")]
    [InlineData(2, "--children is for a program that is started", "record", "-o", "x.wvmr", "--children", "--pid", "1")]
    [InlineData(1, "cannot be started", "record", "-o", "/tmp/webvmmap-never-written.wvmr", "--", "/nowhere/program")]
    [InlineData(1, "cannot be written", "record", "-o", "/nowhere/x.wvmr", "--", "true")]
    public async Task Record_WhatCannotBe_SaysWhyAndWritesNothing(int exitCode, string says, params string[] arguments)
    {
        var (ended, output, error) = await AgentProgram.RunAsync(arguments);
        Assert.Equal(exitCode, ended);
        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.Empty(output);
        Assert.False(File.Exists("/tmp/webvmmap-never-written.wvmr"));
    }

    [Fact]
    public async Task Record_WithChildren_WritesAFileForEachThatAllocated()
    {
        var alone = SumOf(RecordedFile.Read(await RecordAsync("alone.wvmr")));
        const string Loop = "i=0; while [ $i -lt 100 ]; do i=$((i+1)); done";
        var (exitCode, output, error) = await AgentProgram.RunAsync(
            "record", "--children", "--output", Path.Combine(_folder, "run.wvmr"), "--", "dash", "-c", $"dash -c '{Loop}'; dash -c '{Loop}'; /bin/true; exit 0");
        Assert.True(exitCode == 0, error);
        var children = Directory.EnumerateFiles(_folder, "run.*.wvmr").Order().ToArray();
        Assert.Equal(2, children.Length);
        // The same program each time, but for what a shell allocates before it becomes one, and for where it finds its directory.
        Assert.Single(children.Select(child => SumOf(RecordedFile.Read(child))).Distinct());
        Assert.InRange(SumOf(RecordedFile.Read(children[0])), alone - 10_000, alone + 10_000);
        var lines = output.Split('\n');
        var header = Array.FindIndex(lines, line => line.EndsWith("were 4 in all:", StringComparison.Ordinal));
        Assert.True(header > 0, output);
        var pid = lines[header].Split(' ')[1];
        Assert.Equal(children, lines.Where(line => line.Contains($" of {pid}, /usr/bin/dash: ", StringComparison.Ordinal)).Select(line => line[line.IndexOf('/', line.IndexOf(" in ", StringComparison.Ordinal))..]).Order());
        Assert.Single(lines, line => line.EndsWith($" of {pid}, /usr/bin/true: nothing allocated, no file", StringComparison.Ordinal));
        Assert.DoesNotContain("could not be followed", output, StringComparison.Ordinal);
        Assert.Equal(3, Directory.EnumerateFiles(_folder, "run*").Count());
    }

    [Fact]
    public async Task Record_ProgramThatCannotLoadTheTracer_SaysSo()
    {
        var source = Path.Combine(_folder, "still.c");
        await File.WriteAllTextAsync(source, "int main(void) { return 0; }", TestContext.Current.CancellationToken);
        using (var compiler = Process.Start("gcc", ["-static", "-o", Path.Combine(_folder, "still"), source]))
        {
            await compiler.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, compiler.ExitCode);
        }
        var (exitCode, _, error) = await AgentProgram.RunAsync("record", "-o", Path.Combine(_folder, "still.wvmr"), "--", Path.Combine(_folder, "still"));
        Assert.Equal(1, exitCode);
        Assert.Contains("linked statically", error, StringComparison.Ordinal);
    }

    private static Process? Running(string pidFile)
    {
        if (!File.Exists(pidFile) || !int.TryParse(File.ReadAllText(pidFile), CultureInfo.InvariantCulture, out var pid))
        {
            return null;
        }
        var process = Process.GetProcessById(pid);
        return process.ProcessName == "sleep" ? process : null;
    }

    private static long SumOf(RecordingState state)
    {
        var whole = SpanTotals.Whole(state);
        return state.Sites.Select((site, number) => site.Kind == AllocationKind.Heap ? whole.Sites[number].AllocatedBytes : 0).Sum();
    }

    private async Task<string> RecordAsync(string name)
    {
        var file = Path.Combine(_folder, name);
        var (exitCode, output, error) = await AgentProgram.RunAsync("record", "--output", file, "--", "dash", "-c", "i=0; while [ $i -lt 100 ]; do i=$((i+1)); done");
        Assert.True(exitCode == 0, error);
        Assert.Contains("allocations", output, StringComparison.Ordinal);
        return file;
    }
}
