using WebVmMap.Agent.Uplink;

namespace WebVmMap.Agent.Tests.Uplink;

public sealed class HubAddressTests
{
    private const string Digits = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    [Theory]
    [InlineData("http://127.0.0.1:5081")]
    [InlineData("http://127.9.9.9:5081/")]
    [InlineData("http://localhost:5081")]
    [InlineData("http://[::1]:5081")]
    [InlineData("https://hub.example:5081")]
    [InlineData("https://10.1.2.3:5081")]
    public void TryParse_LoopbackOrTls_IsAccepted(string url) => Assert.True(HubAddress.TryParse(url, null, out _, out _));

    [Theory]
    [InlineData("http://hub.example:5081", "unencrypted")]
    [InlineData("http://10.0.0.1:5081", "unencrypted")]
    [InlineData("http://127.0.0.1.example:5081", "unencrypted")]
    [InlineData("http://localhost.example:5081", "unencrypted")]
    [InlineData("hub.example:5081", "no address")]
    [InlineData("ftp://127.0.0.1", "no address")]
    [InlineData("", "no address")]
    [InlineData("https://hub.example/path", "more than a host and a port")]
    [InlineData("https://user:secret@hub.example", "more than a host and a port")]
    public void TryParse_AnythingElse_IsRefusedWithTheReason(string url, string reason)
    {
        Assert.False(HubAddress.TryParse(url, null, out _, out var error));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sha256:" + Digits)]
    [InlineData(Digits)]
    [InlineData("SHA256:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF")]
    public void TryParse_FingerprintAsPeopleWriteIt_IsRead(string pin)
    {
        Assert.True(HubAddress.TryParse("https://hub.example:1", pin, out var address, out _));
        Assert.Equal(Digits, address.Pin);
    }

    [Theory]
    [InlineData("https://hub.example", "sha256:1234")]
    [InlineData("https://hub.example", "sha256:zz112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")]
    [InlineData("http://127.0.0.1", "sha256:" + Digits)]
    public void TryParse_FingerprintThatCannotBe_IsRefused(string url, string pin) => Assert.False(HubAddress.TryParse(url, pin, out _, out _));
}
