using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WebVmMap.Agent.Tests.Hub;

namespace WebVmMap.Agent.Tests.Uplink;

public sealed class CertificateTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task RunAsync_PinnedSelfSignedCertificate_Connects()
    {
        using var certificate = SelfSigned();
        await using var hub = await TestHub.StartAsync(certificate);
        await using var agent = new AgentFixture(hub.Url, pin: $"sha256:{Fingerprint(certificate)}", key: "k");

        Assert.Equal("Bearer k", (await hub.WelcomeNextAgentAsync()).Authorization);
    }

    [Fact]
    public async Task RunAsync_OtherCertificateThanPinned_NeverSendsTheKeyAndSaysWhatItSaw()
    {
        using var certificate = SelfSigned();
        await using var hub = await TestHub.StartAsync(certificate);
        await using var agent = new AgentFixture(hub.Url, pin: new string('a', 64), key: "k");

        await agent.Time.PassAsync(s_second);
        await agent.Time.PassAsync(s_second);

        Assert.Contains($"not the pinned one: it shows sha256:{Fingerprint(certificate)}", Assert.Single(agent.Log.Lines), StringComparison.Ordinal);
        Assert.Equal(0, hub.Link.Dials);
    }

    [Fact]
    public async Task RunAsync_SelfSignedCertificateWithoutPin_IsNotTrusted()
    {
        using var certificate = SelfSigned();
        await using var hub = await TestHub.StartAsync(certificate);
        await using var agent = new AgentFixture(hub.Url, key: "k");

        await agent.Time.PassAsync(s_second);

        Assert.Contains("pass it with --pin", Assert.Single(agent.Log.Lines), StringComparison.Ordinal);
        Assert.Equal(0, hub.Link.Dials);
    }

    private static string Fingerprint(X509Certificate2 certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant();

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=webvmmap-hub", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
