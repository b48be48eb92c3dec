using System.Diagnostics;
using System.Text.Json;
using WebVmMap.Agent.Tests.Hub;
using WebVmMap.Core.Import;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Agent.Tests.Commands;

/// <summary>The built program against real processes.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("webvmmap-agent-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("snapshot")]
    [InlineData("snapshot --pid none")]
    [InlineData("snapshot --pid -5")]
    [InlineData("snapshot --pid 1 --output /tmp/x.mm")]
    [InlineData("snapshot --pid 1 --output /tmp/x.txt")]
    [InlineData("run")]
    [InlineData("run --hub http://hub.example:5081")]
    [InlineData("run --hub http://127.0.0.1:1 --pin sha256:00")]
    [InlineData("run --hub http://127.0.0.1:1 --token a --token-file b")]
    [InlineData("record")]
    [InlineData("install --hub nowhere")]
    public async Task Run_WrongUsage_Ends2WithAReason(string arguments)
    {
        var (exitCode, output, error) = await AgentProgram.RunAsync(arguments.Split(' '));

        Assert.Equal(2, exitCode);
        Assert.NotEmpty(error.Trim());
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [Fact]
    public async Task Snapshot_NoSuchProcess_Ends1WithOneLine()
    {
        var (exitCode, _, error) = await AgentProgram.RunAsync("snapshot", "--pid", "2000000000");

        Assert.Equal(1, exitCode);
        Assert.Contains("2000000000", Assert.Single(error.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Snapshot_FileCannotBeWritten_Ends1WithOneLine()
    {
        var (exitCode, _, error) = await AgentProgram.RunAsync("snapshot", "--pid", $"{Environment.ProcessId}", "--output", Path.Combine(_folder, "no", "such.wvm"));

        Assert.Equal(1, exitCode);
        Assert.Contains("cannot be written", Assert.Single(error.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Snapshot_NoFile_PrintsEveryColumnAligned()
    {
        using var target = Process.Start("/bin/sleep", "1000");
        try
        {
            var (exitCode, output, error) = await AgentProgram.RunAsync("snapshot", "--pid", $"{target.Id}");

            Assert.Equal((0, ""), (exitCode, error));
            var lines = output.Split('\n');
            Assert.StartsWith($"sleep (pid {target.Id}) at ", lines[0], StringComparison.Ordinal);
            foreach (var column in (string[])["Category", "Size", "Reserved", "Committed", "Private", "Total WS", "Private WS", "Shareable WS", "Shared WS", "Locked WS", "PSS", "Swap", "Blocks", "Largest"])
            {
                Assert.Contains(column, lines[2], StringComparison.Ordinal);
            }
            Assert.Single(lines[2..14].Select(line => line.Length).Distinct());
            Assert.StartsWith("Total ", lines[13], StringComparison.Ordinal);
        }
        finally
        {
            target.Kill();
        }
    }

    [Fact]
    public async Task Snapshot_EachFormat_HoldsWhatTheSystemSays()
    {
        using var target = Process.Start("/bin/sleep", "1000");
        try
        {
            foreach (var extension in (string[])["wvm", "json", "csv"])
            {
                var run = await AgentProgram.RunAsync("snapshot", "--pid", $"{target.Id}", "--output", Path.Combine(_folder, $"s.{extension}"));
                Assert.Equal((0, "", ""), run);
            }
            // A sleeping process does not change, so three looks and the kernel's own sum agree.
            var mapped = File.ReadLines($"/proc/{target.Id}/maps").Select(Length).Sum();

            var snapshot = SnapshotCodec.Decode(await File.ReadAllBytesAsync(Path.Combine(_folder, "s.wvm"), TestContext.Current.CancellationToken));
            using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(_folder, "s.json"), TestContext.Current.CancellationToken));
            var csv = await File.ReadAllTextAsync(Path.Combine(_folder, "s.csv"), TestContext.Current.CancellationToken);

            var total = snapshot.Summary.Total;
            Assert.Equal(mapped, total.Size - (snapshot.Counters.PageTable ?? 0));
            Assert.Equal(total.Size, json.RootElement.GetProperty("total").GetProperty("size").GetInt64());
            Assert.Equal(total.TotalWs, json.RootElement.GetProperty("total").GetProperty("totalWs").GetInt64());
            Assert.Contains($"\r\n\"Total\",{total.Size},{total.Committed},", csv, StringComparison.Ordinal);
        }
        finally
        {
            target.Kill();
        }
    }

    [Fact]
    public async Task Run_Terminated_LeavesTheHubInOrderAndEnds0()
    {
        await using var hub = await TestHub.StartAsync();
        var keyFile = Path.Combine(_folder, "key");
        await File.WriteAllTextAsync(keyFile, "the-key\n", TestContext.Current.CancellationToken);
        using var agent = AgentProgram.Start("run", "--hub", hub.Url, "--token-file", keyFile, "--allow-contents");
        var error = agent.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var call = await hub.WelcomeNextAgentAsync();
        Assert.Equal(("Bearer the-key", true), (call.Authorization, call.Hello.PermitsContents));
        await call.SendAsync(new() { ListProcesses = new() { RequestId = "r" } });
        Assert.Contains((await call.NextAsync()).ProcessList.Processes, row => row.Pid > 0);

        Process.Start("/bin/kill", ["-TERM", $"{agent.Id}"]).Dispose();
        await agent.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(await call.AgentSideEnded);
        Assert.Equal(0, agent.ExitCode);
        Assert.Contains("Connected to the hub", Assert.Single((await error).Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_KeyRefused_Ends1WithWhatToDo()
    {
        await using var hub = await TestHub.StartAsync();
        hub.Link.Refusal = new Grpc.Core.Status(Grpc.Core.StatusCode.Unauthenticated, "No such key");

        var (exitCode, _, error) = await AgentProgram.RunAsync("run", "--hub", hub.Url, "--token", "old");

        Assert.Equal(1, exitCode);
        Assert.Contains("agent-key create", Assert.Single(error.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WatchesARealProcess_FramesFollowIt()
    {
        await using var hub = await TestHub.StartAsync();
        using var target = Process.Start("/bin/sleep", "1000");
        using var agent = AgentProgram.Start("run", "--hub", hub.Url);
        try
        {
            var call = await hub.WelcomeNextAgentAsync();
            await call.SendAsync(new() { Watch = new() { WatchId = "w", Process = new() { Pid = target.Id }, IntervalMs = 500 } });
            var samples = await hub.NextSamplesAsync();
            var first = await samples.NextFrameAsync();
            var second = await samples.NextFrameAsync();
            target.Kill();
            await target.WaitForExitAsync(TestContext.Current.CancellationToken);
            WatchEnded? ended = null;
            while (ended is null)
            {
                var chunk = await samples.NextAsync();
                Assert.NotNull(chunk);
                ended = chunk.Ended;
            }

            Assert.Equal("sleep", samples.Process?.Name);
            Assert.Equal(first.Summary.Total.Size, second.Summary.Total.Size);
            Assert.Equal(2, samples.LastFrameKind);
            Assert.Equal(FailureCode.Gone, ended.Code);
        }
        finally
        {
            agent.Kill();
            target.Kill();
        }
    }

    private static long Length(string line)
    {
        var ends = line[..line.IndexOf(' ', StringComparison.Ordinal)].Split('-');
        return (long)(Convert.ToUInt64(ends[1], 16) - Convert.ToUInt64(ends[0], 16));
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("json")]
    [InlineData("mmp")]
    [InlineData("wvm")]
    public async Task Snapshot_ToAFile_IsReadBackWithTheSumsOfTheProcess(string format)
    {
        using var target = Process.Start("/bin/sleep", "1000");
        try
        {
            var path = Path.Combine(_folder, $"sleep.{format}");

            var (exitCode, _, error) = await AgentProgram.RunAsync("snapshot", "--pid", $"{target.Id}", "--output", path);

            Assert.True(exitCode == 0, error);
            var file = SnapshotImport.Read(
                await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken), path, DateTimeOffset.UtcNow, cancellation: TestContext.Current.CancellationToken);
            var snapshot = Assert.Single(file.Snapshots).Snapshot;
            Assert.Equal((target.Id, "sleep"), (snapshot.Process.Key.Pid, snapshot.Process.Name));
            // Nothing moves in a sleeping program: its mappings now are those of the file. The vsyscall page belongs to the kernel.
            var mapped = (await File.ReadAllLinesAsync($"/proc/{target.Id}/maps", TestContext.Current.CancellationToken))
                .Select(line => line.Split(' ')[0].Split('-')).Sum(range => Convert.ToInt64(range[1], 16) - Convert.ToInt64(range[0], 16));
            var summary = snapshot.Summary;
            Assert.Equal(mapped, summary.Total.Size - summary[RegionCategory.PageTable].Size - summary[RegionCategory.Unusable].Size);
        }
        finally
        {
            target.Kill();
        }
    }
}
