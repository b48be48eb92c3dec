using System.Collections.Immutable;
using System.Diagnostics;
using WebVmMap.Recording.Linux;

namespace WebVmMap.Recording.Tests;

/// <summary>What cannot load the tracer is not started to be recorded, with one sentence that says why; where a recorded program starts it, it runs as it would without.</summary>
public sealed class LaunchRefusalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("webvmmap-refused-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("musl-gcc", "-lpthread", "runs with musl, and the tracer with the GNU C library only")]
    [InlineData("musl-gcc", "-static", "is linked statically")]
    [InlineData("gcc", "-static", "is linked statically")]
    public void Launch_WhatCannotLoadTheTracer_IsRefusedAndSaysWhy(string compiler, string option, string says)
    {
        var program = RecordedProgram.Compile("plain.c", compiler, option).Path;
        var refused = Assert.Throws<RecordingException>(() => new LinuxRecorder().Launch(new LaunchRequest { Command = [program] }));
        Assert.StartsWith($"{program} {says}", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("musl-gcc", "-lpthread")]
    [InlineData("musl-gcc", "-static")]
    [InlineData("gcc", "-static")]
    public async Task Launch_ShellThatRunsOne_IsRecordedAndTheOtherRunsAsWithout(string compiler, string option)
    {
        var said = Path.Combine(_folder, "said");
        foreach (var follow in (bool[])[false, true])
        {
            await using var recording = new LinuxRecorder(Recorded.Patient).Launch(new LaunchRequest
            {
                Command = ["sh", "-c", "\"$0\" > \"$1\" 2>&1; echo \"ended with $?\" >> \"$1\"; exit 0", RecordedProgram.Compile("plain.c", compiler, option).Path, said],
                FollowChildren = follow,
            });
            var recorded = new Recorded();
            await recorded.ReadAsync(recording);
            Assert.Equal(["1000 and 0", "ended with 7"], await File.ReadAllLinesAsync(said, TestContext.Current.CancellationToken));
            Assert.True(recorded.Health.Events > 0);
        }
    }

    [Fact]
    public void Launch_ScriptWhoseProgramIsNotThere_SaysSo()
    {
        var script = Path.Combine(_folder, "script");
        File.WriteAllText(script, "#!/nowhere/shell\n");
        using (var chmod = Process.Start("chmod", ["500", script]))
        {
            chmod.WaitForExit();
        }
        Assert.Contains("what is to run it", Refusal(script), StringComparison.Ordinal);
        Assert.Contains("cannot be started: No such file or directory", Refusal("/nowhere/program"), StringComparison.Ordinal);
        Assert.Contains("cannot be started: No such file or directory", Refusal("no-such-program"), StringComparison.Ordinal);
        Assert.Contains("cannot be started: Permission denied", Refusal(_folder), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Launch_InADirectory_StartsThereWithItsEnvironmentAndWordsAsTheyAre(bool libraryChangesDirectory)
    {
        var request = new LaunchRequest { Command = ["sh", "-c", "pwd > said; printf '%s|' \"$@\" \"$GIVEN\" >> said; readlink /proc/$$/fd/0 >> said", "sh", "a b", "", "\"c'"], WorkingDirectory = _folder };
        var environment = ImmutableDictionary<string, string?>.Empty.Add("GIVEN", "x = y").Add("GONE", null).Add("PATH", Environment.GetEnvironmentVariable("PATH"));
        var process = LaunchedProcess.Start(request, environment, libraryChangesDirectory);
        Assert.True(SpinWait.SpinUntil(() => process.HasExited, TimeSpan.FromSeconds(30)));
        Assert.Equal([_folder, "a b||\"c'|x = y|/dev/null"], await File.ReadAllLinesAsync(Path.Combine(_folder, "said"), TestContext.Current.CancellationToken));
    }

    private static string Refusal(string program) => Assert.Throws<RecordingException>(() => new LinuxRecorder().Launch(new LaunchRequest { Command = [program] })).Message;
}
