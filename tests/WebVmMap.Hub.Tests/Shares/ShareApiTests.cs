using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Shares;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Tests.Hosting;
using Xunit;

namespace WebVmMap.Hub.Tests.Shares;

public sealed class ShareApiTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Post_NoWishes_IsALinkOfSevenDaysThatLeavesEverythingOut()
    {
        await using var shared = await SharedHub.StartAsync();
        var before = DateTimeOffset.UtcNow;
        var (id, path) = await shared.ShareAsync();
        var link = await OnlyAsync(shared);
        Assert.Equal((id, "valid", 0), (link.GetProperty("id").GetString(), link.GetProperty("state").GetString(), link.GetProperty("openedCount").GetInt32()));
        Assert.InRange(link.GetProperty("expiresAt").GetDateTimeOffset() - before, TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1), TimeSpan.FromDays(7) + TimeSpan.FromMinutes(1));
        Assert.Equal("""{"commandLine":true,"user":true,"paths":true}""", link.GetProperty("redact").GetRawText());
        // 256 bits, as 43 letters, digits, dashes and underscores.
        Assert.Matches("^/s/[A-Za-z0-9_-]{43}$", path);
    }

    [Fact]
    public async Task Post_Wishes_AreKept()
    {
        await using var shared = await SharedHub.StartAsync();
        await shared.ShareAsync(new { expiresIn = "12h", name = "Before", note = "for Bo", redact = new { user = false } });
        var link = await OnlyAsync(shared);
        Assert.Equal(("Before", "for Bo"), (link.GetProperty("name").GetString(), link.GetProperty("note").GetString()));
        Assert.Equal("""{"commandLine":true,"user":false,"paths":true}""", link.GetProperty("redact").GetRawText());
        Assert.Equal(TimeSpan.FromHours(12), link.GetProperty("expiresAt").GetDateTimeOffset() - link.GetProperty("createdAt").GetDateTimeOffset());
    }

    [Theory]
    [InlineData("91d")]
    [InlineData("0m")]
    [InlineData("never")]
    [InlineData("-1d")]
    [InlineData("")]
    [InlineData("99999999999999999999d")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("P1DT")]
    [InlineData("P1M")]
    [InlineData("PT59S")]
    [InlineData("P90DT1S")]
    [InlineData("P1W1D")]
    [InlineData("12h\n")]
    [InlineData(59)]
    [InlineData(7776001)]
    [InlineData(3600.5)]
    [InlineData(true)]
    public async Task Post_LifetimeThatCannotBe_Is400(object expiresIn)
    {
        await using var shared = await SharedHub.StartAsync();
        using var answer = await shared.Hub.Api.PostAsJsonAsync($"/api/v1/snapshots/{shared.Snapshot}/shares", new { expiresIn }, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("90d", 7_776_000)]
    [InlineData("P7D", 604_800)]
    [InlineData("P2W", 1_209_600)]
    [InlineData("PT12H", 43_200)]
    [InlineData("P1DT2H3M4S", 93_784)]
    [InlineData("PT90M", 5_400)]
    [InlineData("3600", 3_600)]
    [InlineData(3600, 3_600)]
    [InlineData(60, 60)]
    public async Task Post_LifetimeAsText_DurationOrSeconds_IsKept(object expiresIn, int seconds)
    {
        await using var shared = await SharedHub.StartAsync();
        await shared.ShareAsync(new { expiresIn });
        var link = await OnlyAsync(shared);
        Assert.Equal(TimeSpan.FromSeconds(seconds), link.GetProperty("expiresAt").GetDateTimeOffset() - link.GetProperty("createdAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task Post_TextsTooLong_Is422AndUnknownSnapshots404()
    {
        await using var shared = await SharedHub.StartAsync();
        foreach (var wish in new object[] { new { name = new string('x', 101) }, new { note = new string('x', 1001) }, new { view = new string('x', 4001) } })
        {
            using var answer = await shared.Hub.Api.PostAsJsonAsync($"/api/v1/snapshots/{shared.Snapshot}/shares", wish, Stop);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        }
        using var unknown = await shared.Hub.Api.PostAsJsonAsync("/api/v1/snapshots/nothere/shares", new { }, Stop);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Open_IsCountedWithItsTime()
    {
        await using var shared = await SharedHub.StartAsync();
        var (_, path) = await shared.ShareAsync();
        await shared.TicketAsync(path);
        await shared.TicketAsync(path);
        var link = await OnlyAsync(shared);
        Assert.Equal(2, link.GetProperty("openedCount").GetInt32());
        Assert.True(link.GetProperty("lastOpenedAt").GetDateTimeOffset() >= link.GetProperty("createdAt").GetDateTimeOffset());
    }

    [Theory]
    [InlineData("/api/v1/shares/{0}")]
    [InlineData("/api/v1/snapshots/{1}/shares/{0}")]
    [InlineData("/api/v1/snapshots/{1}/shares")]
    public async Task Delete_Valid_RevokesItOnce(string address)
    {
        await using var shared = await SharedHub.StartAsync();
        var (id, path) = await shared.ShareAsync();
        var resource = string.Format(System.Globalization.CultureInfo.InvariantCulture, address, id, shared.Snapshot);
        using var revoked = await shared.Hub.Api.DeleteAsync(resource, Stop);
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        Assert.Equal("revoked", (await OnlyAsync(shared)).GetProperty("state").GetString());
        using var again = await shared.Hub.Api.DeleteAsync(resource, Stop);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        using var opened = await shared.Stranger.GetAsync(path, Stop);
        Assert.Equal(HttpStatusCode.NotFound, opened.StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/snapshots/{0}/diff/{1}/shares", "{{}}")]
    [InlineData("/api/v1/snapshots/{0}/shares", "{{\"compareWith\":\"{1}\"}}")]
    public async Task Post_Comparison_OpensBothSidesRedacted(string address, string body)
    {
        await using var shared = await SharedHub.StartAsync();
        var second = (await shared.Hub.Get<ISnapshotStore>().AddAsync(SharedHub.Secret(), "beta", "Beta", "", Stop)).Id;
        using var wish = new StringContent(Fill(body), Encoding.UTF8, "application/json");
        using var answer = await shared.Hub.Api.PostAsync(Fill(address), wish, Stop);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var url = (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("url").GetString()!;
        var opened = Assert.IsType<OpenedSnapshot>(await shared.Hub.Get<IShares>().OpenAsync(url.Split('/')[^1], count: false, Stop));
        Assert.Equal(("Alpha", "Beta", false), (opened.HostName, opened.Second!.HostName, opened.Second.SameHost));
        Assert.Equal(["", "lib0.so", "lib1.so", "lib2.so", "lib3.so"], opened.Second.Snapshot.Regions.Strings);
        Assert.Equal(("", ""), (opened.Second.Snapshot.Process.User, opened.Second.Snapshot.Process.CommandLine));
        Assert.Equal(second, (await OnlyAsync(shared)).GetProperty("compareWith").GetString());
        // Without one of its sides there is nothing left to show.
        await shared.Hub.Get<ISnapshotStore>().DeleteAsync(second, "test", Stop);
        using var gone = await shared.Stranger.GetAsync(new Uri(url).AbsolutePath, Stop);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);

        string Fill(string text) => string.Format(System.Globalization.CultureInfo.InvariantCulture, text, shared.Snapshot, second);
    }

    [Fact]
    public async Task Post_ComparisonThatCannotBe_SaysWhy()
    {
        await using var shared = await SharedHub.StartAsync();
        var windows = TestSnapshots.Of();
        var other = (await shared.Hub.Get<ISnapshotStore>().AddAsync(
            new Snapshot(windows.Regions, windows.Bounds) { Platform = HostPlatform.Windows, Process = windows.Process, TakenAt = windows.TakenAt }, "beta", "Beta", "", Stop)).Id;
        using var refused = await shared.Hub.Api.PostAsync($"/api/v1/snapshots/{shared.Snapshot}/diff/{other}/shares", null, Stop);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("cannot be compared", await refused.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        using var unknown = await shared.Hub.Api.PostAsync($"/api/v1/snapshots/{shared.Snapshot}/diff/nothere/shares", null, Stop);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task MadeAndRevoked_AreInTheAuditWithWho()
    {
        await using var shared = await SharedHub.StartAsync();
        var (id, _) = await shared.ShareAsync();
        using (await shared.Hub.Api.DeleteAsync($"/api/v1/shares/{id}", Stop))
        {
            var entries = await shared.Hub.Get<AuditLog>().ListAsync(2, Stop);
            Assert.Equal(
                [("api key WEBVMMAP_API_KEY", AuditActions.ShareRevoked, id), ("api key WEBVMMAP_API_KEY", AuditActions.ShareMade, id)],
                entries.Select(entry => (entry.Who, entry.Action, entry.Target)));
        }
    }

    [Fact]
    public async Task Secret_IsNowhereOnDiskNorInAnyLaterAnswer()
    {
        using var folder = new TestFolder();
        string secret;
        await using (var hub = await TestHub.StartAsync(folder: folder))
        {
            var id = (await hub.Get<ISnapshotStore>().AddAsync(SharedHub.Secret(), "alpha", "Alpha", "", Stop)).Id;
            using var made = await hub.Api.PostAsJsonAsync($"/api/v1/snapshots/{id}/shares", new { }, Stop);
            secret = (await made.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("url").GetString()!.Split('/')[^1];
            Assert.DoesNotContain(secret, await hub.Api.GetStringAsync("/api/v1/shares", Stop), StringComparison.Ordinal);
        }
        foreach (var file in Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories))
        {
            Assert.Equal(-1, File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.ASCII.GetBytes(secret)));
        }
    }

    private static async Task<JsonElement> OnlyAsync(SharedHub shared)
    {
        var all = await shared.Hub.Api.GetFromJsonAsync<JsonElement>("/api/v1/shares", Stop);
        var ofSnapshot = await shared.Hub.Api.GetFromJsonAsync<JsonElement>($"/api/v1/snapshots/{shared.Snapshot}/shares", Stop);
        Assert.True(JsonElement.DeepEquals(all, ofSnapshot));
        return Assert.Single(all.EnumerateArray());
    }
}
