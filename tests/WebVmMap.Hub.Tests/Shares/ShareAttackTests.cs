using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Shares;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Tests.Hosting;
using Xunit;

namespace WebVmMap.Hub.Tests.Shares;

/// <summary>What others' share links fell to, tried on ours.</summary>
public sealed class ShareAttackTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_UnknownExpiredRevokedOrDeleted_IsTheSameAnswerToTheByte()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var shared = await SharedHub.StartAsync(time);
        var (_, expired) = await shared.ShareAsync(new { expiresIn = "1m" });
        var (revokedId, revoked) = await shared.ShareAsync();
        var (_, deleted) = await shared.ShareAsync();
        time.Advance(TimeSpan.FromMinutes(1));
        (await shared.Hub.Api.DeleteAsync($"/api/v1/shares/{revokedId}", Stop)).Dispose();
        await shared.Hub.Get<ISnapshotStore>().DeleteAsync(shared.Snapshot, "test", Stop);

        var unknown = await AnswerAsync(shared, "/s/" + new string('x', 43));

        Assert.StartsWith("404 ", unknown, StringComparison.Ordinal);
        Assert.Contains("no-store", unknown, StringComparison.Ordinal);
        foreach (var path in new[] { expired, revoked, deleted, "/s/x", "/s/" + new string('y', 5000), "/s/" + revokedId })
        {
            Assert.Equal(unknown, await AnswerAsync(shared, path));
        }
    }

    // CVE-2021-39226: the route's own placeholder as the key opened and deleted everything.
    [Theory]
    [InlineData("/s/:secret")]
    [InlineData("/s/%7Bsecret%7D")]
    [InlineData("/s/*")]
    [InlineData("/s/%25")]
    [InlineData("/s/_")]
    [InlineData("/s/..%2Fapi%2Fv1%2Fhosts")]
    [InlineData("/s/' OR '1'='1' -- ' OR '1'='1' -- ' OR '1'='1")]
    public async Task Open_LiteralPlaceholder_OpensNothing(string path)
    {
        await using var shared = await SharedHub.StartAsync();
        await shared.ShareAsync();
        using var answer = await shared.Stranger.GetAsync(path, Stop);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Open_Valid_IsNotCachedIndexedNorReferredTo()
    {
        await using var shared = await SharedHub.StartAsync();
        var (_, path) = await shared.ShareAsync();
        using var answer = await shared.Stranger.GetAsync(path, Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.Contains("noindex", answer.Headers.GetValues("X-Robots-Tag").Single(), StringComparison.Ordinal);
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.Contains("frame-ancestors 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        // The document holds nothing of what is shared, and not even the secret in clear.
        var html = await answer.Content.ReadAsStringAsync(Stop);
        Assert.Contains("noindex", html, StringComparison.Ordinal);
        foreach (var text in new[] { SharedHub.User, SharedHub.Folder, SharedHub.Argument, "victim", "Alpha", shared.Snapshot, SharedHub.SecretOf(path) })
        {
            Assert.DoesNotContain(text, html, StringComparison.Ordinal);
        }
    }

    // CVE-2024-1313: the key to view was enough to delete. And a link must not lead to anything else.
    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/hosts")]
    [InlineData("GET", "/snapshots/{0}")]
    [InlineData("GET", "/shares")]
    [InlineData("GET", "/api/v1/hosts")]
    [InlineData("GET", "/api/v1/snapshots")]
    [InlineData("GET", "/api/v1/snapshots/{0}")]
    [InlineData("GET", "/api/v1/snapshots/{0}/regions")]
    [InlineData("GET", "/api/v1/snapshots/{0}/export?format=json")]
    [InlineData("GET", "/api/v1/shares")]
    [InlineData("DELETE", "/api/v1/shares/{1}")]
    [InlineData("DELETE", "/api/v1/shares/{2}")]
    [InlineData("DELETE", "/s/{2}")]
    [InlineData("POST", "/api/v1/snapshots/{0}/shares")]
    [InlineData("POST", "/api/v1/hosts/alpha/processes/1/snapshots")]
    [InlineData("POST", "/live/negotiate?negotiateVersion=1")]
    [InlineData("GET", "/openapi/v1.json")]
    public async Task Link_AndItsTicket_OpenNothingElse(string method, string address)
    {
        await using var shared = await SharedHub.StartAsync();
        var (id, path) = await shared.ShareAsync();
        var secret = SharedHub.SecretOf(path);
        var ticket = await shared.TicketAsync(path);
        foreach (var asKey in new[] { false, true })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), string.Format(System.Globalization.CultureInfo.InvariantCulture, address, shared.Snapshot, id, secret));
            request.Headers.Add("Cookie", ticket);
            request.Headers.Add("Origin", shared.Hub.Pages.GetLeftPart(UriPartial.Authority));
            if (asKey)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
            }
            using var answer = await shared.Stranger.SendAsync(request, Stop);
            Assert.True(
                answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotFound,
                $"{method} {address}: {answer.StatusCode}");
            Assert.DoesNotContain(SharedHub.Folder, await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        }
        // And the link is still there.
        await shared.TicketAsync(path);
    }

    [Fact]
    public async Task LiveHub_WithATicket_DoesNotLetIn()
    {
        await using var shared = await SharedHub.StartAsync();
        var (_, path) = await shared.ShareAsync();
        var ticket = await shared.TicketAsync(path);
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => shared.ConnectAsync("/live", ticket));
        Assert.Equal(HttpStatusCode.Unauthorized, error.StatusCode);
    }

    [Fact]
    public async Task ShareHub_KnowsNothingButLinks()
    {
        await using var shared = await SharedHub.StartAsync();
        var (id, path) = await shared.ShareAsync();
        var ticket = await shared.TicketAsync(path);
        await using var connection = await shared.ConnectAsync(ShareHub.Path, ticket);
        foreach (var request in new Dictionary<string, object>[]
        {
            new() { ["snapshot"] = shared.Snapshot },
            new() { ["host"] = "alpha", ["pid"] = 42, ["start"] = "0", ["intervalMs"] = 1000 },
            new() { ["share"] = id },
            new() { ["share"] = shared.Snapshot },
            new() { ["share"] = new string('x', 43) },
            new() { ["share"] = new string('x', 1000) },
        })
        {
            Assert.Null(await FirstAsync(connection, request));
        }
        await Assert.ThrowsAsync<HubException>(() => connection.InvokeAsync("TakeSnapshot", Stop));
        // After all that, the link itself still works on the same connection.
        Assert.NotNull(await FirstAsync(connection, new() { ["share"] = SharedHub.SecretOf(path) }));
    }

    [Theory]
    [InlineData(ShareHub.Path)]
    [InlineData("/_blazor")]
    public async Task Connection_WithoutATicket_IsRefused(string path)
    {
        await using var shared = await SharedHub.StartAsync();
        await shared.ShareAsync();
        foreach (var ticket in new[] { null, "webvmmap-share=CfDJ8nonsense" })
        {
            var error = await Assert.ThrowsAsync<HttpRequestException>(() => shared.ConnectAsync(path, ticket));
            Assert.Equal(HttpStatusCode.Unauthorized, error.StatusCode);
        }
    }

    [Theory]
    [InlineData(ShareHub.Path)]
    [InlineData("/_blazor")]
    public async Task WebSocket_FromAnotherSite_Is403AlsoWithATicket(string path)
    {
        await using var shared = await SharedHub.StartAsync();
        var (_, link) = await shared.ShareAsync();
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("Cookie", await shared.TicketAsync(link));
        socket.Options.SetRequestHeader("Origin", "http://evil.example");
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new UriBuilder(shared.Hub.Pages) { Scheme = "ws", Path = path }.Uri, Stop));
        Assert.Equal(HttpStatusCode.Forbidden, socket.HttpStatusCode);
    }

    [Fact]
    public async Task Redacted_NothingOfItIsInAnyByteThatLeaves()
    {
        await using var shared = await SharedHub.StartAsync();
        var view = $"q=%2Fhome%2F{SharedHub.User}&sel=g%3AImage%7C%2Fhome%2F{SharedHub.User}%2F{SharedHub.Folder}%2Flib1.so&view=map";
        var (_, path) = await shared.ShareAsync(new { view, note = "for Bo only" });
        var opened = Assert.IsType<OpenedSnapshot>(await shared.Hub.Get<IShares>().OpenAsync(SharedHub.SecretOf(path), count: false, Stop));
        Assert.Equal("sel=g%3AImage%7Clib1.so&view=map", opened.Link.ViewState);
        await using var connection = await shared.ConnectAsync(ShareHub.Path, await shared.TicketAsync(path));

        var frame = await FirstAsync(connection, new() { ["share"] = SharedHub.SecretOf(path) });

        var snapshot = Decode(frame);
        Assert.Equal(["", "lib0.so", "lib1.so", "lib2.so", "lib3.so"], snapshot.Regions.Strings);
        Assert.Equal(4 * TestSnapshots.PageBytes, snapshot.Summary.Total.Size);
        foreach (var text in new[] { SharedHub.User, SharedHub.Folder, SharedHub.Argument, "/home", "Bo" })
        {
            Assert.Equal(-1, frame.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)));
            Assert.DoesNotContain(snapshot.Notes, note => note.Text.Contains(text, StringComparison.Ordinal));
        }
        // What the circuit's page has is the same snapshot, with nothing more in it.
        Assert.Equal(("", "", "victim"), (opened.Snapshot.Process.User, opened.Snapshot.Process.CommandLine, opened.Snapshot.Process.Name));
    }

    [Fact]
    public async Task NotRedacted_IsSentWhole()
    {
        await using var shared = await SharedHub.StartAsync();
        var (_, path) = await shared.ShareAsync(new { redact = new { commandLine = false, user = false, paths = false } });
        await using var connection = await shared.ConnectAsync(ShareHub.Path, await shared.TicketAsync(path));
        var snapshot = Decode(await FirstAsync(connection, new() { ["share"] = SharedHub.SecretOf(path) }));
        Assert.Equal(SharedHub.Secret().Regions.Strings, snapshot.Regions.Strings);
    }

    [Fact]
    public async Task Guessing_AfterTooManyMisses_IsRefusedUnread()
    {
        await using var shared = await SharedHub.StartAsync();
        var (_, path) = await shared.ShareAsync();
        for (var i = 0; i < ShareMisses.PerMinute; i++)
        {
            using var miss = await shared.Stranger.GetAsync($"/s/{i}", Stop);
            Assert.Equal(HttpStatusCode.NotFound, miss.StatusCode);
        }
        foreach (var tried in new[] { "/s/x", path })
        {
            using var refused = await shared.Stranger.GetAsync(tried, Stop);
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
        }
    }

    [Fact]
    public async Task Opening_ManyTimes_IsNoMiss()
    {
        await using var shared = await SharedHub.StartAsync();
        var (_, path) = await shared.ShareAsync();
        for (var i = 0; i < ShareMisses.PerMinute + 5; i++)
        {
            await shared.TicketAsync(path);
        }
    }

    [Fact]
    public async Task Secret_IsInNoLogLine()
    {
        using var logs = new AllLogs();
        await using var shared = await SharedHub.StartAsync(configure: builder => builder.Logging.AddProvider(logs));
        var (id, path) = await shared.ShareAsync();
        var ticket = await shared.TicketAsync(path);
        await using (var connection = await shared.ConnectAsync(ShareHub.Path, ticket))
        {
            await FirstAsync(connection, new() { ["share"] = SharedHub.SecretOf(path) });
        }
        (await shared.Hub.Api.DeleteAsync($"/api/v1/shares/{id}", Stop)).Dispose();
        await AnswerAsync(shared, path);
        await shared.Hub.StopAsync();
        Assert.Contains(logs.Lines, line => line.Contains(id, StringComparison.Ordinal));
        Assert.DoesNotContain(logs.Lines, line => line.Contains(SharedHub.SecretOf(path), StringComparison.Ordinal));
    }

    [Fact]
    public async Task OpenLink_Revoked_EndsAtOnce()
    {
        await using var shared = await SharedHub.StartAsync();
        var (id, _) = await shared.ShareAsync();
        var ended = new TaskCompletionSource();
        using var watch = shared.Hub.Get<IShares>().Watch(id, ended.SetResult);
        (await shared.Hub.Api.DeleteAsync($"/api/v1/shares/{id}", Stop)).Dispose();
        Assert.True(ended.Task.IsCompleted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OpenLink_ExpiredOrItsSnapshotDeleted_EndsWithinSeconds(bool delete)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var shared = await SharedHub.StartAsync(time);
        var (id, _) = await shared.ShareAsync(new { expiresIn = "1m" });
        var (other, _) = await shared.ShareAsync(new { expiresIn = "90d" });
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var otherEnded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watch = shared.Hub.Get<IShares>().Watch(id, ended.SetResult);
        using var otherWatch = shared.Hub.Get<IShares>().Watch(other, otherEnded.SetResult);
        if (delete)
        {
            await shared.Hub.Get<ISnapshotStore>().DeleteAsync(shared.Snapshot, "test", Stop);
            time.Advance(ShareWatchdog.Period);
            await otherEnded.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        }
        else
        {
            time.Advance(TimeSpan.FromMinutes(1) + ShareWatchdog.Period);
        }
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        Assert.Equal(delete, otherEnded.Task.IsCompleted);
    }

    private static Snapshot Decode(byte[]? frame)
    {
        Assert.NotNull(frame);
        var decoder = new FrameDecoder(TestSnapshots.Process());
        Assert.Equal(FrameOutcome.Applied, decoder.Apply(frame));
        return decoder.Current!;
    }

    private static async Task<byte[]?> FirstAsync(HubConnection connection, Dictionary<string, object> request)
    {
        await foreach (var frame in connection.StreamAsync<byte[]>("Watch", request, Stop))
        {
            return frame;
        }
        return null;
    }

    /// <summary>All of an answer but its date.</summary>
    private static async Task<string> AnswerAsync(SharedHub shared, string path)
    {
        using var answer = await shared.Stranger.GetAsync(path, Stop);
        var headers = answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key != "Date").Select(header => $"{header.Key}: {string.Join(',', header.Value)}").Order();
        return $"{(int)answer.StatusCode} {string.Join('\n', headers)}\n\n{await answer.Content.ReadAsStringAsync(Stop)}";
    }
}
