using WebVmMap.Core.Snapshots;

namespace WebVmMap.Probes.Tests.Linux;

/// <summary>What an agent without CAP_SYS_PTRACE says of another user's process.</summary>
public sealed class RightsTests
{
    private const uint Nobody = 65534;

    [LinuxFact]
    public void Open_WithoutTheRight_IsDeniedAndSaysHowToGetIt()
    {
        SkipUnlessRoot();
        using var target = TestTarget.StartAs(Nobody, "threads");
        WithoutPtraceRight.Run(() =>
        {
            var opened = HostProbe.ForThisMachine().Open(target.Pid, null);
            Assert.Equal(ProbeOutcome.Denied, opened.Outcome);
            Assert.Contains("user nobody", opened.Message, StringComparison.Ordinal);
            Assert.Contains("CAP_SYS_PTRACE", opened.Message, StringComparison.Ordinal);
        });
    }

    [LinuxFact]
    public void ListProcesses_WithoutTheRight_MarksWhatCannotBeInspected()
    {
        SkipUnlessRoot();
        using var target = TestTarget.StartAs(Nobody, "threads");
        WithoutPtraceRight.Run(() =>
        {
            var host = HostProbe.ForThisMachine();
            Assert.Contains("CAP_SYS_PTRACE", Assert.Single(host.Host.Limitations), StringComparison.Ordinal);
            var list = host.ListProcesses();
            Assert.Contains("user nobody", list.Single(process => process.Key.Pid == target.Pid).Limitation, StringComparison.Ordinal);
            Assert.Equal("", list.Single(process => process.Key.Pid == Environment.ProcessId).Limitation);
        });
    }

    [LinuxFact]
    public void TakeSnapshot_WhenMemoryMayNotBeRead_SaysWhatIsCoarse()
    {
        SkipUnlessRoot();
        using var target = TestTarget.StartAs(Nobody, "threads");
        // smaps asks for the right when it is opened, a thread's stack whenever it is looked for.
        using var probe = Probing.Open(target.Pid);
        WithoutPtraceRight.Run(() =>
        {
            var snapshot = Probing.Snapshot(probe);
            SnapshotInvariants.Check(snapshot);
            var note = Assert.Single(snapshot.Notes, note => note.Kind == SnapshotNoteKind.Limitation);
            Assert.Contains("CAP_SYS_PTRACE", note.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(
                Enumerable.Range(0, snapshot.Regions.Count),
                row => snapshot.Regions.DetailText(row).StartsWith("Thread ", StringComparison.Ordinal));
        });
    }

    private static void SkipUnlessRoot() =>
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root may start a process as another user.");
}
