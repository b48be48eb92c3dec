using System.Diagnostics;
using WebVmMap.Hub.Tests.Hosting;
using WebVmMap.Testing;
using Xunit;

namespace WebVmMap.Hub.Tests.Security;

/// <summary>
/// The two real programs on an address that is not loopback: the hub makes its own certificate, the agent pins it and has a
/// key. Nothing of either is replaced.
/// </summary>
public sealed class RemoteAgentTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_PrintedPinAndOwnKey_Connects()
    {
        await using var remote = await RemoteHub.StartAsync();
        var key = await remote.CommandAsync("agent-key", "create", "far");
        using var agent = remote.StartAgent("--pin", remote.Pin, "--token", key);

        Assert.Contains($"Connected to the hub at {remote.Agents}", await LineAsync(agent.StandardError, "Connected"), StringComparison.Ordinal);
        var list = await remote.CommandAsync("agent-key", "list");
        Assert.Contains("last used", list, StringComparison.Ordinal);
        Assert.DoesNotContain("no host yet", list, StringComparison.Ordinal);
        agent.Kill();
    }

    [Fact]
    public async Task Run_WrongPin_NeverShowsItsKey()
    {
        await using var remote = await RemoteHub.StartAsync();
        var key = await remote.CommandAsync("agent-key", "create", "far");
        using var agent = remote.StartAgent("--pin", "sha256:" + new string('0', 64), "--token", key);

        var line = await LineAsync(agent.StandardError, "Not connected");
        Assert.Contains("its certificate is not the pinned one", line, StringComparison.Ordinal);
        Assert.Contains(remote.Pin, line, StringComparison.Ordinal);
        Assert.Contains("never used", await remote.CommandAsync("agent-key", "list"), StringComparison.Ordinal);
        agent.Kill();
    }

    [Fact]
    public async Task Run_NoPin_SaysWhichFingerprintToCompare()
    {
        await using var remote = await RemoteHub.StartAsync();
        using var agent = remote.StartAgent();

        var line = await LineAsync(agent.StandardError, "Not connected");
        Assert.Contains("its certificate is not trusted", line, StringComparison.Ordinal);
        Assert.Contains(remote.Pin, line, StringComparison.Ordinal);
        agent.Kill();
    }

    [Fact]
    public async Task Run_NoKey_EndsAndSaysHowToGetOne()
    {
        await using var remote = await RemoteHub.StartAsync();
        using var agent = remote.StartAgent("--pin", remote.Pin);

        Assert.Contains("agent-key create", await LineAsync(agent.StandardError, "wants a key"), StringComparison.Ordinal);
        await agent.WaitForExitAsync(Cancellation).WaitAsync(s_limit, Cancellation);
        Assert.Equal(1, agent.ExitCode);
    }

    [Fact]
    public async Task Run_KeyRevoked_IsTurnedAway()
    {
        await using var remote = await RemoteHub.StartAsync();
        var key = await remote.CommandAsync("agent-key", "create", "far");
        await remote.CommandAsync("agent-key", "revoke", "far");
        using var agent = remote.StartAgent("--pin", remote.Pin, "--token", key);

        await LineAsync(agent.StandardError, "refuses this agent's key");
        await agent.WaitForExitAsync(Cancellation).WaitAsync(s_limit, Cancellation);
        Assert.Equal(1, agent.ExitCode);
    }

    private static async Task<string> LineAsync(StreamReader reader, string part)
    {
        while (await reader.ReadLineAsync(Cancellation).AsTask().WaitAsync(s_limit, Cancellation) is { } line)
        {
            if (line.Contains(part, StringComparison.Ordinal))
            {
                return line;
            }
        }
        throw new InvalidOperationException($"It ended without saying \"{part}\".");
    }

    /// <summary>A hub that listens beyond its machine, with what it told about that.</summary>
    private sealed class RemoteHub : IAsyncDisposable
    {
        private readonly PrivateNetwork _network;
        private readonly TestFolder _folder = new();
        private readonly Process _process;

        private RemoteHub(PrivateNetwork network)
        {
            _network = network;
            // Nobody else has a port in this network.
            _process = Process.Start(Hub("--bind", PrivateNetwork.Address, "--port", "5080"))!;
            // Its log is not looked at, but must not fill the pipe.
            _process.BeginErrorReadLine();
        }

        public string Agents { get; private set; } = "";

        public string Pin { get; private set; } = "";

        public static async Task<RemoteHub> StartAsync()
        {
            var hub = new RemoteHub(await PrivateNetwork.CreateAsync());
            var words = (await LineAsync(hub._process.StandardOutput, "Agents connect to ")).Split(' ');
            (hub.Agents, hub.Pin) = (words[3], words[5]);
            await LineAsync(hub._process.StandardOutput, "Open ");
            Assert.Equal($"https://{PrivateNetwork.Address}:5081", hub.Agents);
            return hub;
        }

        public async Task<string> CommandAsync(params string[] arguments)
        {
            using var process = Process.Start(Hub(arguments))!;
            var output = await process.StandardOutput.ReadToEndAsync(Cancellation);
            await process.WaitForExitAsync(Cancellation);
            Assert.Equal(0, process.ExitCode);
            return output.Trim();
        }

        public Process StartAgent(params string[] arguments)
        {
            // Built by the project reference, in the configuration that these tests were built in.
            var build = new DirectoryInfo(AppContext.BaseDirectory);
            var program = Path.Combine(Repository.Root, "src", "WebVmMap.Agent", "bin", build.Parent!.Name, build.Name, "webvmmap-agent");
            return Process.Start(_network.StartInfo(program, ["run", "--hub", Agents, .. arguments]))!;
        }

        public async ValueTask DisposeAsync()
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
            _process.Dispose();
            await _network.DisposeAsync();
            _folder.Dispose();
        }

        private ProcessStartInfo Hub(params string[] arguments) =>
            _network.StartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "webvmmap-hub.dll"), .. arguments, "--data", _folder.Path]);
    }
}
