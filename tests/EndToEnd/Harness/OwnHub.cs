using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;

namespace WebVmMap.EndToEnd.Harness;

/// <summary>A hub of a test's own, which it may stop and start again on the same port and data.</summary>
public sealed class OwnHub : IAsyncDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("webvmmap-e2e-hub-").FullName;
    private readonly int _port = FreePorts.NeighbourPair();
    private Process? _process;

    private OwnHub()
    {
    }

    /// <summary>Where its pages are, without a slash at the end.</summary>
    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}");

    public string AgentUrl => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port + 1}");

    /// <summary>Its API, as a script with its key calls it.</summary>
    public HttpClient Api { get; private set; } = new();

    /// <summary>The link that its last start printed; good for one sign-in.</summary>
    public string SignIn { get; private set; } = "";

    public static async Task<OwnHub> StartAsync()
    {
        var hub = new OwnHub();
        await hub.StartAgainAsync();
        return hub;
    }

    /// <summary>Starts it and waits until it listens.</summary>
    public async Task StartAgainAsync()
    {
        var key = Convert.ToHexString(Guid.NewGuid().ToByteArray());
        var program = Path.Combine(Repository.Root, "src/WebVmMap.Hub/bin/Release/net10.0/webvmmap-hub");
        _process = Process.Start(new ProcessStartInfo(program, ["--port", $"{_port}", "--data", _data])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["WEBVMMAP_API_KEY"] = key },
        })!;
        // Its log is read, or the pipe would fill and hold it up.
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        var line = await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60));
        Api.Dispose();
        Api = new HttpClient { BaseAddress = new Uri(Url) };
        Api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        SignIn = line?.StartsWith("Open ", StringComparison.Ordinal) == true ? line["Open ".Length..] : throw new InvalidOperationException($"The hub printed \"{line}\" instead of its link.");
    }

    /// <summary>Ends it without a word, as a crash does.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            _process = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Api.Dispose();
        Directory.Delete(_data, recursive: true);
    }
}
