using System.Diagnostics;
using System.Globalization;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Recordings;
using WebVmMap.Recording.Linux;
using WebVmMap.Testing;

namespace WebVmMap.Recording.Tests;

/// <summary>Programs of all kinds, busy and with many threads, are attached to and detached from again and again, and live on. benchmarks/run.sh attach does it a thousand times.</summary>
public sealed class AttachCycleTests
{
    private const int Cycles = 10;

    public static TheoryData<string, string[]> Programs => new()
    {
        { "C", [RecordedProgram.Compile("busy.c", "gcc", "-lpthread").Path] },
        { "C++", [RecordedProgram.Compile("busy.cpp", "g++", "-lpthread").Path, "2"] },
        { "500 threads", [RecordedProgram.Compile("busy.cpp", "g++", "-lpthread").Path, "500", "rest"] },
        { "Python", ["/usr/bin/python3", "-c", "while True: x = {str(i): [i] * 100 for i in range(1000)}"] },
        { ".NET", [Path.Combine(Repository.Root, "src/WebVmMap.Demo/bin/Release/net10.0/webvmmap-demo")] },
        { "Perl", ["/usr/bin/perl", "-e", "while (1) { my %h = map { $_ => 'x' x $_ } 1..500 }"] },
    };

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Attach_AgainAndAgain_TheProgramLivesOnAndIsRecordedEachTime(string kind, string[] command)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", "sh -c 'echo $$; exec \"$@\" > /dev/null' sh \"$@\" & wait $!", "sh", .. command]) { RedirectStandardOutput = true })!;
        var id = int.Parse((await shell.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!, CultureInfo.InvariantCulture);
        try
        {
            Assert.True(SpinWait.SpinUntil(() => Runs(id, command[0]), TimeSpan.FromSeconds(30)), $"{kind} did not start.");
            for (var cycle = 0; cycle < Cycles; cycle++)
            {
                await using var recording = await Task.Run(() => new LinuxRecorder().Attach(new AttachRequest(new ProcessKey(id, 0))));
                RecordingHealth? health = null;
                await foreach (var interval in recording.ReadAsync(TestContext.Current.CancellationToken))
                {
                    if (health is null)
                    {
                        _ = recording.StopAsync();
                    }
                    health = interval.Health;
                }
                Assert.True(health!.StoppedNs > 0);
                Assert.False(shell.HasExited, $"{kind} ended in cycle {cycle}.");
            }
            // It still does what it does.
            var before = Cpu(id);
            Assert.True(SpinWait.SpinUntil(() => Cpu(id) > before, TimeSpan.FromSeconds(30)), $"{kind} stands still.");
        }
        finally
        {
            shell.Kill(entireProcessTree: true);
        }
    }

    private static bool Runs(int id, string program) =>
        new FileInfo($"/proc/{id}/exe").LinkTarget is { } link && link == (new FileInfo(program).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? program) && Cpu(id) > 0;

    private static long Cpu(int id)
    {
        var text = File.ReadAllText($"/proc/{id}/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }
}
