using System.Net;
using WebVmMap.Hub.Security;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Configuration;

/// <summary>Looks at all options at once, so that a person mends them in one go.</summary>
public static class HubOptionsCheck
{
    /// <summary>Every problem, each as one sentence that says what to do; empty when all is well.</summary>
    public static IReadOnlyList<string> Problems(HubOptions options)
    {
        var problems = new List<string>();
        if (options.Port is < 0 or > 65534)
        {
            problems.Add($"--port {options.Port} cannot be: give a number from 1 to 65534 (agents use the next one), or 0 to let the system choose.");
        }
        if (options.Bind is not ("*" or "localhost") && !IPAddress.TryParse(options.Bind, out _))
        {
            problems.Add($"--bind {options.Bind} is no IP address: give one of this machine, or * for all.");
        }
        // On loopback a script may choose what it likes: whoever could guess it runs programs on this machine already.
        if (options.ApiKey is { Length: < SecretText.MinimumLength } key && (key.Length == 0 || !IsLoopback(options)))
        {
            problems.Add($"WEBVMMAP_API_KEY has {key.Length} characters: use at least {SecretText.MinimumLength}, for example the output of: openssl rand -hex 32");
        }
        if (options.CertificatePath is { } certificate && !File.Exists(certificate))
        {
            problems.Add($"There is no certificate file {certificate}: check --certificate.");
        }
        if (options.CertificatePassword is not null && options.CertificatePath is null)
        {
            problems.Add("A certificate password is given without a certificate: give --certificate FILE too.");
        }
        if (options.Database is { } database && DatabaseProblem(database) is { } databaseProblem)
        {
            problems.Add(databaseProblem);
        }
        foreach (var name in options.HostNames.Where(name => Uri.CheckHostName(name) == UriHostNameType.Unknown))
        {
            problems.Add($"--host-name {name} is no host name.");
        }
        if (DataDirectoryProblem(options.DataDirectory) is { } problem)
        {
            problems.Add(problem);
        }
        return problems;
    }

    // LoopbackOnly itself would throw on an address that is one of the problems here.
    private static bool IsLoopback(HubOptions options) =>
        options.Bind == "localhost" || (IPAddress.TryParse(options.Bind, out var address) && IPAddress.IsLoopback(address));

    private static string? DatabaseProblem(string connection)
    {
        try
        {
            DatabaseTarget.Postgres(connection);
            return null;
        }
        catch (ArgumentException ex)
        {
            return ex.Message;
        }
    }

    private static string? DataDirectoryProblem(string directory)
    {
        try
        {
            DataFolder.Create(directory);
            return null;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return $"The data folder {directory} cannot be used ({ex.Message}): give another with --data.";
        }
    }
}
