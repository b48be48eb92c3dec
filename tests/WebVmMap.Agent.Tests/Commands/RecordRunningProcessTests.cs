using System.Diagnostics;
using WebVmMap.Core.Recordings;
using WebVmMap.Testing;

namespace WebVmMap.Agent.Tests.Commands;

/// <summary><c>record --pid</c> of the built program: of a shell that allocates with each line that it is told.</summary>
public sealed class RecordRunningProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("webvmmap-running-").FullName;
    private readonly ToldProgram _shell = ToldProgram.Start("dash", "-c", "echo done; while read line; do $line; echo done; done");

    private string Taken => Path.Combine(_folder, "taken.wvmr");

    public void Dispose()
    {
        _shell.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Record_IsAskedToEnd_HoldsAllAndLeavesTheProcessRunning()
    {
        using var agent = AgentProgram.Start("record", "--pid", $"{_shell.Id}", "--output", Taken);
        var error = agent.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = agent.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await AllocateAsync();

        Process.Start("/bin/kill", ["-TERM", $"{agent.Id}"]).Dispose();
        await agent.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((0, ""), (agent.ExitCode, await error));
        Assert.Contains(" allocations, ", await output, StringComparison.Ordinal);
        Assert.True(RecordedFile.Read(Taken).Total.Allocations > 0);
        await _shell.DoAsync(":");
        Assert.Equal(0, await _shell.EndAsync());
    }

    [Fact]
    public async Task Record_ProcessRunsAnotherProgram_KeepsWhatWasRecordedUntilThen()
    {
        // An older recording, of nothing.
        await File.WriteAllTextAsync(Taken, "WVMREC01", TestContext.Current.CancellationToken);
        using var agent = AgentProgram.Start("record", "--pid", $"{_shell.Id}", "--output", Taken);
        var error = agent.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = agent.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var before = await AllocateAsync();

        await _shell.TellAsync("exec sleep 600");
        await agent.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, agent.ExitCode);
        var line = Assert.Single((await error).Trim().Split('\n'));
        Assert.Contains("runs another program", line, StringComparison.Ordinal);
        Assert.EndsWith($"'{Taken}' holds what was recorded until then.", line, StringComparison.Ordinal);
        Assert.Contains(" allocations, ", await output, StringComparison.Ordinal);
        // What it read the last line into came after that.
        Assert.True(RecordedFile.Read(Taken).Total.Allocations > before.Total.Allocations);
        Assert.Equal(Taken, Assert.Single(Directory.EnumerateFiles(_folder)));
        Assert.False(_shell.Shell.HasExited);
    }

    [Fact]
    public async Task Record_AgentIsKilled_FileReadsToItsLastWholeInterval()
    {
        using var agent = AgentProgram.Start("record", "--pid", $"{_shell.Id}", "--output", Taken);
        var before = await AllocateAsync();

        agent.Kill();
        await agent.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Taken, Assert.Single(Directory.EnumerateFiles(_folder)));
        var left = RecordedFile.Read(Taken);
        Assert.True(left.Intervals >= before.Intervals);
        Assert.True(left.Total.Allocations >= before.Total.Allocations);
        await _shell.DoAsync(":");
    }

    [Fact]
    public async Task Record_ProcessThatIsNot_LeavesTheOlderFileAsItWas()
    {
        await File.WriteAllTextAsync(Taken, "an older recording", TestContext.Current.CancellationToken);

        var (exitCode, output, error) = await AgentProgram.RunAsync("record", "--pid", "2000000000", "--output", Taken);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.DoesNotContain("holds what was recorded", error, StringComparison.Ordinal);
        Assert.Equal("an older recording", await File.ReadAllTextAsync(Assert.Single(Directory.EnumerateFiles(_folder)), TestContext.Current.CancellationToken));
    }

    // The recording has begun once there is something of it in the file.
    private async Task<RecordingState> AllocateAsync()
    {
        await RecordedFile.UntilAsync(Taken, state => state.Intervals > 0);
        await _shell.DoAsync(":");
        return await RecordedFile.UntilAsync(Taken, state => state.Total.Allocations > 0);
    }
}
