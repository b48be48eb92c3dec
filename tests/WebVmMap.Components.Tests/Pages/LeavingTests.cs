using Microsoft.AspNetCore.Components.Web;
using WebVmMap.Components.Tests.Fakes;
using WebVmMap.Hub.Components.Pages;
using WebVmMap.Hub.Store;

namespace WebVmMap.Components.Tests.Pages;

/// <summary>A page that is left while it reads troubles nobody: the layout's error panel is for faults.</summary>
public sealed class LeavingTests : PagesContext
{
    [Fact]
    public async Task SnapshotPage_LeftBetweenFindingAndLoading_ShowsNoError()
    {
        var id = (await Store.AddAsync(new NewSnapshot { Snapshot = Samples.Small(), HostId = "host", HostName = "host" }, TestContext.Current.CancellationToken)).Id;
        var finding = new TaskCompletionSource();
        Store.Finding = finding.Task;
        var layout = Render<ErrorBoundary>(boundary => boundary
            .AddChildContent<SnapshotPage>(page => page.Add(p => p.Id, id))
            .Add(b => b.ErrorContent, error => error.Message));
        layout.Render(boundary => boundary.AddChildContent("another page"));

        await layout.InvokeAsync(finding.SetResult);

        Assert.Equal("another page", layout.Markup);
    }
}
