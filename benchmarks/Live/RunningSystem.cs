using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using WebVmMap.Testing;

namespace WebVmMap.Benchmarks.Live;

/// <summary>A hub and an agent as programs, on ports and with a data folder of their own. No sign-in: that is not what is measured.</summary>
internal sealed class RunningSystem : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(2);

    private readonly string _data = Directory.CreateTempSubdirectory("webvmmap-benchmark-").FullName;
    private readonly List<Process> _programs = [];

    private RunningSystem()
    {
    }

    public Uri Hub { get; private set; } = null!;

    public string HostId { get; private set; } = "";

    public int HubPid => _programs[0].Id;

    public int AgentPid => _programs[1].Id;

    public static async Task<RunningSystem> StartAsync(Arguments arguments, params string[] agentOptions)
    {
        var system = new RunningSystem();
        try
        {
            await system.StartProgramsAsync(arguments.Text("--hub", ""), arguments.Text("--agent", ""), agentOptions);
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in Enumerable.Reverse(_programs))
        {
            program.Kill();
            await program.WaitForExitAsync();
            program.Dispose();
        }
        Directory.Delete(_data, recursive: true);
    }

    private async Task StartProgramsAsync(string hub, string agent, string[] agentOptions)
    {
        var port = FreePorts.NeighbourPair();
        Hub = new Uri($"http://127.0.0.1:{port}");
        Start(hub, "--port", $"{port}", "--data", _data, "--allow-anonymous");
        Start(agent, ["run", "--hub", $"http://127.0.0.1:{port + 1}", .. agentOptions]);
        using var client = new HttpClient { BaseAddress = Hub };
        using var limit = new CancellationTokenSource(s_startLimit);
        while (HostId.Length == 0)
        {
            await Task.Delay(200, limit.Token);
            try
            {
                var hosts = await client.GetFromJsonAsync<JsonElement>("/api/v1/hosts", limit.Token);
                HostId = hosts.EnumerateArray().Select(host => host.GetProperty("id").GetString()!).FirstOrDefault("");
            }
            catch (HttpRequestException) when (_programs.TrueForAll(program => !program.HasExited))
            {
                // The hub does not listen yet.
            }
        }
    }

    private void Start(string program, params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        // Read, so that a full pipe stops nobody.
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _programs.Add(process);
    }
}
