using WebVmMap.Hub.Components.Controls;
using WebVmMap.Hub.Configuration;

namespace WebVmMap.Components.Tests.Controls;

public sealed class ConnectStepsTests
{
    private static readonly Uri s_page = new("https://hub.example:5080/");

    [Fact]
    public void Of_SelfSigned_TellsAddressAndPin()
    {
        var steps = ConnectSteps.Of(new HubOptions { Bind = "*" }, s_page, 5081, "sha256:00ff");
        Assert.Equal("webvmmap-agent run --hub https://hub.example:5081 --pin sha256:00ff --token-file agent.key", steps.Run);
        Assert.Equal("webvmmap-hub agent-key create NAME", steps.MakeKey);
        Assert.Null(steps.Rebind);
    }

    [Fact]
    public void Of_CertificateOfAnAuthority_NeedsNoPin() =>
        Assert.Equal(
            "webvmmap-agent run --hub https://hub.example:5081 --token-file agent.key",
            ConnectSteps.Of(new HubOptions { Bind = "*", CertificatePath = "hub.pfx" }, s_page, 5081, null).Run);

    [Fact]
    public void Of_LoopbackOnly_TellsHowOthersCouldReachItAndNoCommandThatCannotWork()
    {
        var steps = ConnectSteps.Of(new HubOptions { Port = 7000, DataDirectory = "/srv/my data" }, new("http://127.0.0.1:7000/"), 7001, null);
        Assert.Equal("webvmmap-agent run --hub http://127.0.0.1:7001", steps.Local);
        Assert.Equal("webvmmap-hub --bind \"*\" --port 7000 --data \"/srv/my data\"", steps.Rebind);
        Assert.Equal("webvmmap-hub agent-key create NAME --data \"/srv/my data\"", steps.MakeKey);
        Assert.Null(steps.Run);
    }
}
