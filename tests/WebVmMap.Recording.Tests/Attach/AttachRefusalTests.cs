using System.Diagnostics;
using System.Globalization;
using WebVmMap.Core.Processes;
using WebVmMap.Recording.Linux;
using WebVmMap.Recording.Linux.Attach;

namespace WebVmMap.Recording.Tests.Attach;

/// <summary>What cannot be attached to is refused with one sentence that says why, and is left as it was.</summary>
public sealed class AttachRefusalTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly Lazy<string> s_waits = new(() => RecordedProgram.Compile("waits.c", "gcc").Path);
    private static readonly Lazy<string> s_static = new(() => RecordedProgram.Compile("waits.c", "gcc", "-static").Path);
    private static readonly Lazy<string> s_musl = new(() => RecordedProgram.Compile("waits.c", "musl-gcc").Path);
    private static readonly Lazy<string> s_staticMusl = new(() => RecordedProgram.Compile("waits.c", "musl-gcc", "-static").Path);
    private static readonly Lazy<string> s_vfork = new(() => RecordedProgram.Compile("vfork.c", "gcc").Path);
    private static readonly Lazy<string> s_other = new(() => RecordedProgram.Compile("waits.c", "gcc", "-m32", "-nostdlib", "-static", "-fno-pie", "-no-pie").Path);

    [Fact]
    public void Attach_StaticProgram_IsThatNothingInItCouldLoadTheTracer()
    {
        using var program = Started.By($"{s_static.Value} & echo $!; wait", 'S');
        Assert.Contains("is linked statically", Refusal(program.Id), StringComparison.Ordinal);
        Assert.True(program.IsAlive);
    }

    [Fact]
    public void Attach_MuslProgram_IsThatTheTracerIsForAnotherLibrary()
    {
        using var program = Started.By($"{s_musl.Value} & echo $!; wait", 'S');
        Assert.Contains($"Process {program.Id} runs with musl, and the tracer with the GNU C library only", Refusal(program.Id), StringComparison.Ordinal);
        Assert.True(program.IsAlive);
    }

    [Fact]
    public void Attach_StaticMuslProgram_IsThatNothingInItCouldLoadTheTracer()
    {
        using var program = Started.By($"{s_staticMusl.Value} & echo $!; wait", 'S');
        Assert.Contains("is linked statically", Refusal(program.Id), StringComparison.Ordinal);
        Assert.True(program.IsAlive);
    }

    [Fact]
    public void Attach_ProgramThatCannotBeInterrupted_IsWhatItWaitsFor()
    {
        // Until the process has its program that it starts by vfork: here never.
        using var program = Started.By($"{s_vfork.Value} & echo $!; wait", 'D');
        Assert.Contains("No thread of process", Refusal(program.Id) is var refusal ? refusal : "", StringComparison.Ordinal);
        Assert.Contains("a process that it is just starting (state D)", refusal, StringComparison.Ordinal);
        Assert.True(ProcessStatus.TryRead($"/proc/{program.Id}") is { State: 'D', Tracer: 0 });
    }

    [Theory]
    [InlineData(0, true, "may not be traced by the agent: run the agent as root")]
    [InlineData(1, true, "for kernel.yama.ptrace_scope is 1: run the agent as root, or give it CAP_SYS_PTRACE")]
    [InlineData(1, false, "may not be traced by the agent: run the agent as root")]
    [InlineData(2, true, "for kernel.yama.ptrace_scope is 2")]
    [InlineData(3, true, "This system lets no process be traced (kernel.yama.ptrace_scope is 3)")]
    public void Denied_ByWhatYamaPermits_IsWhatToDo(int scope, bool isOwn, string says) =>
        Assert.Contains(says, TargetProcess.Denied(1, new ProcessStatus { User = Libc.GetEUid() + (isOwn ? 0u : 1u) }, scope), StringComparison.Ordinal);

    [Fact]
    public void Attach_ProgramOf32Bits_IsThatTheTracerIsForOthers()
    {
        using var program = Started.By($"{s_other.Value} & echo $!; wait", 'S');
        Assert.Contains("is of another architecture", Refusal(program.Id), StringComparison.Ordinal);
        Assert.True(program.IsAlive);
    }

    [Fact]
    public void Attach_StoppedProgram_IsHowToLetItGoOn()
    {
        using var program = Started.By($"{s_waits.Value} & echo $!; kill -STOP $!; wait", 'T');
        Assert.Contains($"kill -CONT {program.Id}", Refusal(program.Id), StringComparison.Ordinal);
        Assert.Equal('T', ProcessStatus.TryRead($"/proc/{program.Id}")!.State);
    }

    [Fact]
    public void Attach_ProgramThatIsTraced_IsWhoTracesIt()
    {
        using var program = Started.By($"{s_waits.Value} & echo $!; wait", 'S');
        var refusal = "";
        Exception? failure = null;
        // Who traces is a thread, and lets go when that ends.
        var tracer = new Thread(() =>
        {
            try
            {
                Assert.Equal(0, Ptrace.Request(Ptrace.SEIZE, program.Id, 0, 0));
                refusal = Refusal(program.Id);
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        });
        tracer.Start();
        tracer.Join();
        Assert.Null(failure);
        // The system lets go of what a thread traced as it ends, which is after this one knows of its end.
        Assert.True(SpinWait.SpinUntil(() => ProcessStatus.TryRead($"/proc/{program.Id}") is { Tracer: 0 }, s_patience), "It is still being traced.");
        Assert.Contains($"is being traced by process {Environment.ProcessId} already", refusal, StringComparison.Ordinal);
        Assert.True(program.IsAlive);
    }

    [Fact]
    public void Attach_ProgramThatHasEndedAndIsNotTakenLeaveOf_IsThatItHasEnded()
    {
        using var program = Started.By("sleep 0 & echo $!; exec sleep 600", 'Z');
        Assert.Contains("has ended", Refusal(program.Id), StringComparison.Ordinal);
    }

    [Fact]
    public void Attach_IdOfNoneOrOfAnotherProcessNow_IsThat()
    {
        using var program = Started.By($"{s_waits.Value} & echo $!; wait", 'S');
        Assert.Contains("There is no process with the id", Refusal(int.MaxValue), StringComparison.Ordinal);
        var another = Assert.Throws<RecordingException>(() => Attach(new ProcessKey(program.Id, 1)));
        Assert.Contains("its id belongs to another process now", another.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Attach_ThreadOrKernelThread_IsWhatItIs()
    {
        var thread = Directory.EnumerateDirectories("/proc/self/task").Select(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture)).First(id => id != Environment.ProcessId);
        Assert.Contains($"is a thread of process {Environment.ProcessId}", Refusal(thread), StringComparison.Ordinal);
        var kernel = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => char.IsAsciiDigit(name![0])).Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
            .FirstOrDefault(id => ProcessStatus.TryRead($"/proc/{id}") is { HasMemory: false, State: not 'Z' });
        Assert.SkipWhen(kernel == 0, "No kernel thread is to be seen here, as in a container.");
        Assert.Contains("is a kernel thread", Refusal(kernel), StringComparison.Ordinal);
    }

    private static string Refusal(int pid) => Assert.Throws<RecordingException>(() => Attach(new ProcessKey(pid, 0))).Message;

    private static void Attach(ProcessKey process) => _ = new LinuxRecorder(Recorded.Patient).Attach(new AttachRequest(process));

    /// <summary>A process that a shell has started, which is not this program's child: those are refused as such.</summary>
    private sealed class Started : IDisposable
    {
        private readonly Process _shell;

        private Started(Process shell, int id) => (_shell, Id) = (shell, id);

        public int Id { get; }

        public bool IsAlive => ProcessStatus.TryRead($"/proc/{Id}") is { State: 'S' or 'R', Tracer: 0 };

        /// <summary>Runs a script whose first line of output is the process's id, and waits until that is in a state.</summary>
        public static Started By(string script, char state)
        {
            var shell = Process.Start(new ProcessStartInfo("sh", ["-c", script]) { RedirectStandardOutput = true })!;
            var started = new Started(shell, int.Parse(shell.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture));
            if (SpinWait.SpinUntil(() => ProcessStatus.TryRead($"/proc/{started.Id}")?.State == state && (state != 'S' || !IsShell(started.Id)), s_patience))
            {
                return started;
            }
            started.Dispose();
            throw new TimeoutException($"It did not come into state {state}.");
        }

        public void Dispose()
        {
            foreach (var id in (int[])[Id, _shell.Id])
            {
                try
                {
                    using var process = Process.GetProcessById(id);
                    process.Kill();
                }
                catch (ArgumentException)
                {
                    // It has ended with the other one.
                }
            }
            _shell.WaitForExit();
            _shell.Dispose();
        }

        // Between fork and exec it is still the shell.
        private static bool IsShell(int id) => File.ReadAllText($"/proc/{id}/comm").Trim() == "sh";
    }
}
