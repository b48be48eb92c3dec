using System.Diagnostics;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(WebVmMap.EndToEnd.Harness.DemoSystem))]

namespace WebVmMap.EndToEnd.Harness;

/// <summary>
/// The whole system as its user starts it: <c>./run.sh --demo</c> on a free port with a data folder of its own, and one browser.
/// Shared by all tests; what a test changes it does to things of its own.
/// </summary>
public sealed partial class DemoSystem : IAsyncLifetime
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(4);

    private readonly string _data = Directory.CreateTempSubdirectory("webvmmap-e2e-").FullName;
    private Process? _run;
    private IPlaywright? _playwright;

    /// <summary>Where the hub answers, without a slash at the end.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Where agents connect.</summary>
    public string AgentUrl { get; private set; } = "";

    /// <summary>An administrator's key of the HTTP API.</summary>
    public string ApiKey { get; } = Convert.ToHexString(Guid.NewGuid().ToByteArray());

    /// <summary>A client of the HTTP API with that key.</summary>
    public HttpClient Api { get; private set; } = new();

    /// <summary>The browser that all tests share; each opens contexts of its own.</summary>
    public IBrowser Browser { get; private set; } = null!;

    /// <summary>Cookies of one sign-in, so that tests need not each sign in.</summary>
    public string SignedInState { get; private set; } = "";

    /// <summary>The address that the login redirected to.</summary>
    public string LandingUrl { get; private set; } = "";

    /// <summary>The access line's address: it was used to sign in.</summary>
    public string UsedLoginUrl { get; private set; } = "";

    /// <summary>The id of the host that run.sh connects: this machine.</summary>
    public string HostId { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var port = FreePorts.NeighbourPair();
        Url = $"http://127.0.0.1:{port}";
        AgentUrl = $"http://127.0.0.1:{port + 1}";
        // A shell that was started with SIGINT ignored, as background jobs are, could not be told to end by it.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", Path.Combine(Repository.Root, "run.sh"), "--demo", "--no-browser", "--port", $"{port}", "--data", _data])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["WEBVMMAP_API_KEY"] = ApiKey },
        };
        _run = Process.Start(start)!;
        var errors = _run.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(s_startLimit);
        var line = await _run.StandardOutput.ReadLineAsync(limit.Token);
        if (line is null || !OpenLine().IsMatch(line))
        {
            throw new InvalidOperationException($"run.sh printed \"{line}\" instead of its access line. {(_run.HasExited ? await errors : "")}");
        }
        Api = new HttpClient { BaseAddress = new Uri(Url) };
        Api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiKey);

        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("WEBVMMAP_CHROMIUM") ?? "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"],
        });
        var context = await Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        UsedLoginUrl = line["Open ".Length..];
        await page.GotoAsync(UsedLoginUrl);
        LandingUrl = page.Url;
        HostId = new Uri(LandingUrl).Segments[2].TrimEnd('/');
        SignedInState = await context.StorageStateAsync();
        await context.CloseAsync();
        // The machine may be busy with a build, and the pages are live: what is expected may take a few of its beats.
        Assertions.SetDefaultExpectTimeout(20_000);
    }

    /// <summary>A signed-in page of its own. What its console complains of is kept in <see cref="BrowserPage.Complaints"/>.</summary>
    public async Task<BrowserPage> OpenAsync(string path, int width = 1440, int height = 900, ColorScheme colours = ColorScheme.Light)
    {
        var page = await NewPageAsync(width, height, colours);
        await page.GotoAsync(path.StartsWith("http", StringComparison.Ordinal) ? path : Url + path);
        return page;
    }

    /// <summary>The same, with nothing open yet.</summary>
    public async Task<BrowserPage> NewPageAsync(int width = 1440, int height = 900, ColorScheme colours = ColorScheme.Light)
    {
        var context = await Browser.NewContextAsync(new()
        {
            StorageState = SignedInState,
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = colours,
            ReducedMotion = ReducedMotion.Reduce,
        });
        return new BrowserPage(await context.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null)
        {
            await Browser.CloseAsync();
        }
        _playwright?.Dispose();
        Api.Dispose();
        if (_run is { HasExited: false } run)
        {
            // SIGTERM ends it as Ctrl+C does; SIGINT may be ignored where these tests run in the background, and scripts inherit that.
            _ = Kill(run.Id, 15);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await run.WaitForExitAsync(limit.Token);
        }
        var faults = await FaultsAsync();
        Directory.Delete(_data, recursive: true);
        Assert.True(faults.Length == 0, $"The hub noted faults:\n{string.Join('\n', faults)}");
    }

    // What a page survived is a fault all the same: nothing that the tests do may make the hub complain of itself.
    private async Task<string[]> FaultsAsync() =>
    [
        .. (await File.ReadAllLinesAsync(Path.Combine(_data, "logs", "hub.log")))
            .Where(line => line.Contains(" fail: WebVmMap.", StringComparison.Ordinal) || line.Contains(" crit: ", StringComparison.Ordinal)),
    ];

    private static List<int> ChildrenOf(int parent) =>
    [
        .. Process.GetProcesses().Select(process => process.Id).Where(pid =>
        {
            try
            {
                // The name in parentheses may hold anything; the state and the parent follow the last one.
                var stat = File.ReadAllText($"/proc/{pid}/stat");
                return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1] == $"{parent}";
            }
            catch (IOException)
            {
                return false; // it has ended meanwhile
            }
        }),
    ];

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);

    [GeneratedRegex(@"^Open http://127\.0\.0\.1:\d+/login\?t=[\w-]+$")]
    private static partial Regex OpenLine();
}
