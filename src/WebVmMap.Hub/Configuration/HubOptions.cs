using System.Net;

namespace WebVmMap.Hub.Configuration;

/// <summary>How a hub is set up. Checked once at start by <see cref="HubOptionsCheck"/>, which lists every problem.</summary>
public sealed record HubOptions
{
    /// <summary>The port that the hub takes when none is given.</summary>
    public const int DefaultPort = 5080;

    /// <summary>Port of the web pages and the HTTP API; agents connect to the one after it. 0 lets the system choose both.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>Address to listen on: an IP address, or <c>*</c> for all of them.</summary>
    public string Bind { get; init; } = "127.0.0.1";

    /// <summary>Where the database, the keys that protect cookies and the self-signed certificate are kept.</summary>
    public string DataDirectory { get; init; } = DefaultDataDirectory();

    /// <summary>Connection string of a PostgreSQL database, which may hold a password: never to be logged. Null keeps everything in SQLite, in the data folder.</summary>
    public string? Database { get; init; }

    /// <summary>More names under which browsers reach the hub, for example that of its machine in the network.</summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>A certificate with its private key: PKCS #12, or PEM holding both. Without one, and listening beyond this machine, a self-signed one is made.</summary>
    public string? CertificatePath { get; init; }

    /// <summary>Password of that file, if it has one.</summary>
    public string? CertificatePassword { get; init; }

    /// <summary>An administrator's API key that lasts as long as this run.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Serves everybody without sign-in. Whoever reaches the port then sees the memory of every process.</summary>
    public bool AllowAnonymous { get; init; }

    /// <summary>Id of a process on this machine whose page follows sign-in; null leads to the list of hosts.</summary>
    public int? LandingPid { get; init; }

    /// <summary>The address to listen on, null for all of them.</summary>
    public IPAddress? Address => Bind is "*" ? null : Bind is "localhost" ? IPAddress.Loopback : IPAddress.Parse(Bind);

    /// <summary>True when only this machine can connect.</summary>
    public bool LoopbackOnly => Address is { } address && IPAddress.IsLoopback(address);

    /// <summary>True when the listeners speak TLS: always beyond this machine, and on it when a certificate is given.</summary>
    public bool Tls => !LoopbackOnly || CertificatePath is not null;

    /// <summary>Port for agents.</summary>
    public int AgentPort => Port == 0 ? 0 : Port + 1;

    private static string DefaultDataDirectory() => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "webvmmap");
}
