using System.Diagnostics;
using WebVmMap.Testing;

namespace WebVmMap.Benchmarks.Live;

/// <summary>A hub as a program of its own, on a data folder that is there already.</summary>
internal sealed class HubProgram : IAsyncDisposable
{
    private readonly Process _process;

    private HubProgram(Process process, Uri address)
    {
        _process = process;
        Client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(10) };
        Figures = new ProcessFigures(process.Id);
    }

    public HttpClient Client { get; }

    public ProcessFigures Figures { get; }

    public static async Task<HubProgram> StartAsync(string program, string data)
    {
        var port = FreePorts.NeighbourPair();
        var process = Process.Start(new ProcessStartInfo(program, ["--port", $"{port}", "--data", data, "--allow-anonymous"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _ = process.StandardError.ReadToEndAsync();
        // It greets when it listens.
        if (await process.StandardOutput.ReadLineAsync() is null)
        {
            throw new InvalidOperationException("The hub did not start.");
        }
        _ = process.StandardOutput.ReadToEndAsync();
        return new HubProgram(process, new Uri($"http://127.0.0.1:{port}"));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
