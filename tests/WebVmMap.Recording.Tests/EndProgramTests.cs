using System.Diagnostics;
using WebVmMap.Recording.Linux;

namespace WebVmMap.Recording.Tests;

/// <summary>A program that was launched ends when it is asked to, or is made to; one that ran already is left alone.</summary>
public sealed class EndProgramTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("trap 'echo asked > \"$0\"; exit 0' TERM; echo ready > \"$0\"; while :; do sleep 0.02; done", "asked")]
    [InlineData("trap '' TERM; echo ready > \"$0\"; while :; do sleep 0.02; done", "ready")]
    public async Task EndProgram_Launched_IsAskedFirstAndThenMadeTo(string script, string left)
    {
        var folder = Directory.CreateTempSubdirectory("webvmmap-end").FullName;
        try
        {
            await EndAsync(script, left, Path.Combine(folder, "said"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task EndAsync(string script, string left, string file)
    {
        await using var recording = new LinuxRecorder().Launch(new LaunchRequest { Command = ["/bin/sh", "-c", script, file] });
        var reading = Task.Run(
            async () =>
            {
                await foreach (var _ in recording.ReadAsync(Stop))
                {
                }
            },
            Stop);
        using var process = Process.GetProcessById(recording.Pid);
        using var said = new FileSystemWatcher(Path.GetDirectoryName(file)!) { EnableRaisingEvents = true };
        while (!File.Exists(file) || (await File.ReadAllTextAsync(file, Stop)).Length == 0)
        {
            said.WaitForChanged(WatcherChangeTypes.All, 100);
        }
        await recording.StopAsync();
        await reading;
        Assert.False(process.HasExited);
        await recording.EndProgramAsync(TimeSpan.FromSeconds(left == "asked" ? 30 : 1));
        Assert.True(process.HasExited);
        Assert.Equal(left, (await File.ReadAllTextAsync(file, Stop)).Trim());
        // One that has ended is no error.
        await recording.EndProgramAsync(TimeSpan.FromSeconds(1));
    }
}
