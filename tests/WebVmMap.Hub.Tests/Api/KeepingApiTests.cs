using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using WebVmMap.Hub.Schedules;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Tests.Hosting;
using Xunit;

namespace WebVmMap.Hub.Tests.Api;

public sealed class KeepingApiTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Patch_LabelNotePin_AnswersTheWholeAndListsFindIt()
    {
        await using var hub = await TestHub.StartAsync();
        var id = await AddAsync(hub, 0);
        await AddAsync(hub, 1);
        using var answer = await hub.Api.PatchAsJsonAsync($"/api/v1/snapshots/{id}", new { label = " before ", note = "x", pinned = true }, Stop);
        var changed = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Equal(("before", "x", true, "byHand"), (changed.GetProperty("label").GetString(), changed.GetProperty("note").GetString(), changed.GetProperty("pinned").GetBoolean(), changed.GetProperty("origin").GetString()));
        foreach (var query in new[] { "pinned=true", "name=BEFORE", "to=2027-01-15T08:00:01Z&origin=byHand", "sort=takenAt&ascending=true&take=1", "pid=42&startStamp=77&take=1&skip=1" })
        {
            using var list = await hub.Api.GetAsync($"/api/v1/snapshots?{query}", Stop);
            Assert.Equal(id, (await list.Content.ReadFromJsonAsync<JsonElement>(Stop)).EnumerateArray().Single().GetProperty("id").GetString());
            Assert.Equal(query.Contains("take=1", StringComparison.Ordinal) ? "2" : "1", list.Headers.GetValues("X-Total-Count").Single());
        }
    }

    [Theory]
    [InlineData("origin=nothing", "byHand, schedule, rule, import")]
    [InlineData("sort=colour", "takenAt, process")]
    [InlineData("take=0", "from 1 to 500")]
    [InlineData("from=yesterday", "from")]
    public async Task Get_WrongFilter_SaysWhatThereIs(string query, string expected)
    {
        await using var hub = await TestHub.StartAsync();
        using var answer = await hub.Api.GetAsync($"/api/v1/snapshots?{query}", Stop);
        Assert.Contains(expected, await ProblemAsync(HttpStatusCode.BadRequest, answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_History_IsOfOneLifeOfTheProcess()
    {
        await using var hub = await TestHub.StartAsync();
        var id = await AddAsync(hub, 0);
        var start = TestSnapshots.Process().StartTime.UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        var history = await hub.Api.GetFromJsonAsync<JsonElement>($"/api/v1/hosts/alpha/processes/42/history?startTime={start}", Stop);
        Assert.Equal(id, history.EnumerateArray().Single().GetProperty("id").GetString());
        Assert.Empty((await hub.Api.GetFromJsonAsync<JsonElement>("/api/v1/hosts/alpha/processes/42/history?startTime=2020-01-01T00:00:00Z", Stop)).EnumerateArray());
    }

    [Fact]
    public async Task Delete_ThenRestore_IsGoneAndBackAndAudited()
    {
        await using var hub = await TestHub.StartAsync();
        var id = await AddAsync(hub, 0);
        using var deleted = await hub.Api.DeleteAsync($"/api/v1/snapshots/{id}", Stop);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        foreach (var path in new[] { "", "/regions", "/export?format=wvm" })
        {
            using var gone = await hub.Api.GetAsync($"/api/v1/snapshots/{id}{path}", Stop);
            await ProblemAsync(HttpStatusCode.NotFound, gone);
        }
        using var restored = await hub.Api.PostAsync($"/api/v1/snapshots/{id}/restore", null, Stop);
        Assert.Equal(HttpStatusCode.NoContent, restored.StatusCode);
        using var back = await hub.Api.GetAsync($"/api/v1/snapshots/{id}", Stop);
        back.EnsureSuccessStatusCode();
        using var again = await hub.Api.PostAsync($"/api/v1/snapshots/{id}/restore", null, Stop);
        await ProblemAsync(HttpStatusCode.NotFound, again);
        var audit = await hub.Api.GetFromJsonAsync<JsonElement>("/api/v1/audit", Stop);
        Assert.Equal(["snapshot restored", "snapshot deleted"], audit.EnumerateArray().Select(entry => entry.GetProperty("action").GetString()));
        Assert.NotEqual("", audit[0].GetProperty("who").GetString());
    }

    [Fact]
    public async Task Patch_TooLongOrUnknown_IsRefused()
    {
        await using var hub = await TestHub.StartAsync();
        var id = await AddAsync(hub, 0);
        using var longer = await hub.Api.PatchAsJsonAsync($"/api/v1/snapshots/{id}", new { label = new string('x', 201) }, Stop);
        Assert.Contains("at most 200", await ProblemAsync(HttpStatusCode.UnprocessableEntity, longer), StringComparison.Ordinal);
        using var unknown = await hub.Api.PatchAsJsonAsync("/api/v1/snapshots/none", new { label = "x" }, Stop);
        await ProblemAsync(HttpStatusCode.NotFound, unknown);
    }

    [Fact]
    public async Task Schedule_OfARunningProcess_TakesSnapshotsThroughTheAgent()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await hub.AgentAsync("Alpha");
        var making = hub.Api.PostAsJsonAsync("/api/v1/schedules", new { host = "alpha", pid = 42, everyMinutes = 30, label = "by itself" }, Stop);
        await agent.AnswerListAsync(TestSnapshots.Process());
        using var made = await making;
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        // Due at once: the list again, then the snapshot.
        await agent.AnswerListAsync(TestSnapshots.Process());
        var request = await agent.NextAsync(message => message.TakeSnapshot);
        await agent.UploadAsync(request.RequestId, TestSnapshots.Of());
        var all = hub.Get<ISchedules>();
        await Signal.When(all.Subscribe, () => all.All[0].TakenCount == 1);
        var schedule = await hub.Api.GetFromJsonAsync<JsonElement>(made.Headers.Location!.ToString(), Stop);
        Assert.Equal((30, "victim", "", 1), (schedule.GetProperty("everyMinutes").GetInt32(), schedule.GetProperty("process").GetString(), schedule.GetProperty("lastError").GetString(), schedule.GetProperty("taken").GetInt32()));
        Assert.False(schedule.TryGetProperty("privateAbove", out _));
        var taken = await hub.Api.GetFromJsonAsync<JsonElement>($"/api/v1/snapshots?schedule={schedule.GetProperty("id").GetString()}", Stop);
        Assert.Equal(("schedule", "by itself"), (taken[0].GetProperty("origin").GetString(), taken[0].GetProperty("label").GetString()));

        using var paused = await hub.Api.PatchAsJsonAsync(made.Headers.Location.ToString(), new { enabled = false }, Stop);
        Assert.False((await paused.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("enabled").GetBoolean());
        using var foreign = await hub.Api.PatchAsJsonAsync(made.Headers.Location.ToString(), new { privateAbove = 5 }, Stop);
        await ProblemAsync(HttpStatusCode.UnprocessableEntity, foreign);
        using var deleted = await hub.Api.DeleteAsync(made.Headers.Location.ToString(), Stop);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Empty((await hub.Api.GetFromJsonAsync<JsonElement>("/api/v1/schedules", Stop)).EnumerateArray());
    }

    [Theory]
    [InlineData("""{"host":"alpha","process":"x"}""", "one of everyMinutes")]
    [InlineData("""{"host":"alpha","process":"x","everyMinutes":5,"privateAbove":5}""", "one of everyMinutes")]
    [InlineData("""{"host":"alpha","everyMinutes":5}""", "either process")]
    [InlineData("""{"host":"alpha","process":"x","everyMinutes":0}""", "from 1 to 10080")]
    [InlineData("""{"host":"alpha","process":"x","privateAbove":-1}""", "more than 0 bytes")]
    public async Task Schedule_ThatCannotBe_IsRefusedWithWhy(string body, string expected)
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await hub.AgentAsync("Alpha");
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await hub.Api.PostAsync("/api/v1/schedules", content, Stop);
        Assert.Contains(expected, await ProblemAsync(HttpStatusCode.UnprocessableEntity, answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retention_SetAndRead_TellsLimitsAndRoom()
    {
        await using var hub = await TestHub.StartAsync();
        await AddAsync(hub, 0);
        using var set = await hub.Api.PutAsJsonAsync("/api/v1/retention", new { days = 0, countPerHost = 7, bytesPerHost = 1000 }, Stop);
        var state = await set.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Equal((0, 7, 1), (state.GetProperty("limits").GetProperty("days").GetInt32(), state.GetProperty("limits").GetProperty("countPerHost").GetInt32(), state.GetProperty("hosts")[0].GetProperty("count").GetInt32()));
        using var wrong = await hub.Api.PutAsJsonAsync("/api/v1/retention", new { days = -1 }, Stop);
        await ProblemAsync(HttpStatusCode.UnprocessableEntity, wrong);
    }

    [Theory]
    [InlineData("""{"days":1}""", 7, 8, 9)]
    [InlineData("""{"days":1,"recordings":null}""", 7, 8, 9)]
    [InlineData("""{"recordings":{"days":3}}""", 3, 200, 4L << 30)]
    public async Task Retention_SetWithoutAllLimitsOfRecordings_KeepsThoseOrTakesTheirOwnUsual(string body, int days, int count, long bytes)
    {
        await using var hub = await TestHub.StartAsync();
        using var first = await hub.Api.PutAsJsonAsync("/api/v1/retention", new { recordings = new { days = 7, countPerHost = 8, bytesPerHost = 9 } }, Stop);
        first.EnsureSuccessStatusCode();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var set = await hub.Api.PutAsync("/api/v1/retention", content, Stop);
        var limits = (await set.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("limits").GetProperty("recordings");
        Assert.Equal((days, count, bytes), (limits.GetProperty("days").GetInt32(), limits.GetProperty("countPerHost").GetInt32(), limits.GetProperty("bytesPerHost").GetInt64()));
        using var wrong = await hub.Api.PutAsJsonAsync("/api/v1/retention", new { recordings = new { days = -1 } }, Stop);
        Assert.StartsWith("Recordings:", await ProblemAsync(HttpStatusCode.UnprocessableEntity, wrong), StringComparison.Ordinal);
    }

    private static async Task<string> AddAsync(TestHub hub, int second) => (await hub.Get<ISnapshotStore>().AddAsync(
        TestSnapshots.Of(allocations: 2, at: new DateTimeOffset(2027, 1, 15, 8, 0, second, TimeSpan.Zero)), "alpha", "Alpha", "", Stop)).Id;

    private static async Task<string> ProblemAsync(HttpStatusCode expected, HttpResponseMessage answer)
    {
        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("detail").GetString()!;
    }
}
