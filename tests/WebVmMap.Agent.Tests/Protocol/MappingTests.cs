using Google.Protobuf;
using WebVmMap.Core.Processes;
using WebVmMap.Protocol;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Agent.Tests.Protocol;

public sealed class MappingTests
{
    private static readonly ProcessInfo s_process = new()
    {
        Key = new ProcessKey(42, 123_456_789),
        ParentPid = 1,
        Name = "name",
        CommandLine = "/bin/name --x",
        User = "root",
        Architecture = "x64",
        Managed = true,
        StartTime = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123),
        PrivateBytes = 5L << 40,
        WorkingSetBytes = 3L << 40,
        Limitation = "run as root",
    };

    [Fact]
    public void ProcessInfo_ThereAndBack_IsTheSame() => Assert.Equal(s_process, ProcessRow.Parser.ParseFrom(s_process.ToWire().ToByteArray()).ToCore());

    [Fact]
    public void ProcessInfo_TextTooLong_IsCutAndStillAccepted()
    {
        var row = (s_process with { CommandLine = new string('\u00e9', 100_000) }).ToWire();

        Assert.EndsWith("\u2026", row.ToCore().CommandLine, StringComparison.Ordinal);
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(row.CommandLine), AgentProtocol.TextBytes - 4, AgentProtocol.TextBytes);
    }

    [Fact]
    public void ProcessInfo_NameIsNoUnicode_CanBeSent() =>
        Assert.Equal("a\ufffdb", ProcessRow.Parser.ParseFrom((s_process with { Name = "a\ud800b" }).ToWire().ToByteArray()).Name);

    [Fact]
    public void ProcessRow_ImpossibleFigures_AreRefused()
    {
        Assert.Throws<InvalidDataException>(() => With(row => row.Pid = -1));
        Assert.Throws<InvalidDataException>(() => With(row => row.WorkingSetBytes = -1));
        Assert.Throws<InvalidDataException>(() => With(row => row.StartTimeUnixMs = long.MaxValue));
        Assert.Throws<InvalidDataException>(() => With(row => row.User = new string('u', AgentProtocol.TextBytes + 1)));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(0L, 7L)]
    [InlineData(long.MaxValue, null)]
    public void Counters_ThereAndBack_KeepWhatIsNotToldApartFrom0(long? workingSet, long? swap)
    {
        var counters = new ProcessCounters { WorkingSet = workingSet, Swap = swap, PageTable = 1 };
        var time = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);

        var sample = CounterSample.Parser.ParseFrom(counters.ToWire(time).ToByteArray());

        Assert.Equal((counters, time), (sample.ToCore(), sample.Time()));
    }

    [Fact]
    public void Counters_Negative_AreRefused() => Assert.Throws<InvalidDataException>(() => new CounterSample { Swap = -1 }.ToCore());

    [Theory]
    [InlineData(HostPlatform.Linux)]
    [InlineData(HostPlatform.Windows)]
    [InlineData(HostPlatform.Unspecified)]
    public void Platform_ThereAndBack_IsTheSame(HostPlatform platform) => Assert.Equal(platform, platform.ToWire().ToCore());

    private static ProcessInfo With(Action<ProcessRow> change)
    {
        var row = s_process.ToWire();
        change(row);
        return row.ToCore();
    }
}
