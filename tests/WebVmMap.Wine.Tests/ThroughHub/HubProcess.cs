using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WebVmMap.Testing;

namespace WebVmMap.Wine.Tests.ThroughHub;

/// <summary>The real hub, in a process and with a data folder of its own.</summary>
internal sealed class HubProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly string _data = Directory.CreateTempSubdirectory("webvmmap-hub-").FullName;
    private readonly string _apiKey = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
    private readonly StringBuilder _log = new();
    private Process? _process;

    private HubProcess()
    {
    }

    /// <summary>Where the pages are, without a slash at the end.</summary>
    public string Pages { get; private set; } = "";

    /// <summary>Where agents connect.</summary>
    public string Agents { get; private set; } = "";

    /// <summary>The link for the first sign-in.</summary>
    public string SignIn { get; private set; } = "";

    /// <summary>The HTTP API, with an administrator's key.</summary>
    public HttpClient Api { get; private set; } = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<HubProcess> StartAsync(TestCertificate? certificate = null)
    {
        var hub = new HubProcess();
        try
        {
            await hub.BeginAsync(certificate);
        }
        catch
        {
            await hub.DisposeAsync();
            throw;
        }
        return hub;
    }

    /// <summary>Runs another command on the same data.</summary>
    /// <returns>What it printed.</returns>
    public async Task<string> CommandAsync(params string[] arguments)
    {
        using var process = Process.Start(Program([.. arguments, "--data", _data]))!;
        var output = await process.StandardOutput.ReadToEndAsync(Cancellation);
        var errors = await process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        return process.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException($"It ended with {process.ExitCode}: {errors}");
    }

    /// <summary>Asks the API until the answer is as wanted.</summary>
    public async Task<JsonElement> WaitForAsync(string path, Func<JsonElement, bool> wanted)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(s_limit);
        while (true)
        {
            var answer = await GetAsync(path);
            if (wanted(answer))
            {
                return answer;
            }
            try
            {
                await Task.Delay(100, limit.Token);
            }
            catch (OperationCanceledException) when (!Cancellation.IsCancellationRequested)
            {
                throw new TimeoutException($"{path} still says {answer}. The hub's log: {Log}");
            }
        }
    }

    /// <summary>Asks the API.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await Api.GetAsync(path, Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        return answer.IsSuccessStatusCode ? JsonElement.Parse(text) : throw new InvalidOperationException($"{path}: {(int)answer.StatusCode} {text} The hub's log: {Log}");
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        if (_process is not null)
        {
            if (!_process.HasExited)
            {
                _process.Kill();
            }
            await _process.WaitForExitAsync(CancellationToken.None);
            _process.Dispose();
        }
        Directory.Delete(_data, recursive: true);
    }

    private string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    private async Task BeginAsync(TestCertificate? certificate)
    {
        var port = FreePorts.NeighbourPair();
        _process = Process.Start(Program(["--port", $"{port}", "--data", _data, .. certificate is null ? [] : (string[])["--certificate", certificate.File]]))!;
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_log)
            {
                _log.AppendLine(line.Data);
            }
        };
        _process.BeginErrorReadLine();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(s_limit);
        const string Open = "Open ";
        string? line;
        do
        {
            line = await _process.StandardOutput.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException($"The hub did not start: {Log}");
        }
        while (!line.StartsWith(Open, StringComparison.Ordinal));
        SignIn = line[Open.Length..];
        var pages = new Uri(SignIn);
        Pages = pages.GetLeftPart(UriPartial.Authority);
        Agents = $"{pages.Scheme}://{pages.Host}:{port + 1}";
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null && TestCertificate.PinOf(shown) == certificate?.Pin;
        Api = new HttpClient(handler) { BaseAddress = new Uri(Pages) };
        Api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _apiKey);
    }

    private ProcessStartInfo Program(IEnumerable<string> arguments)
    {
        // Built by the project reference, in the configuration that these tests were built in.
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var program = Path.Combine(Repository.Root, "src", "WebVmMap.Hub", "bin", configuration, "net10.0", "webvmmap-hub");
        return new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["WEBVMMAP_API_KEY"] = _apiKey },
        };
    }
}
