using WebVmMap.Core.Processes;
using WebVmMap.Probes.Windows;

namespace WebVmMap.Probes.Tests.Windows;

/// <summary>What the answers of Windows to emptying a working set are taken for.</summary>
public sealed class EmptyWorkingSetTests
{
    [Fact]
    public void EmptyWorkingSet_Shrinks_TellsBothFigures()
    {
        var result = Empty(WindowsError.Success, 1 << 20, 4096);
        Assert.True(result.TryGet(out var emptied), result.Message);
        Assert.Equal((1 << 20, 4096), (emptied.ResidentBefore, emptied.ResidentAfter));
        Assert.Contains("standby", Assert.Single(emptied.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void EmptyWorkingSet_SaysYesAndDoesNothing_IsToldAsSuch()
    {
        Assert.True(Empty(WindowsError.Success, 1 << 20, 1 << 20).TryGet(out var emptied));
        Assert.Contains("did not shrink", Assert.Single(emptied.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void EmptyWorkingSet_AccessDenied_NamesTheRight()
    {
        var result = Empty(WindowsError.AccessDenied, 1 << 20, 1 << 20);
        Assert.Equal(ProbeOutcome.Denied, result.Outcome);
        Assert.Contains("PROCESS_SET_QUOTA", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EmptyWorkingSet_AnotherError_IsNamed()
    {
        var result = Empty(1455, 1 << 20, 1 << 20);
        Assert.Equal(ProbeOutcome.Failed, result.Outcome);
        Assert.Contains("1455", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EmptyWorkingSet_Ended_IsGone() => Assert.Equal(ProbeOutcome.Gone, Empty(WindowsError.AccessDenied, 1, 1, exited: true).Outcome);

    private static ProbeResult<EmptiedWorkingSet> Empty(int error, long before, long after, bool exited = false)
    {
        var process = new RecordedProcess { EmptyError = error, HasExited = exited };
        process.Counters.Enqueue(new ProcessCounters { WorkingSet = before });
        process.Counters.Enqueue(new ProcessCounters { WorkingSet = after });
        using var probe = SnapshotTaker.Probe(process);
        return probe.EmptyWorkingSet(CancellationToken.None);
    }
}
