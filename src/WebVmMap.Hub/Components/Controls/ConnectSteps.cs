using Microsoft.AspNetCore.Hosting.Server;
using WebVmMap.Hub.Configuration;
using WebVmMap.Hub.Security;

namespace WebVmMap.Hub.Components.Controls;

/// <summary>The commands that connect a host to this hub, as they are to be typed. Immutable.</summary>
/// <param name="Local">What runs an agent on the hub's own machine, without a key; null when it needs the same as any other.</param>
/// <param name="Rebind">What lets other machines reach the hub at all; null when they can.</param>
/// <param name="MakeKey">What makes a key, at the hub.</param>
/// <param name="Run">What runs an agent on another machine; null while none could reach the hub.</param>
internal sealed record ConnectSteps(string? Local, string? Rebind, string MakeKey, string? Run)
{
    /// <summary>The commands for a hub.</summary>
    /// <param name="options">How the hub is set up.</param>
    /// <param name="page">Where the browser found it: the name under which other machines, too, will.</param>
    /// <param name="agentPort">The port for agents.</param>
    /// <param name="pin">Fingerprint of a certificate that no authority vouches for; null for any other.</param>
    public static ConnectSteps Of(HubOptions options, Uri page, int agentPort, string? pin)
    {
        var data = options.DataDirectory == new HubOptions().DataDirectory ? "" : $" --data {Quote(options.DataDirectory)}";
        var makeKey = $"webvmmap-hub agent-key create NAME{data}";
        var address = $"{(options.Tls ? "https" : "http")}://{page.Host}:{agentPort}";
        if (!options.LoopbackOnly)
        {
            return new(null, null, makeKey, $"webvmmap-agent run --hub {address}{(pin is null ? "" : $" --pin {pin}")} --token-file agent.key");
        }
        return new(
            $"webvmmap-agent run --hub {address}{(pin is null ? "" : $" --pin {pin}")}",
            $"webvmmap-hub --bind \"*\"{(options.Port == HubOptions.DefaultPort ? "" : $" --port {options.Port}")}{data}{(options.CertificatePath is { } path ? $" --certificate {Quote(path)}" : "")}",
            makeKey,
            null);
    }

    /// <summary>The commands for the hub that serves a page.</summary>
    public static ConnectSteps Of(IServiceProvider services, Uri page)
    {
        // Asked of the server, since the system may have chosen the port; agents dial the one after the pages' otherwise.
        var agentPort = services.GetService<IServer>() is null ? page.Port + 1 : HubGreeting.Ports(services).Agents;
        var pin = services.GetService<HubCertificate>() is { SelfSigned: true } certificate ? certificate.Fingerprint : null;
        return Of(services.GetRequiredService<HubOptions>(), page, agentPort, pin);
    }

    private static string Quote(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;
}
