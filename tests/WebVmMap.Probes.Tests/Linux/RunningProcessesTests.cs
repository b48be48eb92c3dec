namespace WebVmMap.Probes.Tests.Linux;

public sealed class RunningProcessesTests
{
    [LinuxFact]
    public void TakeSnapshot_EveryProcessOfThisMachine_HoldsTheInvariants()
    {
        var seen = 0;
        foreach (var process in Probing.Host.ListProcesses())
        {
            var opened = Probing.Host.Open(process.Key.Pid, process.Key.StartStamp);
            if (!opened.TryGet(out var probe))
            {
                Assert.NotEqual(ProbeOutcome.Failed, opened.Outcome);
                Assert.NotEmpty(opened.Message);
                continue;
            }
            using (probe)
            {
                var taken = probe.TakeSnapshot(CancellationToken.None);
                if (taken.TryGet(out var snapshot))
                {
                    SnapshotInvariants.Check(snapshot);
                    Assert.Equal(process.Key, snapshot.Process.Key);
                    seen++;
                }
                else
                {
                    // Another test has its program do nothing but start itself anew.
                    Assert.True(
                        taken.Outcome == ProbeOutcome.Gone || (taken.Outcome == ProbeOutcome.Failed && taken.Message.Contains("started another program each time", StringComparison.Ordinal)),
                        $"{process.Key.Pid} {process.Name}: {taken.Message}");
                }
            }
        }
        Assert.True(seen > 0, "Not even this test's own process could be read.");
    }
}
