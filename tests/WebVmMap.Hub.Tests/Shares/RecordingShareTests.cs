using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using WebVmMap.Hub.Recordings;
using WebVmMap.Hub.Shares;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Tests.Hosting;
using WebVmMap.Hub.Tests.Recordings;
using WebVmMap.Tests.Shared;
using Xunit;

namespace WebVmMap.Hub.Tests.Shares;

/// <summary>Links to recordings: what whoever has one gets of it, and how it ends.</summary>
public sealed class RecordingShareTests
{
    // What a receiver does not get unless the link says so: the command's words, and folders of modules and source files.
    private static readonly string[] s_secrets = ["--fast", "/opt/demo", "/src/"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Share_OfARecording_TellsFiguresAndFunctionsAndNothingThatIsLeftOut()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordAsync(hub, agent);
        await hub.Get<IRecordings>().ChangeAsync(id, new RecordingChange { Name = "for us alone", Note = "of Bo" }, Stop);
        var path = await ShareAsync(hub, id, new { });
        using var stranger = hub.Client();
        using var page = await stranger.GetAsync(path, Stop);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        var opened = Assert.IsType<OpenedRecording>(await hub.Get<IShares>().OpenAsync(SharedHub.SecretOf(path), count: false, Stop));
        Assert.Equal(("leaky", "", "", "", "", 320L), (opened.Recording.Program, opened.Recording.CommandLine, opened.Recording.StartedBy, opened.Recording.Name, opened.Recording.Note, opened.Recording.Total.LiveBytes));

        var sent = new List<byte[]> { await page.Content.ReadAsByteArrayAsync(Stop), await TreeAsync(hub, page, path) };
        Assert.True(sent[1].AsSpan().IndexOf("leak"u8) > 0);
        foreach (var format in new[] { "folded", "speedscope", "pprof" })
        {
            using var file = await stranger.GetAsync($"{path}/export?format={format}", Stop);
            Assert.Equal(HttpStatusCode.OK, file.StatusCode);
            var bytes = await file.Content.ReadAsByteArrayAsync(Stop);
            sent.Add(format == "pprof" ? Unpacked(bytes) : bytes);
            Assert.True(sent[^1].AsSpan().IndexOf("leak"u8) >= 0);
        }
        Assert.Equal("main;leak 300\nmain;work 20\n", Encoding.UTF8.GetString(sent[2]));
        foreach (var text in s_secrets.Append("for us alone").Append("of Bo"))
        {
            Assert.All(sent, bytes => Assert.Equal(-1, bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text))));
        }
    }

    [Fact]
    public async Task Share_ThatLeavesNothingOut_TellsFolders()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordAsync(hub, agent);
        var path = await ShareAsync(hub, id, new { redact = new { commandLine = false, paths = false }, view = "by=allocations&sel=n%3A0123456789abcdef" });
        using var stranger = hub.Client();
        using var page = await stranger.GetAsync(path, Stop);
        Assert.True((await TreeAsync(hub, page, path)).AsSpan().IndexOf("/opt/demo/leaky"u8) > 0);
        var opened = Assert.IsType<OpenedRecording>(await hub.Get<IShares>().OpenAsync(SharedHub.SecretOf(path), count: false, Stop));
        Assert.Equal(("/opt/demo/leaky --fast", "by=allocations&sel=n%3A0123456789abcdef"), (opened.Recording.CommandLine, opened.Link.ViewState));
        // A token of a call is made of the folders: without these it goes.
        var without = await ShareAsync(hub, id, new { view = "by=allocations&sel=n%3A0123456789abcdef" });
        Assert.Equal("by=allocations", (await hub.Get<IShares>().OpenAsync(SharedHub.SecretOf(without), count: false, Stop))?.Link.ViewState);
    }

    [Theory]
    [InlineData("?format=wvmr")]
    [InlineData("?format=pdf")]
    [InlineData("?format=folded&metric=12")]
    [InlineData("?format=folded&from=nowhere")]
    public async Task Export_OfWhatALinkDoesNotShow_Is400(string query)
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var path = await ShareAsync(hub, await RecordAsync(hub, agent), new { });
        using var stranger = hub.Client();
        using var refused = await stranger.GetAsync($"{path}/export{query}", Stop);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Share_RevokedOrItsRecordingDeleted_OpensNothingAndEndsWhatIsOpen(bool revoke)
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordAsync(hub, agent);
        var path = await ShareAsync(hub, id, new { name = "Growth" });
        var link = Assert.Single((await hub.Api.GetFromJsonAsync<JsonElement>($"/api/v1/recordings/{id}/shares", Stop)).EnumerateArray());
        Assert.Equal((id, false, "valid"), (link.GetProperty("recording").GetString(), link.TryGetProperty("snapshot", out _), link.GetProperty("state").GetString()));
        var ended = new TaskCompletionSource();
        using var watch = hub.Get<IShares>().Watch(link.GetProperty("id").GetString()!, ended.SetResult);
        using (var gone = await hub.Api.DeleteAsync(revoke ? $"/api/v1/recordings/{id}/shares" : $"/api/v1/recordings/{id}", Stop))
        {
            Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        }
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        using var stranger = hub.Client();
        foreach (var address in new[] { path, $"{path}/export?format=folded" })
        {
            using var answer = await stranger.GetAsync(address, Stop);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
        Assert.Contains(await hub.Get<AuditLog>().ListAsync(10, Stop), entry => entry.Action == AuditActions.ShareMade && entry.Details.StartsWith($"recording {id}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Share_OfNoRecordingOrOfTwo_IsRefused()
    {
        await using var hub = await TestHub.StartAsync();
        await RecordingFixture.ProblemAsync(hub.Api.PostAsJsonAsync("/api/v1/recordings/none/shares", new { }, Stop), HttpStatusCode.NotFound);
        await RecordingFixture.ProblemAsync(hub.Api.PostAsJsonAsync("/api/v1/recordings/none/shares", new { compareWith = "other" }, Stop), HttpStatusCode.UnprocessableEntity);
        using var stranger = hub.Client();
        using var listed = await stranger.GetAsync("/api/v1/recordings/none/shares", Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, listed.StatusCode);
    }

    private static async Task<string> RecordAsync(TestHub hub, ScriptedAgent agent)
    {
        var id = await RecordingFixture.StartAsync(hub.Api, agent);
        using var stream = agent.StreamRecording();
        await stream.OpenAsync(id);
        for (var i = 0; i < 3; i++)
        {
            await stream.SendAsync(RecordedScript.Interval(i));
        }
        await stream.EndAsync();
        await RecordingFixture.WhenAsync(hub, id, recording => recording.HasEnded);
        return id;
    }

    private static async Task<string> ShareAsync(TestHub hub, string id, object wish) => (await SharedHub.ShareAsync(hub, $"recordings/{id}", wish)).Path;

    // The one tree of a recording that has ended, as the page's picture gets it.
    private static async Task<byte[]> TreeAsync(TestHub hub, HttpResponseMessage page, string path)
    {
        await using var connection = await SharedHub.ConnectAsync(hub, ShareHub.Path, SharedHub.TicketOf(page));
        var frames = new List<byte[]>();
        await foreach (var frame in connection.StreamAsync<byte[]>("Watch", new Dictionary<string, object> { ["share"] = SharedHub.SecretOf(path), ["tree"] = "" }, Stop))
        {
            frames.Add(frame);
        }
        return Assert.Single(frames);
    }

    private static byte[] Unpacked(byte[] gzip)
    {
        var plain = new MemoryStream();
        using var unpacking = new GZipStream(new MemoryStream(gzip), CompressionMode.Decompress);
        unpacking.CopyTo(plain);
        return plain.ToArray();
    }
}
