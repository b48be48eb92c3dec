using System.Globalization;
using WebVmMap.Core.Processes;

namespace WebVmMap.Probes.Tests.Linux;

/// <summary>Emptying the working set of a real process; the truth is what the kernel says in smaps.</summary>
public sealed class WorkingSetTests : IDisposable
{
    private const long Size = 16 << 20;

    // On a file system with a disk behind it: pages of tmpfs go to swap only.
    private readonly string _folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, $"working-set-{Guid.NewGuid():n}")).FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [LinuxFact]
    public void EmptyWorkingSet_ClosesNothingAndTheFilesPagesLeave()
    {
        SkipUnlessRoot();
        using var target = Start();
        using var probe = Probing.Open(target.Pid);
        var before = Rss(target.Pid);
        Assert.Equal(Size, Rss(target.Pid, target.Facts[0][1]));

        var emptied = Empty(probe);

        var after = Rss(target.Pid);
        Assert.Equal(before, emptied.ResidentBefore);
        AssertIs(after, emptied.ResidentAfter);
        Assert.Equal(0, Rss(target.Pid, target.Facts[0][1]));
        Assert.InRange(after, 0, before - Size);
        // The next snapshot says the same, and the program lives on.
        Assert.InRange(Probing.Snapshot(probe).Summary.Total.TotalWs, after, after + (1 << 20));
        target.End();
    }

    [LinuxFact]
    public void EmptyWorkingSet_SaysWhatStayedAndWhy()
    {
        SkipUnlessRoot();
        using var target = Start();
        using var probe = Probing.Open(target.Pid);

        var notes = string.Join('\n', Empty(probe).Notes);

        Assert.Contains("64 KiB: the process locked it in memory (mlock)", notes, StringComparison.Ordinal);
        Assert.Equal(64 << 10, Rss(target.Pid, target.Facts[2][1]));
        Assert.Contains("other processes map too", notes, StringComparison.Ordinal);
        var hasSwap = File.ReadAllLines("/proc/swaps").Length > 1;
        Assert.Equal(hasSwap, !notes.Contains("no swap", StringComparison.Ordinal));
        // Without swap every anonymous page is still where it was.
        Assert.True(hasSwap || Rss(target.Pid, target.Facts[1][1]) == Size);
    }

    [LinuxFact]
    public void EmptyWorkingSet_WithoutTheRight_IsDeniedSaysHowToGetItAndTakesNothing()
    {
        SkipUnlessRoot();
        using var target = Start();
        using var probe = Probing.Open(target.Pid);
        WithoutPtraceRight.RunWithoutNice(() =>
        {
            var result = probe.EmptyWorkingSet(CancellationToken.None);
            Assert.Equal(ProbeOutcome.Denied, result.Outcome);
            Assert.Contains("CAP_SYS_NICE", result.Message, StringComparison.Ordinal);
        });
        Assert.Equal(Size, Rss(target.Pid, target.Facts[0][1]));
    }

    [LinuxFact]
    public void EmptyWorkingSet_AfterItEnded_IsGone()
    {
        using var target = Start();
        using var probe = Probing.Open(target.Pid);
        target.End();
        Assert.Equal(ProbeOutcome.Gone, probe.EmptyWorkingSet(CancellationToken.None).Outcome);
    }

    [LinuxFact]
    public void EmptyWorkingSet_Cancelled_Throws()
    {
        using var target = Start();
        using var probe = Probing.Open(target.Pid);
        Assert.Throws<OperationCanceledException>(() => probe.EmptyWorkingSet(new CancellationToken(canceled: true)));
    }

    [LinuxFact]
    public void EmptyWorkingSet_ManyMappings_AllLeaveInSeveralCalls()
    {
        SkipUnlessRoot();
        // More mappings with pages than vectors fit into one call; those with no file stay, and none is lost on the way.
        using var target = TestTarget.Start("manyregions", "5000", "80");
        using var probe = Probing.Open(target.Pid);
        var before = Rss(target.Pid);
        var emptied = Empty(probe);
        Assert.Equal(before, emptied.ResidentBefore);
        AssertIs(Rss(target.Pid), emptied.ResidentAfter);
        Assert.DoesNotContain(emptied.Notes, note => note.Contains("refused", StringComparison.Ordinal));
    }

    // What the program has touched again since is back.
    private static void AssertIs(long now, long emptied) => Assert.InRange(now - emptied, 0, 16 * Environment.SystemPageSize);

    private static EmptiedWorkingSet Empty(IProcessProbe probe)
    {
        var result = probe.EmptyWorkingSet(CancellationToken.None);
        Assert.True(result.TryGet(out var emptied), result.Message);
        return emptied;
    }

    private static long Rss(int pid) => Figure(File.ReadLines($"/proc/{pid}/smaps_rollup"));

    /// <summary>Resident bytes of the one mapping that begins at an address.</summary>
    private static long Rss(int pid, string address) =>
        Figure(File.ReadAllLines($"/proc/{pid}/smaps").SkipWhile(line => !line.StartsWith(address[2..] + "-", StringComparison.Ordinal)));

    private static long Figure(IEnumerable<string> lines)
    {
        var line = lines.First(line => line.StartsWith("Rss:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
    }

    private static void SkipUnlessRoot() =>
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root has the right to page out another process's memory.");

    private TestTarget Start() => TestTarget.Start("workingset", Path.Combine(_folder, "mapped"), Size.ToString(CultureInfo.InvariantCulture));
}
