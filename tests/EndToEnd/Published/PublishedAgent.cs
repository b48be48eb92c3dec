using System.Diagnostics;

namespace WebVmMap.EndToEnd.Published;

/// <summary>The agent as it is published for Linux: machine code wholly, so what needs a JIT would fail in it alone.</summary>
public sealed class PublishedAgent : IAsyncLifetime
{
    private static readonly TimeSpan s_publishLimit = TimeSpan.FromMinutes(6);

    /// <summary>Its program.</summary>
    public string Program { get; } = Path.Combine(Repository.Root, "artifacts", "published", "agent", "webvmmap-agent");

    public async ValueTask InitializeAsync()
    {
        // Folders of its own for what is built on the way: other builds of the same projects may run at the same time.
        var (exitCode, output) = await RunAsync(
            s_publishLimit, "dotnet", "publish", Path.Combine(Repository.Root, "src", "WebVmMap.Agent"), "-c", "Release", "-r", "linux-x64",
            "--artifacts-path", Path.Combine(Repository.Root, "artifacts", "published", "build"), "-o", Path.GetDirectoryName(Program)!, "--nologo", "-v", "quiet");
        Assert.True(exitCode == 0, output);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Runs it to its end.</summary>
    /// <returns>Its exit code, and all that it printed.</returns>
    public Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) => RunAsync(TimeSpan.FromSeconds(60), Program, arguments);

    private static async Task<(int ExitCode, string Output)> RunAsync(TimeSpan within, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var limit = new CancellationTokenSource(within);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} took more than {within}.");
        }
    }
}
