using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace WebVmMap.EndToEnd.Api;

/// <summary>A program that knows what it allocates, recorded through agent, hub and API.</summary>
public sealed class RecordingsApiTests(DemoSystem demo) : IDisposable
{
    private static readonly string[] s_figures = ["allocations", "allocatedBytes", "frees", "freedBytes"];

    private static readonly string[] s_nothing = ["/no/such/program"];

    private readonly string _program = Path.Combine(Path.GetTempPath(), $"webvmmap-recorded-{Guid.NewGuid():n}");

    public void Dispose() => File.Delete(_program);

    [Fact]
    public async Task Recording_OfAProgramThatKnowsItsAnswer_TellsExactlyThat()
    {
        Run("gcc", "-O2", "-g", "-rdynamic", "-o", _program, Path.Combine(Repository.Root, "tests", "TestTargets", "recorded", "allocations.c"), "-lpthread", "-ldl");
        // What it prints: site FUNCTION BLOCKS BYTES FREED-BLOCKS FREED-BYTES.
        var said = Run(_program, "family").Split('\n').Where(line => line.StartsWith("site ", StringComparison.Ordinal))
            .Select(line => line.Split(' ').Skip(2).Select(number => long.Parse(number, CultureInfo.InvariantCulture)).ToList()).ToList();
        Assert.NotEmpty(said);

        var id = await StartAsync(new { command = new[] { _program, "family" } });
        var recording = await StopAsync(id);
        Assert.Equal(("stopped", 0L), (recording.Text("state"), recording.Bytes("droppedEvents")));

        // From within, the first of each path is what called the allocator.
        var tree = await demo.Api.GetJsonAsync($"/api/v1/recordings/{id}/calltree?view=bottomUp");
        var callers = tree.GetProperty("children").EnumerateArray().Where(node => node.Text("module") == _program).ToList();
        Assert.Equal(
            Enumerable.Range(0, 4).Select(column => said.Sum(site => site[column])),
            s_figures.Select(figure => callers.Sum(node => node.Bytes(figure))));
        Assert.Equal(recording.Bytes("allocations"), tree.Bytes("allocations"));
        var timeline = await demo.Api.GetJsonAsync($"/api/v1/recordings/{id}/timeline?buckets=10");
        Assert.Equal(recording.Bytes("allocatedBytes"), timeline.EnumerateArray().Sum(bucket => bucket.Bytes("allocatedBytes")));

        using var export = await demo.Api.GetAsync($"/api/v1/recordings/{id}/export?format=pprof", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, export.StatusCode);
        await using var gzip = new GZipStream(await export.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), CompressionMode.Decompress);
        Assert.NotEqual(-1, gzip.ReadByte());
        using var deleted = await demo.Api.DeleteAsync($"/api/v1/recordings/{id}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
    }

    [Fact]
    public async Task Recording_OfNoSuchProgram_SaysWhy()
    {
        using var answer = await demo.Api.PostAsJsonAsync(
            $"/api/v1/hosts/{demo.HostId}/recordings", new { command = s_nothing }, TestContext.Current.CancellationToken);
        Assert.Contains("/no/such/program", await answer.ProblemAsync(HttpStatusCode.BadGateway), StringComparison.Ordinal);
    }

    private async Task<string> StartAsync(object body)
    {
        using var answer = await demo.Api.PostAsJsonAsync($"/api/v1/hosts/{demo.HostId}/recordings", body, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, text);
        var started = JsonElement.Parse(text);
        Assert.True(started.GetProperty("pid").GetInt32() > 0);
        return started.Text("id");
    }

    /// <summary>The program ends by itself; a recording that has ended is answered as it is.</summary>
    private async Task<JsonElement> StopAsync(string id)
    {
        JsonElement recording;
        do
        {
            recording = await demo.Api.GetJsonAsync($"/api/v1/recordings/{id}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        while (recording.Text("state") is "starting" or "running");
        using var answer = await demo.Api.PostAsync($"/api/v1/recordings/{id}/stop", null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
