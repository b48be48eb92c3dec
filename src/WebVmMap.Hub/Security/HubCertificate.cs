using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WebVmMap.Hub.Configuration;

namespace WebVmMap.Hub.Security;

/// <summary>The certificate of both ports: the one given, or a self-signed one that agents pin.</summary>
internal sealed class HubCertificate : IDisposable
{
    private static readonly TimeSpan s_selfSignedLifetime = TimeSpan.FromDays(3650);

    private HubCertificate(X509Certificate2 certificate, bool selfSigned)
    {
        Certificate = certificate;
        SelfSigned = selfSigned;
    }

    /// <summary>With its private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>True when no authority vouches for it, so that agents have to be told its fingerprint.</summary>
    public bool SelfSigned { get; }

    /// <summary><c>sha256:</c> and the hash of the certificate, in lower-case hexadecimal digits.</summary>
    public string Fingerprint => "sha256:" + Certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant();

    /// <summary>The certificate that these options ask for; null when the hub speaks clear text.</summary>
    /// <exception cref="InvalidDataException">The file cannot be used; the message says why.</exception>
    public static HubCertificate? Load(HubOptions options, DataFolder folder, TimeProvider time)
    {
        if (!options.Tls)
        {
            return null;
        }
        return options.CertificatePath is { } path
            ? new HubCertificate(LoadFile(path, options.CertificatePassword), selfSigned: false)
            : new HubCertificate(LoadOrMake(folder.SelfSignedCertificate, time), selfSigned: true);
    }

    public void Dispose() => Certificate.Dispose();

    private static X509Certificate2 LoadFile(string path, string? password)
    {
        try
        {
            var certificate = IsPem(path)
                ? LoadPem(path, password)
                : X509CertificateLoader.LoadPkcs12FromFile(path, password);
            if (!certificate.HasPrivateKey)
            {
                throw new InvalidDataException($"The certificate file {path} holds no private key: give one that holds both.");
            }
            return certificate;
        }
        catch (Exception ex) when (ex is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"The certificate file {path} cannot be used ({ex.Message}): check the file and its password.", ex);
        }
    }

    private static bool IsPem(string path)
    {
        using var reader = new StreamReader(path);
        Span<char> start = stackalloc char[1024];
        return start[..reader.ReadBlock(start)].IndexOf("-----BEGIN ", StringComparison.Ordinal) >= 0;
    }

    private static X509Certificate2 LoadPem(string path, string? password)
    {
        using var pem = password is null ? X509Certificate2.CreateFromPemFile(path) : X509Certificate2.CreateFromEncryptedPemFile(path, password);
        // Windows serves no certificate whose key was never in a key container: https://github.com/dotnet/runtime/issues/23749
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }

    private static X509Certificate2 LoadOrMake(string path, TimeProvider time)
    {
        if (File.Exists(path))
        {
            var kept = LoadFile(path, null);
            if (kept.NotAfter.ToUniversalTime() > time.GetUtcNow().UtcDateTime)
            {
                return kept;
            }
            kept.Dispose();
        }
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=WebVmMap hub", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddDnsName(Dns.GetHostName());
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        var now = time.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now + s_selfSignedLifetime);
        WritePrivate(path, made.Export(X509ContentType.Pkcs12));
        return LoadFile(path, null);
    }

    // Whole or not at all, and never readable by others, not even for a moment.
    private static void WritePrivate(string path, byte[] data)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        var unfinished = path + ".new";
        using (var file = new FileStream(unfinished, options))
        {
            file.Write(data);
            file.Flush(flushToDisk: true);
        }
        File.Move(unfinished, path, overwrite: true);
    }
}
