using System.Diagnostics;
using System.Globalization;
using WebVmMap.Agent.Tests.Commands;
using WebVmMap.Core.Snapshots;
using WebVmMap.Testing;

namespace WebVmMap.Agent.Tests.Scripting;

/// <summary>The scripts of docs/scripting, on files that the built agent makes of real processes.</summary>
public sealed class ScriptTests : IDisposable
{
    private const string Python = "/usr/bin/python3";

    private readonly string _folder = Directory.CreateTempSubdirectory("webvmmap-scripts-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task ReadWvm_SnapshotOfAProcess_PrintsItsSums()
    {
        using var target = Process.Start("/bin/sleep", "1000");
        try
        {
            var file = await TakeAsync(target.Id, "sleep.wvm");

            var (exitCode, output, error) = await RunAsync("read_wvm.py", file);

            Assert.True(exitCode == 0, error);
            var lines = output.TrimEnd().Split('\n');
            Assert.Equal($"sleep (pid {target.Id})", lines[0]);
            var summary = SnapshotCodec.Decode(await File.ReadAllBytesAsync(file, Stop)).Summary;
            var expected = summary.Rows.Where(row => row.Blocks > 0 && row.Name is not ("Free" or "Unusable" or "Page Table"))
                .Select(row => (row.Name, row.Size, row.Committed, row.Private, row.TotalWs));
            Assert.Equal(expected, lines[2..].Select(Row));
        }
        finally
        {
            target.Kill();
        }
    }

    /// <summary>So that what the format takes to be read stays what its documentation says.</summary>
    [Fact]
    public void ReadWvm_HasThirtyLines() => Assert.InRange(File.ReadAllLines(Script("read_wvm.py")).Length, 1, 30);

    [Fact]
    public async Task MemoryGate_ProcessThatGrew_FailsBeyondTheLimitOnly()
    {
        using var target = Process.Start(new ProcessStartInfo(Python, ["-c", "import sys; sys.stdin.readline(); kept = bytearray(64 << 20); print('grown', flush=True); sys.stdin.readline()"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        try
        {
            var before = await TakeAsync(target.Id, "before.json");
            await target.StandardInput.WriteLineAsync("grow");
            Assert.Equal("grown", await target.StandardOutput.ReadLineAsync(Stop));
            var after = await TakeAsync(target.Id, "after.json");

            var beyond = await RunAsync("memory_gate.py", before, after, "Total=63MiB", "Image=0");
            var within = await RunAsync("memory_gate.py", before, after, "Total:committed=65MiB", "Stack=1MiB");

            Assert.Equal((1, ""), (beyond.ExitCode, beyond.Error));
            Assert.StartsWith("FAIL  Total (private): +67,", beyond.Output, StringComparison.Ordinal);
            Assert.Contains("ok    Image (private): +0 bytes, 0 allowed", beyond.Output, StringComparison.Ordinal);
            Assert.Equal((0, ""), (within.ExitCode, within.Error));
        }
        finally
        {
            target.Kill();
        }
    }

    [Theory]
    [InlineData("before.json")]
    [InlineData("before.json", "missing.json", "Total=1MiB")]
    [InlineData("before.json", "before.json", "Total=1MB")]
    [InlineData("before.json", "before.json", "Soup=1MiB")]
    public async Task MemoryGate_WrongUsage_Ends2WithAReason(params string[] arguments)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "before.json"), "{\"summary\":[],\"total\":{\"category\":\"Total\",\"private\":1}}", Stop);

        var (exitCode, _, error) = await RunAsync("memory_gate.py", [.. arguments.Select(argument => argument.EndsWith(".json", StringComparison.Ordinal) ? Path.Combine(_folder, argument) : argument)]);

        Assert.Equal(2, exitCode);
        Assert.NotEmpty(error.Trim());
        Assert.DoesNotContain("Traceback", error, StringComparison.Ordinal);
    }

    private static (string, long, long, long, long) Row(string line)
    {
        var figures = line[14..].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(figure => long.Parse(figure, CultureInfo.InvariantCulture)).ToArray();
        return (line[..14].TrimEnd(), figures[0], figures[1], figures[2], figures[3]);
    }

    private async Task<string> TakeAsync(int pid, string name)
    {
        var path = Path.Combine(_folder, name);
        var (exitCode, _, error) = await AgentProgram.RunAsync("snapshot", "--pid", $"{pid}", "--output", path);
        Assert.True(exitCode == 0, error);
        return path;
    }

    private static string Script(string name) => Path.Combine(Repository.Root, "docs", "scripting", name);

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(string script, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Python, [Script(script), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Stop), process.StandardError.ReadToEndAsync(Stop));
        await process.WaitForExitAsync(Stop);
        return (process.ExitCode, await output, await error);
    }
}
