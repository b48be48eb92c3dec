using System.Runtime.Versioning;
using WebVmMap.Agent.Commands;
using WebVmMap.Agent.Policy;
using WebVmMap.Agent.Service;
using WebVmMap.Agent.Uplink;

namespace WebVmMap.Agent.Tests.Service;

[UnsupportedOSPlatform("windows")]
public sealed class SystemdInstallationTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("webvmmap-root-").FullName;
    private readonly List<string> _calls = [];
    private readonly StringWriter _output = new(System.Globalization.CultureInfo.InvariantCulture);

    private string Unit => Path.Combine(_root, "etc/systemd/system/webvmmap-agent.service");

    private string Key => Path.Combine(_root, "etc/webvmmap/agent.env");

    public void Dispose()
    {
        _output.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public void Install_WithKey_KeepsItOutOfTheUnitAndReadableByTheOwnerOnly()
    {
        Installation().Install("/opt/agent", Options("hunter2"));

        Assert.DoesNotContain("hunter2", File.ReadAllText(Unit), StringComparison.Ordinal);
        Assert.Equal("WEBVMMAP_AGENT_KEY=hunter2\n", File.ReadAllText(Key));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Key));
        Assert.Equal(["daemon-reload", "enable webvmmap-agent.service", "restart webvmmap-agent.service"], _calls);
    }

    [Fact]
    public void Install_OverAKeyFileThatAllCanRead_ReplacesIt()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Key)!);
        File.WriteAllText(Key, "old");
        File.SetUnixFileMode(Key, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        Installation().Install("/opt/agent", Options("new"));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Key));
    }

    [Fact]
    public void Install_WhereSystemdDoesNotRun_WritesTheUnitAndSaysSo()
    {
        new SystemdInstallation(_root, systemctl: null, _output).Install("/opt/agent", Options(null));

        Assert.True(File.Exists(Unit));
        Assert.Contains("was not started", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Unit_MayEmptyWorkingSets_HasTheRightForItAndTheOption()
    {
        var unit = SystemdInstallation.Unit("/opt/agent", Options(null) with { Permissions = new AgentPermissions(false, false, EmptyWorkingSet: true, Source: true) });

        Assert.Contains("CapabilityBoundingSet=CAP_SYS_PTRACE CAP_DAC_READ_SEARCH CAP_SYS_NICE\n", unit, StringComparison.Ordinal);
        Assert.Contains("\"--allow-empty-working-set\"", unit, StringComparison.Ordinal);
        Assert.Contains("\"--allow-source\"", unit, StringComparison.Ordinal);
        Assert.DoesNotContain("CAP_SYS_NICE", SystemdInstallation.Unit("/opt/agent", Options(null)), StringComparison.Ordinal);
    }

    [Fact]
    public void Uninstall_AfterInstall_LeavesNothing()
    {
        Installation().Install("/opt/agent", Options("k"));
        _calls.Clear();

        Installation().Uninstall();

        Assert.False(File.Exists(Unit));
        Assert.False(File.Exists(Key));
        Assert.Equal(["disable --now webvmmap-agent.service", "daemon-reload"], _calls);
    }

    [Fact]
    public void Uninstall_NotInstalled_FailsSayingSo() =>
        Assert.Contains("not installed", Assert.Throws<CommandException>(() => Installation().Uninstall()).Message, StringComparison.Ordinal);

    [Fact]
    public void Unit_AwkwardTexts_AreQuotedForSystemd()
    {
        var unit = SystemdInstallation.Unit("/opt/my 100% agent", Options(null) with { Name = "a \"b\" $HOME \\ 5%" });

        Assert.Contains(
            "ExecStart=\"/opt/my 100%% agent\" \"run\" \"--hub\" \"https://hub:5081\" \"--name\" \"a \\\"b\\\" $$HOME \\\\ 5%%\" \"--allow-recording\"\n",
            unit,
            StringComparison.Ordinal);
    }

    private SystemdInstallation Installation() => new(_root, arguments => _calls.Add(string.Join(' ', arguments)), _output);

    private static UplinkOptions Options(string? key)
    {
        Assert.True(HubAddress.TryParse("https://hub:5081", null, out var hub, out _));
        return new UplinkOptions { Hub = hub, Key = key, Permissions = new AgentPermissions(Recording: true, Contents: false) };
    }
}
