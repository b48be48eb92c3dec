using System.Diagnostics;
using Xunit;

namespace WebVmMap.Hub.Tests.Hosting;

/// <summary>
/// A network of its own with one address that is not loopback, so that a program reached there treats whoever calls as it
/// treats other machines, and nobody else can call. Made with Linux network namespaces, which take root or user namespaces.
/// </summary>
internal sealed class PrivateNetwork : IAsyncDisposable
{
    /// <summary>An address for documentation (RFC 5737): it is nobody's.</summary>
    public const string Address = "203.0.113.5";

    private static readonly string[] s_asRoot = Environment.IsPrivilegedProcess ? [] : ["--map-root-user"];
    private static readonly string[] s_enterAsRoot = Environment.IsPrivilegedProcess ? [] : ["--user", "--preserve-credentials"];

    private readonly Process _holder;

    private PrivateNetwork(Process holder) => _holder = holder;

    public static async Task<PrivateNetwork> CreateAsync()
    {
        // It holds the network until its input ends, at the latest with this process.
        var holder = Process.Start(new ProcessStartInfo(
            "unshare", [.. s_asRoot, "--net", "sh", "-c", $"ip link set lo up && ip address add {Address}/32 dev lo && echo ready && exec cat"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        if (await holder.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) != "ready")
        {
            throw new InvalidOperationException(
                "No network namespace can be made here (run as root, or permit user namespaces; iproute2 is needed): " + await holder.StandardError.ReadToEndAsync());
        }
        return new PrivateNetwork(holder);
    }

    /// <summary>The start of a program in this network; its output and errors are pipes.</summary>
    public ProcessStartInfo StartInfo(string program, IEnumerable<string> arguments) =>
        new("nsenter", [.. s_enterAsRoot, "--net", "--target", $"{_holder.Id}", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

    public async ValueTask DisposeAsync()
    {
        _holder.StandardInput.Close();
        await _holder.WaitForExitAsync();
        _holder.Dispose();
    }
}
