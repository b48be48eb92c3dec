using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using WebVmMap.Benchmarks.SmapsCost;

namespace WebVmMap.Benchmarks.Live;

/// <summary>
/// From an allocation to its figure on the recording's page: a program that allocates all the time keeps 16 MiB more at moments that it writes
/// down, and the page notes when it shows that. One clock: all run on this machine.
/// </summary>
internal static class LatencyBenchmark
{
    private const double StepBytes = 16 * 1024 * 1024;

    public static async Task RunAsync(Arguments arguments)
    {
        var steps = arguments.Number("--steps", 40);
        var pairs = arguments.Number("--pairs", 250_000);
        var folder = Directory.CreateTempSubdirectory("webvmmap-latency-").FullName;
        try
        {
            await using var system = await RunningSystem.StartAsync(arguments, "--allow-recording");
            await RunAsync(system, folder, steps, pairs);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task RunAsync(RunningSystem system, string folder, int steps, int pairs)
    {
        var (told, go) = (Path.Combine(folder, "told"), Path.Combine(folder, "go"));
        using var api = new HttpClient { BaseAddress = system.Hub };
        // As the hub's own pages ask: nobody signs in here.
        api.DefaultRequestHeaders.Add("Origin", system.Hub.GetLeftPart(UriPartial.Authority));
        using var started = await api.PostAsJsonAsync($"/api/v1/hosts/{system.HostId}/recordings", new { command = new[] { CompiledProgram.Compile("growing"), told, go, $"{steps}", $"{pairs}" } });
        var answer = await started.Content.ReadFromJsonAsync<JsonElement>();
        if (!started.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"The recording did not start: {answer}");
        }
        var id = answer.GetProperty("id").GetString()!;

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 } });
        await page.AddInitScriptAsync(scriptPath: Path.Combine(AppContext.BaseDirectory, "shown.js"));
        await page.GotoAsync(new Uri(system.Hub, $"/recordings/{id}").AbsoluteUri);
        await page.WaitForFunctionAsync("() => benchmarkShown.seen.length > 0", null, new() { Timeout = 60_000 });
        await File.WriteAllTextAsync(go, "");

        JsonElement recording;
        do
        {
            await Task.Delay(1000);
            recording = await api.GetFromJsonAsync<JsonElement>($"/api/v1/recordings/{id}");
        }
        while (recording.GetProperty("state").GetString() is "starting" or "running");
        var seen = await page.EvaluateAsync<double[][]>("benchmarkShown.seen");
        var moments = (await File.ReadAllLinesAsync(told)).Select(line => double.Parse(line, CultureInfo.InvariantCulture)).ToArray();
        Print(moments, seen, recording);
    }

    private static void Print(double[] moments, double[][] seen, JsonElement recording)
    {
        var waits = new List<double>();
        for (var step = 0; step < moments.Length; step++)
        {
            // What comes and goes meanwhile, and what the page rounds, are far less than half a step.
            var passed = (step + 0.5) * StepBytes;
            var shown = Array.Find(seen, said => said[0] >= moments[step] && said[1] >= passed)
                ?? throw new InvalidOperationException($"The page never showed step {step + 1} of {moments.Length}: {recording}");
            waits.Add(shown[0] - moments[step]);
        }
        waits.Sort();
        var seconds = (recording.GetProperty("stoppedAt").GetDateTimeOffset() - recording.GetProperty("startedAt").GetDateTimeOffset()).TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"allocated until shown, {waits.Count} times: best {waits[0]:F0} ms, median {waits[waits.Count / 2]:F0} ms, 95th percentile {waits[(int)(waits.Count * 0.95)]:F0} ms, longest {waits[^1]:F0} ms"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{recording.GetProperty("events").GetInt64() / seconds:N0} events a second, {recording.GetProperty("droppedEvents").GetInt64()} dropped; load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}"));
    }
}
