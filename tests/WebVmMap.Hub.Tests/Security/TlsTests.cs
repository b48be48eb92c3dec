using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using WebVmMap.Hub.Configuration;
using WebVmMap.Hub.Security;
using WebVmMap.Hub.Tests.Hosting;
using WebVmMap.Tests.Shared;
using Xunit;

namespace WebVmMap.Hub.Tests.Security;

public sealed class TlsTests
{
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task AgentPort_ByTlsVersion_ShowsThePrintedFingerprint(SslProtocols version)
    {
        using var folder = new TestFolder();
        var (path, fingerprint) = SelfSigned(folder);
        await using var hub = await TestHub.StartAsync(options => options with { CertificatePath = path }, folder: folder);
        using var client = new TcpClient();
        await client.ConnectAsync(hub.Agents.Host, hub.Agents.Port, TestContext.Current.CancellationToken);
        using var tls = new SslStream(client.GetStream());
        var shown = "";
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                EnabledSslProtocols = version,
                ApplicationProtocols = [SslApplicationProtocol.Http2],
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                {
                    shown = "sha256:" + certificate!.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant();
                    return shown == fingerprint;
                },
            },
            TestContext.Current.CancellationToken);
        Assert.Equal(version, tls.SslProtocol);
        Assert.Equal(fingerprint, shown);
    }

    [Fact]
    public async Task Connect_OverTlsWithPinnedCertificate_IsWelcome()
    {
        using var folder = new TestFolder();
        var (path, fingerprint) = SelfSigned(folder);
        await using var hub = await TestHub.StartAsync(options => options with { CertificatePath = path }, folder: folder);
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            "sha256:" + certificate!.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant() == fingerprint;
        await using var agent = await ScriptedAgent.ConnectAsync(hub.Agents, handler: handler);
        Assert.Equal("alpha", agent.HostId);
    }

    [Fact]
    public void Load_Again_IsTheSameCertificateAndReadableByItsOwnerOnly()
    {
        using var folder = new TestFolder();
        var (path, fingerprint) = SelfSigned(folder);
        Assert.Equal(fingerprint, SelfSigned(folder).Fingerprint);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public void Load_WrongPassword_SaysSoInOneSentence()
    {
        using var folder = new TestFolder();
        var (path, _) = SelfSigned(folder);
        var options = new HubOptions { DataDirectory = folder.Path, CertificatePath = path, CertificatePassword = "wrong" };
        var refusal = Assert.Throws<InvalidDataException>(() => HubCertificate.Load(options, DataFolder.Create(folder.Path), TimeProvider.System));
        Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
    }

    private static (string Path, string Fingerprint) SelfSigned(TestFolder folder)
    {
        var data = DataFolder.Create(folder.Path);
        // Only looked at, not listened on: an address of another machine's choosing asks for a certificate.
        using var certificate = HubCertificate.Load(new HubOptions { Bind = "*", DataDirectory = folder.Path }, data, TimeProvider.System)!;
        return (data.SelfSignedCertificate, certificate.Fingerprint);
    }
}
