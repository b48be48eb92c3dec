using System.Text.Json;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.EndToEnd.Published;

[Collection(SecondAgent.Alone)]
public sealed class PublishedAgentTests(DemoSystem demo, PublishedAgent agent) : IClassFixture<PublishedAgent>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_OnAHub_ListsProcessesAndTakesSnapshots()
    {
        using var target = Target.Idle();
        await using var second = await SecondAgent.StartAsync(demo, "published", agent.Program);
        var processes = await demo.Api.GetJsonAsync($"/api/v1/hosts/{second.Name}/processes");
        Assert.Contains(processes.EnumerateArray(), process => process.GetProperty("pid").GetInt32() == target.Pid && process.Text("name") == "cat");
        var theirs = await demo.Api.TakeSnapshotAsync(second.Name, target.Pid);
        var ours = await demo.Api.TakeSnapshotAsync(demo.HostId, target.Pid);
        var total = (await demo.Api.GetJsonAsync($"/api/v1/snapshots/{theirs}")).GetProperty("total");
        Assert.Equal(Own(await demo.Api.GetJsonAsync($"/api/v1/snapshots/{ours}")), Own(await demo.Api.GetJsonAsync($"/api/v1/snapshots/{theirs}")));
        Assert.True(total.Bytes("totalWs") > 0);

        // The share of a page that others map too, and whether it is shared at all, are up to the others: they may come and go between the two.
        static Dictionary<string, string> Own(JsonElement snapshot) => snapshot.GetProperty("total").EnumerateObject()
            .Where(figure => figure.Name is not ("pss" or "shareableWs" or "sharedWs" or "privateWs")).ToDictionary(figure => figure.Name, figure => figure.Value.GetRawText());
    }

    [Fact]
    public async Task Snapshot_EveryFormat_HoldsTheSameFigures()
    {
        using var target = Target.Idle();
        var folder = Directory.CreateTempSubdirectory("webvmmap-published-").FullName;
        try
        {
            foreach (var format in (string[])["wvm", "json", "csv"])
            {
                var (exitCode, output) = await agent.RunAsync("snapshot", "--pid", $"{target.Pid}", "--output", Path.Combine(folder, $"taken.{format}"));
                Assert.True(exitCode == 0, output);
            }
            var snapshot = SnapshotCodec.Decode(await File.ReadAllBytesAsync(Path.Combine(folder, "taken.wvm"), Cancellation));
            var total = JsonElement.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "taken.json"), Cancellation)).GetProperty("total");
            Assert.Equal((snapshot.Summary.Total.TotalWs, snapshot.Summary.Total.Committed), (total.Bytes("totalWs"), total.Bytes("committed")));
            Assert.Contains("/cat", await File.ReadAllTextAsync(Path.Combine(folder, "taken.csv"), Cancellation), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(0, "Usage:", "--help")]
    [InlineData(0, "ExecStart=", "install", "--hub", "https://hub.example:5081", "--dry-run")]
    [InlineData(1, "There is no process", "snapshot", "--pid", "999999999")]
    [InlineData(2, "Run 'webvmmap-agent --help'", "snapshot")]
    public async Task Commands_GoodAndBad_AnswerAsTheyShould(int exitCode, string says, params string[] arguments)
    {
        var (ended, output) = await agent.RunAsync(arguments);
        Assert.Equal(exitCode, ended);
        Assert.Contains(says, output, StringComparison.Ordinal);
    }
}
