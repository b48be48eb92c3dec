using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using WebVmMap.Testing;
using Xunit;

namespace WebVmMap.Hub.Tests.Hosting;

/// <summary>The real program, in a process of its own.</summary>
internal sealed class HubProcess : IAsyncDisposable
{
    private readonly Process _process;

    private HubProcess(Process process, Uri pages, string agentsLine)
    {
        _process = process;
        Pages = pages;
        AgentsLine = agentsLine;
    }

    /// <summary>What it said that agents need; empty on loopback.</summary>
    public string AgentsLine { get; }

    public Uri Pages { get; }

    public Uri Agents => new UriBuilder(Pages) { Port = Pages.Port + 1 }.Uri;

    private static string Program => typeof(HubProcess).Assembly.Location.Replace("WebVmMap.Hub.Tests.dll", "webvmmap-hub.dll", StringComparison.Ordinal);

    public static Process Start(IEnumerable<string> arguments) => Start("dotnet", [Program, .. arguments]);

    private static Process Start(string program, IEnumerable<string> arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment = { ["WEBVMMAP_API_KEY"] = TestHub.ApiKey },
    })!;

    public static async Task<string> RunAsync(IEnumerable<string> arguments)
    {
        using var process = Start(arguments);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    public static Task<HubProcess> StartAsync(TestFolder folder, params string[] options) => StartAsync("dotnet", [], folder, options);

    /// <summary>With a data folder on a disk of its own that holds so much; only root may make one.</summary>
    public static Task<HubProcess> StartOnSmallDiskAsync(TestFolder folder, int mebibytes) => StartAsync(
        "unshare", ["--mount", "sh", "-c", $"mount -t tmpfs -o size={mebibytes}m tmpfs \"$0\" && exec \"$@\"", folder.Path, "dotnet"], folder, []);

    private static async Task<HubProcess> StartAsync(string program, IEnumerable<string> before, TestFolder folder, IEnumerable<string> options)
    {
        var process = Start(program, [.. before, Program, "--port", FreePorts.NeighbourPair().ToString(CultureInfo.InvariantCulture), "--data", folder.Path, .. options]);
        var line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        var agents = "";
        if (line?.StartsWith("Agents connect to ", StringComparison.Ordinal) == true)
        {
            agents = line;
            line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        }
        Assert.StartsWith("Open http", line, StringComparison.Ordinal);
        return new HubProcess(process, new Uri(new Uri(line!["Open ".Length..]).GetLeftPart(UriPartial.Authority)), agents);
    }

    public HttpClient Api()
    {
        var client = new HttpClient { BaseAddress = Pages };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestHub.ApiKey);
        return client;
    }

    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
