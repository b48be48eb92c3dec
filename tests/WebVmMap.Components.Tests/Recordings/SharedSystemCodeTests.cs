using WebVmMap.Components.Tests.Fakes;
using WebVmMap.Core.Redaction;
using WebVmMap.Hub.Recordings;

namespace WebVmMap.Components.Tests.Recordings;

/// <summary>What is the system's is hidden behind a link as for its sender: on Windows it is told by folders, which the link leaves out.</summary>
public sealed class SharedSystemCodeTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CallTree_OfAWindowsProgramWithoutItsSystem_HasItsOwnCallsAlone(bool withoutFolders)
    {
        var recordings = new FakeRecordings();
        recordings.Set(RecordingSamples.Running, RecordingSamples.First with { Modules = [new(@"C:\Shop\shop.exe", "", ""), new(@"C:\Windows\System32\ntdll.dll", "", "")] });
        var trees = new CallTrees(recordings);
        var sources = new RecordingSources(recordings, trees, new CallTreeFeed(recordings, trees, TimeProvider.System), TimeProvider.System);
        var shown = sources.Of(new RedactionRules(CommandLine: true, User: true, Paths: withoutFolders));
        var moment = await shown.Trees.OfAsync(RecordingSamples.Running.Id, CallTreeQuestion.Whole with { HideSystem = true }, TestContext.Current.CancellationToken);
        Assert.Equal(
            withoutFolders ? ["main shop.exe", "load shop.exe", "serve shop.exe"] : [@"main C:\Shop\shop.exe", @"load C:\Shop\shop.exe", @"serve C:\Shop\shop.exe"],
            moment!.Tree.Nodes.Skip(1).Select(node => $"{node.Place.Function} {node.Place.Module}"));
        Assert.Equal(withoutFolders, !ReferenceEquals(trees, shown.Trees));
    }
}
