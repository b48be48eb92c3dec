using System.Diagnostics;

namespace WebVmMap.EndToEnd.Harness;

/// <summary>An agent beside the one of run.sh, under a name of its own, as another machine's would be.</summary>
public sealed class SecondAgent : IAsyncDisposable
{
    /// <summary>
    /// Of the test classes that start one at the system they share: one at a time, because a host more shows on every other's pages.
    /// </summary>
    public const string Alone = "A second agent";

    private Process? _process;

    private SecondAgent(string hub, string name, string program) => (Hub, Name, Program) = (hub, name, program);

    /// <summary>The name it appears under; so short and plain that it is its id as well.</summary>
    public string Name { get; }

    private string Hub { get; }

    private string Program { get; }

    /// <summary>Whether it lets programs be recorded.</summary>
    private bool PermitsRecording { get; init; }

    /// <summary>Starts it and waits until it says that it is connected.</summary>
    /// <param name="demo">The system that it belongs to.</param>
    /// <param name="name">What it calls itself.</param>
    /// <param name="program">The agent's program; by default the one that run.sh builds.</param>
    public static Task<SecondAgent> StartAsync(DemoSystem demo, string name, string? program = null) => StartAsync(demo.AgentUrl, name, program);

    /// <summary>The same at any hub.</summary>
    public static async Task<SecondAgent> StartAsync(string hub, string name, string? program = null, bool permitsRecording = false)
    {
        var agent = new SecondAgent(hub, name, program ?? Path.Combine(Repository.Root, "src/WebVmMap.Agent/bin/Release/net10.0/webvmmap-agent")) { PermitsRecording = permitsRecording };
        await agent.StartAsync();
        return agent;
    }

    /// <summary>Starts it (again) and waits until it says that it is connected.</summary>
    public async Task StartAsync()
    {
        _process = Process.Start(new ProcessStartInfo(Program, ["run", "--hub", Hub, "--name", Name, .. PermitsRecording ? ["--allow-recording"] : Array.Empty<string>()]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Read(object sender, DataReceivedEventArgs line)
        {
            if (line.Data?.Contains("Connected to", StringComparison.Ordinal) == true)
            {
                connected.TrySetResult();
            }
        }
        _process.OutputDataReceived += Read;
        _process.ErrorDataReceived += Read;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await connected.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Ends it without a word, as a crash or a pulled plug does.</summary>
    public async Task KillAsync()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
        _process?.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync() => await KillAsync();
}
