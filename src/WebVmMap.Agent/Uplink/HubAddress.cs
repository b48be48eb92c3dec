using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;

namespace WebVmMap.Agent.Uplink;

/// <summary>Where the hub is, and which certificate it must show when that is agreed on beforehand.</summary>
internal sealed record HubAddress
{
    private HubAddress(Uri uri, string? pin)
    {
        Uri = uri;
        Pin = pin;
    }

    /// <summary>Scheme, host and port.</summary>
    public Uri Uri { get; }

    /// <summary>SHA-256 of the hub's certificate, 64 lower-case hexadecimal digits; null to trust what the system trusts.</summary>
    public string? Pin { get; }

    /// <summary>True when nothing is encrypted, which is permitted on loopback only.</summary>
    public bool IsClearText => Uri.Scheme == Uri.UriSchemeHttp;

    /// <summary>Reads an address as people write it.</summary>
    /// <param name="url">For example <c>https://hub.example:5081</c> or <c>http://127.0.0.1:5081</c>.</param>
    /// <param name="pin"><c>sha256:</c> and 64 hexadecimal digits, colons between them allowed; null or empty for none.</param>
    /// <param name="address">The address.</param>
    /// <param name="error">One sentence: what is wrong and what to do.</param>
    public static bool TryParse(string url, string? pin, [NotNullWhen(true)] out HubAddress? address, [NotNullWhen(false)] out string? error)
    {
        address = null;
        error = null;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
        {
            error = $"'{url}' is no address of a hub: write it as https://HOST:PORT, or as http://127.0.0.1:PORT on the hub's own machine.";
        }
        else if (uri.AbsolutePath != "/" || uri.Query.Length > 0 || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0)
        {
            error = $"'{url}' has more than a host and a port: write the hub's address as {uri.Scheme}://{uri.Host}:{uri.Port}.";
        }
        else if (uri.Scheme == Uri.UriSchemeHttp && !IsLoopback(uri))
        {
            error = $"'{url}' would send memory maps and the agent's key unencrypted over the network: use https:// (http:// is for the hub's own machine only).";
        }
        else if (string.IsNullOrEmpty(pin))
        {
            address = new HubAddress(uri, null);
        }
        else if (uri.Scheme == Uri.UriSchemeHttp)
        {
            error = "--pin needs an https:// address: without encryption there is no certificate to compare with.";
        }
        else if (ReadPin(pin) is not { } digits)
        {
            error = $"'{pin}' is no SHA-256 fingerprint: write sha256: and 64 hexadecimal digits, as the hub prints them.";
        }
        else
        {
            address = new HubAddress(uri, digits);
        }
        return address is not null;
    }

    /// <summary>The address for log lines.</summary>
    public override string ToString() => $"{Uri.Scheme}://{Uri.Authority}";

    // Not Uri.IsLoopback: that takes names ending in "localhost." and the machine's own name for loopback too on some systems.
    private static bool IsLoopback(Uri uri) =>
        uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));

    private static string? ReadPin(string pin)
    {
        const string Prefix = "sha256:";
        var digits = (pin.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? pin[Prefix.Length..] : pin).Replace(":", "", StringComparison.Ordinal);
        return digits.Length == SHA256.HashSizeInBytes * 2 && digits.All(char.IsAsciiHexDigit) ? digits.ToLowerInvariant() : null;
    }
}
