using System.Net;
using System.Text.Json;

namespace WebVmMap.EndToEnd.Recordings;

/// <summary>The hub is killed while it records: what it had is there, and the recording goes on or says that it has ended.</summary>
public sealed class RecordingOutageTests
{
    private const string Host = "recorder";

    // Keeps 10,000 bytes more fifty times a second.
    private static readonly string[] s_program = ["/usr/bin/perl", "-e", "while (1) { push @kept, \"x\" x 10000; select(undef, undef, undef, 0.02) }"];

    [Fact]
    public async Task Hub_KilledWhileItRecords_KeepsEveryIntervalAndGoesOnWithTheAgent()
    {
        await using var hub = await OwnHub.StartAsync();
        await using var agent = await SecondAgent.StartAsync(hub.AgentUrl, Host, permitsRecording: true);
        var id = await hub.Api.RecordAsync(Host, s_program);
        var pid = (int)(await hub.Api.GetJsonAsync($"/api/v1/recordings/{id}")).Bytes("pid");
        try
        {
            var told = await UntilAsync(hub, id, recording => recording.Bytes("intervals") >= 8);
            await hub.KillAsync();
            await hub.StartAgainAsync();

            var kept = await hub.Api.GetJsonAsync($"/api/v1/recordings/{id}");
            Assert.Equal("running", kept.Text("state"));
            Assert.True(kept.Bytes("intervals") >= told.Bytes("intervals"), $"{kept.Bytes("intervals")} intervals are left of {told.Bytes("intervals")}.");
            Assert.True(kept.Bytes("allocatedBytes") >= told.Bytes("allocatedBytes"));

            // The agent comes again, and with it what the hub has missed.
            await UntilAsync(hub, id, recording => recording.Bytes("intervals") >= kept.Bytes("intervals") + 8);
            using var stopped = await hub.Api.PostAsync($"/api/v1/recordings/{id}/stop", null, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, stopped.StatusCode);
            var whole = await hub.Api.GetJsonAsync($"/api/v1/recordings/{id}");
            Assert.Equal("stopped", whole.Text("state"));
            var timeline = await hub.Api.GetJsonAsync($"/api/v1/recordings/{id}/timeline?buckets=100000");
            Assert.Equal((whole.Bytes("intervals"), whole.Bytes("allocatedBytes")), (timeline.GetArrayLength(), timeline.EnumerateArray().Sum(bucket => bucket.Bytes("allocatedBytes"))));
            // Nothing was recorded twice and nothing is missing: no moment of it is longer than the outage was.
            var times = timeline.EnumerateArray().Select(bucket => bucket.GetProperty("time").GetDateTime()).ToList();
            Assert.All(times.Zip(times.Skip(1)), pair => Assert.InRange((pair.Second - pair.First).TotalSeconds, 0, 3));
        }
        finally
        {
            await End(pid);
        }
    }

    [Fact]
    public async Task Hub_KilledWithTheAgent_SaysThatTheRecordingEndedAndKeepsIt()
    {
        await using var hub = await OwnHub.StartAsync();
        await using var agent = await SecondAgent.StartAsync(hub.AgentUrl, Host, permitsRecording: true);
        var id = await hub.Api.RecordAsync(Host, s_program);
        var pid = (int)(await hub.Api.GetJsonAsync($"/api/v1/recordings/{id}")).Bytes("pid");
        try
        {
            var told = await UntilAsync(hub, id, recording => recording.Bytes("intervals") >= 4);
            await hub.KillAsync();
            await agent.KillAsync();
            await hub.StartAgainAsync();
            var ended = await UntilAsync(hub, id, recording => recording.Text("state") != "running");
            Assert.Equal("failed", ended.Text("state"));
            Assert.Contains("did not come back", ended.Text("error"), StringComparison.Ordinal);
            Assert.Contains("what it had sent is kept", ended.Text("error"), StringComparison.Ordinal);
            Assert.True(ended.Bytes("intervals") >= told.Bytes("intervals"));
            var tree = await hub.Api.GetJsonAsync($"/api/v1/recordings/{id}/calltree");
            Assert.Equal(ended.Bytes("allocatedBytes"), tree.Bytes("allocatedBytes"));
        }
        finally
        {
            await End(pid);
        }
    }

    private static async Task<JsonElement> UntilAsync(OwnHub hub, string id, Predicate<JsonElement> condition)
    {
        while (true)
        {
            var recording = await hub.Api.GetJsonAsync($"/api/v1/recordings/{id}");
            if (condition(recording))
            {
                return recording;
            }
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private static async Task End(int pid)
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(pid);
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        catch (Exception ex) when (ex is ArgumentException or InvalidOperationException)
        {
            // It has ended.
        }
    }
}
