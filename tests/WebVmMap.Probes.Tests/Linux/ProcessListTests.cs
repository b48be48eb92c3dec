using System.Diagnostics;
using System.Text;
using WebVmMap.Probes.Linux;
using WebVmMap.Probes.Linux.ProcFs;

namespace WebVmMap.Probes.Tests.Linux;

public sealed class ProcessListTests
{
    [LinuxFact]
    public void ListProcesses_OwnProcess_IsDescribedTruly()
    {
        var own = Probing.Host.ListProcesses().Single(process => process.Key.Pid == Environment.ProcessId);
        using var known = Process.GetCurrentProcess();
        Assert.Equal(known.ProcessName, own.Name);
        Assert.Equal(string.Join(' ', File.ReadAllText("/proc/self/cmdline").TrimEnd('\0').Split('\0')), own.CommandLine);
        Assert.Equal(Environment.UserName, own.User);
        Assert.Equal("x64", own.Architecture);
        Assert.True(own.Managed);
        Assert.InRange((own.StartTime - known.StartTime.ToUniversalTime()).TotalSeconds, -2, 2);
        Assert.Equal("", own.Limitation);
        Assert.InRange(own.WorkingSetBytes, 1 << 20, 1L << 40);
        Assert.InRange(own.PrivateBytes, 1 << 20, own.WorkingSetBytes);
    }

    [LinuxFact]
    public void ListProcesses_Child_HasItsParentAndArgumentsAndFigures()
    {
        using var target = TestTarget.Start("manyregions", "10", "64");
        var child = Probing.Host.ListProcesses().Single(process => process.Key.Pid == target.Pid);
        Assert.Equal(Environment.ProcessId, child.ParentPid);
        Assert.EndsWith(" 10 64", child.CommandLine, StringComparison.Ordinal);
        Assert.StartsWith("manyregions-", child.Name, StringComparison.Ordinal); // more than the 15 bytes of comm
        Assert.InRange(child.PrivateBytes, 63L << 20, 66L << 20);
        Assert.False(child.Managed);
    }

    [LinuxFact]
    public void ListProcesses_Twice_HasNoKernelThreadsAndEachProcessOnce()
    {
        var host = HostProbe.ForThisMachine();
        for (var i = 0; i < 2; i++)
        {
            var list = host.ListProcesses();
            Assert.Equal(list.Count, list.Select(process => process.Key).Distinct().Count());
            Assert.DoesNotContain(list, process => process.Name == "kthreadd");
            Assert.Contains(list, process => process.Key.Pid == 1);
        }
    }

    [LinuxFact]
    public void ReadCounters_ProcessWithKnownMemory_AreTheKernelsFigures()
    {
        using var target = TestTarget.Start("manyregions", "10", "64");
        using var probe = Probing.Open(target.Pid);
        var read = probe.ReadCounters();
        Assert.True(read.TryGet(out var counters), read.Message);
        using var known = Process.GetProcessById(target.Pid);
        Assert.Equal(known.VirtualMemorySize64, counters.VirtualSize);
        Assert.InRange(counters.ResidentAnonymous ?? 0, 64L << 20, 66L << 20);
        Assert.InRange(counters.WorkingSet ?? 0, counters.ResidentAnonymous ?? 0, 80L << 20);
        Assert.InRange(counters.PageTable ?? 0, 128 * 1024, 1 << 20); // 64 MiB take 32 tables of a page each
        Assert.Null(counters.PrivateCommit);
    }

