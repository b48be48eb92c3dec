namespace WebVmMap.Wine.Tests.ThroughHub;

/// <summary>The Windows agent and a hub that shows a certificate which only the pin vouches for.</summary>
public sealed class TlsTests(WinePrefix wine)
{
    [Fact(Timeout = 120_000)]
    public async Task Run_PinnedCertificateAndKey_Connects()
    {
        var certificate = TestCertificate.Make(wine.Folder);
        await using var hub = await HubProcess.StartAsync(certificate);
        var key = await hub.CommandAsync("agent-key", "create", "windows");
        Assert.StartsWith("https://", hub.Agents, StringComparison.Ordinal);

        using var agent = wine.Start(wine.Agent, "run", "--hub", hub.Agents, "--pin", certificate.Pin, "--token", key);

        var hosts = await hub.WaitForAsync("/api/v1/hosts", found => found.GetArrayLength() > 0);
        var host = Assert.Single(hosts.EnumerateArray());
        Assert.Equal("online", host.GetProperty("status").GetString());
        // The key was asked for and belongs to this host from now on.
        Assert.EndsWith("\t" + host.GetProperty("id").GetString(), await hub.CommandAsync("agent-key", "list"), StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Run_OtherCertificateThanPinned_SaysWhichItSawAndNeverConnects()
    {
        var certificate = TestCertificate.Make(wine.Folder);
        await using var hub = await HubProcess.StartAsync(certificate);
        using var agent = wine.Start(wine.Agent, "run", "--hub", hub.Agents, "--pin", "sha256:" + new string('0', 64), "--token", await hub.CommandAsync("agent-key", "create", "windows"));

        var error = await agent.WaitForErrorAsync("Trying again");

        Assert.Contains("its certificate is not the pinned one", error, StringComparison.Ordinal);
        Assert.Contains(certificate.Pin, error, StringComparison.Ordinal);
        Assert.Equal(0, (await hub.GetAsync("/api/v1/hosts")).GetArrayLength());
        Assert.Contains("never used", await hub.CommandAsync("agent-key", "list"), StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Run_UntrustedCertificateWithoutPin_SaysWhatToPin()
    {
        var certificate = TestCertificate.Make(wine.Folder);
        await using var hub = await HubProcess.StartAsync(certificate);
        using var agent = wine.Start(wine.Agent, "run", "--hub", hub.Agents);

        var error = await agent.WaitForErrorAsync("Trying again");

        Assert.Contains("its certificate is not trusted", error, StringComparison.Ordinal);
        Assert.Contains(certificate.Pin, error, StringComparison.Ordinal);
        Assert.Contains("--pin", error, StringComparison.Ordinal);
        Assert.Equal(0, (await hub.GetAsync("/api/v1/hosts")).GetArrayLength());
    }

    [Fact(Timeout = 120_000)]
    public async Task Run_KeyThatTheHubDoesNotKnow_EndsAndSaysWhatToDo()
    {
        var certificate = TestCertificate.Make(wine.Folder);
        await using var hub = await HubProcess.StartAsync(certificate);
        using var agent = wine.Start(wine.Agent, "run", "--hub", hub.Agents, "--pin", certificate.Pin, "--token", new string('x', 43));

        Assert.Equal(1, await agent.EndAsync());
        Assert.Contains("refuses this agent's key", agent.Errors, StringComparison.Ordinal);
        Assert.Contains("agent-key create", agent.Errors, StringComparison.Ordinal);
    }
}
