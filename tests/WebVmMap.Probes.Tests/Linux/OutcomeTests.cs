using WebVmMap.Core.Regions;

namespace WebVmMap.Probes.Tests.Linux;

/// <summary>A process may end, be replaced or be denied to us at any time: that is an answer, never an exception.</summary>
public sealed class OutcomeTests
{
    [LinuxFact]
    public void Open_NoSuchProcess_IsNotFound()
    {
        foreach (var pid in new[] { 0, -1, int.MaxValue })
        {
            var opened = Probing.Host.Open(pid, null);
            Assert.Equal(ProbeOutcome.NotFound, opened.Outcome);
            Assert.Contains($"{pid}", opened.Message, StringComparison.Ordinal);
        }
    }

    [LinuxFact]
    public void Open_WithTheStampOfAnEndedProcess_IsGone()
    {
        using var target = TestTarget.Start("threads", "1");
        var key = Probing.Open(target.Pid).Key;
        target.End();
        Assert.Equal(ProbeOutcome.Gone, Probing.Host.Open(key.Pid, key.StartStamp).Outcome);
    }

    [LinuxFact]
    public void Open_OtherStartStamp_IsReplaced()
    {
        using var target = TestTarget.Start("threads", "1");
        using var probe = Probing.Open(target.Pid);
        Assert.Equal(ProbeOutcome.Replaced, Probing.Host.Open(target.Pid, probe.Key.StartStamp - 1).Outcome);
        var same = Probing.Host.Open(target.Pid, probe.Key.StartStamp);
        Assert.True(same.TryGet(out var again), same.Message);
        again.Dispose();
    }

    [LinuxFact]
    public void Open_IdOfAThread_NamesItsProcess()
    {
        using var target = TestTarget.Start("threads", "1");
        var opened = Probing.Host.Open(int.Parse(target.Facts[0][1], System.Globalization.CultureInfo.InvariantCulture), null);
        Assert.Equal(ProbeOutcome.NoAddressSpace, opened.Outcome);
        Assert.Contains($"thread of process {target.Pid}", opened.Message, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void Open_KernelThread_SaysThatItHasNoAddressSpace()
    {
        Assert.SkipUnless(File.Exists("/proc/2/comm") && File.ReadAllText("/proc/2/comm") == "kthreadd\n", "No kernel threads are to be seen here (a container).");
        var opened = Probing.Host.Open(2, null);
        Assert.Equal(ProbeOutcome.NoAddressSpace, opened.Outcome);
        Assert.Contains("kernel thread: it has no address space", opened.Message, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void Open_EndedButNotYetReaped_IsGone()
    {
        using var target = TestTarget.Start("zombie");
        var child = int.Parse(target.Facts[0][1], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains(") Z ", File.ReadAllText($"/proc/{child}/stat"), StringComparison.Ordinal);
        Assert.Equal(ProbeOutcome.Gone, Probing.Host.Open(child, null).Outcome);
        Assert.DoesNotContain(Probing.Host.ListProcesses(), process => process.Key.Pid == child);
    }

    [LinuxFact]
    public void TakeSnapshot_AfterItEnded_IsGone()
    {
        using var target = TestTarget.Start("threads", "1");
        using var probe = Probing.Open(target.Pid);
        SnapshotInvariants.Check(Probing.Snapshot(probe));
        target.End();
        Assert.Equal(ProbeOutcome.Gone, probe.TakeSnapshot(CancellationToken.None).Outcome);
        Assert.Equal(ProbeOutcome.Gone, probe.ReadCounters().Outcome);
    }

    [LinuxFact]
    public void TakeSnapshot_WhileItEnds_IsWholeOrGone()
    {
        // Reading takes long enough (20,000 mappings) that the end falls in the middle of some of these.
        var gone = 0;
        for (var i = 0; i < 8; i++)
        {
            using var target = TestTarget.Start("manyregions", "20000", "80");
            using var probe = Probing.Open(target.Pid);
            using var started = new ManualResetEventSlim();
            var ending = Task.Run(() =>
            {
                started.Wait();
                Thread.SpinWait(20_000 * i);
                target.End();
            });
            started.Set();
            while (true)
            {
                var taken = probe.TakeSnapshot(CancellationToken.None);
                if (!taken.TryGet(out var snapshot))
                {
                    Assert.Equal(ProbeOutcome.Gone, taken.Outcome);
                    gone++;
                    break;
                }
                SnapshotInvariants.Check(snapshot);
                Assert.True(snapshot.Regions.Count > 20_000, "A part of the regions was taken for the whole.");
            }
            ending.GetAwaiter().GetResult();
        }
        Assert.Equal(8, gone);
    }

    [LinuxFact]
    public void TakeSnapshot_OfAProcessThatKeepsStartingPrograms_IsOneAddressSpaceOrSaysWhyNot()
    {
        using var target = TestTarget.Start("execing");
        using var probe = Probing.Open(target.Pid);
        var complete = 0;
        for (var i = 0; i < 200; i++)
        {
            var taken = probe.TakeSnapshot(CancellationToken.None);
            if (taken.TryGet(out var snapshot))
            {
                SnapshotInvariants.Check(snapshot);
                // The stack is among the last: a reading that broke off lacks it.
                Assert.Contains(RegionCategory.Stack, snapshot.Regions.Categories.ToArray());
                complete++;
            }
            else
            {
                Assert.Equal(ProbeOutcome.Failed, taken.Outcome);
                Assert.Contains("started another program", taken.Message, StringComparison.Ordinal);
            }
        }
        Assert.True(complete > 0, "Never was a snapshot complete.");
        target.End();
    }

    [LinuxFact]
    public void TakeSnapshot_Cancelled_Throws()
    {
        using var probe = Probing.Open(Environment.ProcessId);
        Assert.Throws<OperationCanceledException>(() => probe.TakeSnapshot(new CancellationToken(canceled: true)));
        SnapshotInvariants.Check(Probing.Snapshot(probe));
    }

    [LinuxFact]
    public void TakeSnapshot_OfAnotherUsersProcess_Works()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root may start a process as another user.");
        const uint Nobody = 65534;
        using var target = TestTarget.StartAs(Nobody, "threads");
        var snapshot = Probing.Snapshot(target.Pid);
        SnapshotInvariants.Check(snapshot);
        Assert.Equal("nobody", snapshot.Process.User);
        Assert.Equal(RegionCategory.Stack, snapshot.CategoryAt(Probing.Address(target.Facts[0][3])));
    }
}
