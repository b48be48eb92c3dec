using System.Diagnostics;

namespace WebVmMap.EndToEnd.Api;

/// <summary>The recipe of docs/scripting/README.md as it stands there, against the hub and a program that grows by 64 MiB.</summary>
public sealed class MemoryGateTests(DemoSystem demo)
{
    [Fact]
    public async Task Recipe_ThroughTheHub_FailsForAProcessThatGrewTooMuch()
    {
        var stop = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("webvmmap-gate-").FullName;
        // The load is one step of the program: it waits for a word in one pipe and answers in another. What it takes to start is over by then.
        const string Program = "open('ready', 'w').write('x'); open('go').read(); kept = bytearray(64 << 20); open('done', 'w').write('x'); open('go').read()";
        Process? target = null;
        try
        {
            Directory.CreateSymbolicLink(Path.Combine(folder, "docs"), Path.Combine(Repository.Root, "docs"));
            using (var pipes = Process.Start(new ProcessStartInfo("mkfifo", ["ready", "go", "done"]) { WorkingDirectory = folder })!)
            {
                await pipes.WaitForExitAsync(stop);
            }
            target = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", Program]) { WorkingDirectory = folder })!;
            await File.ReadAllTextAsync(Path.Combine(folder, "ready"), stop);
            using var gate = Process.Start(new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", $"run-the-load() {{ echo > go; cat done > /dev/null; }}\n{Recipe()}"])
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["HUB"] = demo.Url, ["KEY"] = demo.ApiKey, ["HOST"] = demo.HostId, ["PID"] = $"{target.Id}" },
            })!;
            var (output, error) = (gate.StandardOutput.ReadToEndAsync(stop), gate.StandardError.ReadToEndAsync(stop));
            await gate.WaitForExitAsync(stop);

            Assert.True(gate.ExitCode == 1, await error);
            Assert.Contains("FAIL  Total (private): +67,", await output, StringComparison.Ordinal);
            Assert.Contains("FAIL  Heap (private): +", await output, StringComparison.Ordinal);
        }
        finally
        {
            target?.Kill();
            target?.Dispose();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Recipe()
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "scripting", "README.md"));
        var begin = Array.FindIndex(lines, line => line.StartsWith("take() {", StringComparison.Ordinal));
        Assert.True(begin > 0, "The recipe begins with take().");
        return string.Join('\n', lines[begin..].TakeWhile(line => line != "```"));
    }
}
