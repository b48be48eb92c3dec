using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WebVmMap.Wine.Tests.ThroughHub;

/// <summary>A self-signed certificate for a hub on this machine.</summary>
/// <param name="File">It and its private key, PKCS #12.</param>
/// <param name="Pin">Its fingerprint as an agent is told it.</param>
internal sealed record TestCertificate(string File, string Pin)
{
    public static TestCertificate Make(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=hub of a test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var file = Path.Combine(folder, $"{Guid.NewGuid():N}.p12");
        System.IO.File.WriteAllBytes(file, certificate.Export(X509ContentType.Pkcs12));
        return new TestCertificate(file, PinOf(certificate));
    }

    public static string PinOf(X509Certificate certificate) => "sha256:" + certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant();
}