    [LinuxFact]
    public void ReadCounters_Again_AllocatesNextToNothing()
    {
        using var probe = Probing.Open(Environment.ProcessId);
        probe.ReadCounters();
        var before = GC.GetAllocatedBytesForCurrentThread();
        probe.ReadCounters();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 512); // the result itself
    }

    [LinuxFact]
    public void Host_ThisMachine_IsDescribed()
    {
        var host = Probing.Host.Host;
        Assert.Equal(Environment.MachineName, host.Name);
        Assert.Equal("x64", host.Architecture);
        Assert.Matches("^[0-9a-f]{32}$", host.MachineId);
        Assert.Equal(host.MachineId, HostProbe.ForThisMachine().Host.MachineId);
        Assert.NotEmpty(host.OsDescription);
    }

    [Fact]
    public void HashId_OfAMachineId_IsAlwaysTheSameAndNotTheIdItself()
    {
        const string Id = "0123456789abcdef0123456789abcdef";
        Assert.Equal(HostFacts.HashId(Id), HostFacts.HashId(Id));
        Assert.NotEqual(Id, HostFacts.HashId(Id));
        Assert.NotEqual(HostFacts.HashId(Id), HostFacts.HashId("1" + Id[1..]));
    }

    [Theory]
    [InlineData("NAME=x\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\n", "Debian GNU/Linux 12 (bookworm)")]
    [InlineData("PRETTY_NAME='Alpine Linux v3.20'", "Alpine Linux v3.20")]
    [InlineData("PRETTY_NAME=Plain\r\n", "Plain")]
    [InlineData("PRETTY_NAME=\n", null)]
    [InlineData("", null)]
    public void PrettyName_OfOsRelease_IsWhatPeopleCallIt(string text, string? expected) => Assert.Equal(expected, HostFacts.PrettyName(text));

    [Theory]
    [InlineData("1 (init) S 0 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4711 9 9", "init", 0, 4711)]
    [InlineData("12 (a) b) (c) R 7 1 1 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 99 9", "a) b) (c", 7, 99)]
    [InlineData("12 () S 7 1 1 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 5 9", "", 7, 5)]
    public void TryParse_StatLine_FindsItsFieldsWhateverTheName(string line, string command, int parent, long start)
    {
        Assert.True(ProcStat.TryParse(Encoding.UTF8.GetBytes(line), out var stat));
        Assert.Equal((command, parent, start), (Encoding.UTF8.GetString(stat.Command), stat.ParentPid, stat.StartTicks));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1 (init")]
    [InlineData("1 (init) S 0 1 1")]
    [InlineData("1 (init) S x 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4711 9 9")]
    [InlineData("1 init) S (")]
    public void TryParse_NoStatLine_IsRefused(string line) => Assert.False(ProcStat.TryParse(Encoding.UTF8.GetBytes(line), out _));

    [Theory]
    [InlineData("dotnet-diagnostic-4711-99-socket", true, 4711, 99)]
    [InlineData("dotnet-diagnostic-4711-99-socke", false, 0, 0)]
    [InlineData("dotnet-diagnostic-4711-socket", false, 0, 0)]
    [InlineData("dotnet-diagnostic-", false, 0, 0)]
    [InlineData("other", false, 0, 0)]
    public void TryParse_SocketName_TellsProcessAndStart(string name, bool good, int pid, long start)
    {
        Assert.Equal(good, DiagnosticSocket.TryParse(Encoding.UTF8.GetBytes(name), out var foundPid, out var foundStart));
        if (good)
        {
            Assert.Equal((pid, start), (foundPid, foundStart));
        }
    }

    [Fact]
    public void Parse_StatusOfAKernelThread_HasNoMemory()
    {
        var status = ProcStatus.Parse("Name:\tkthreadd\nUid:\t0\t0\t0\t0\nCapEff:\t000001ffffffffff\nThreads:\t1\n"u8);
        Assert.Null(status.VmSize);
        Assert.Equal(0x1ffffffffffUL, status.EffectiveCapabilities);
    }

    [Fact]
    public void Parse_Status_GivesBytes()
    {
        var status = ProcStatus.Parse("Name:\tx\nTgid:\t12\nUid:\t0\t1000\t0\t0\nVmSize:\t  12 kB\nVmRSS:\t 8 kB\nRssAnon:\t4 kB\nVmPTE:\t3 kB\nVmSwap:\t2 kB\n"u8);
        Assert.Equal((12, 1000u), (status.ProcessId, status.EffectiveUid));
        Assert.Equal((12288L, 8192L, 4096L, 3072L, 2048L), (status.VmSize, status.VmRss, status.RssAnon, status.VmPte, status.VmSwap));
        Assert.Equal(status.VmSize, status.Counters.VirtualSize);
    }
}
