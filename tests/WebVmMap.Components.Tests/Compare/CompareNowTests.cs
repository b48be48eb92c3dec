using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using WebVmMap.Components.Tests.Fakes;
using WebVmMap.Hub.Components.Compare;
using WebVmMap.Hub.Live;
using WebVmMap.Hub.Store;

namespace WebVmMap.Components.Tests.Compare;

public sealed class CompareNowTests : PagesContext
{
    private static readonly LiveProcessAddress s_address = new("load-test-07", Samples.Node.Key.Pid, Samples.StartStamp);

    [Fact]
    public async Task Take_WithAnEarlierSnapshot_LeadsToTheComparisonWithTheNewest()
    {
        await Store.AddAsync(DiffSamples.Before, "load-test-07", "load-test-07", "older", TestContext.Current.CancellationToken);
        var newest = await Store.AddAsync(DiffSamples.Before, "load-test-07", "load-test-07", "newest", TestContext.Current.CancellationToken);
        Store.ToTake = DiffSamples.After;
        var result = await ShowAsync();
        Assert.Equal(2, Dialogs.FindAll("input[type=radio]").Count);
        await PressAsync("Take and compare");
        Assert.Equal($"/compare?a={newest.Id}&b=snapshot-0000000000003", (await result)?.Data);
        Assert.Equal(s_address, Assert.Single(Store.Requests).Address);
    }

    [Fact]
    public async Task Take_WithNoneBefore_KeepsTheFirst()
    {
        Store.ToTake = DiffSamples.Before;
        var result = await ShowAsync();
        Assert.Contains("No snapshot of node is kept yet", Dialogs.Markup, StringComparison.Ordinal);
        await PressAsync("Take the first");
        Assert.Equal("/snapshots/snapshot-0000000000001", (await result)?.Data);
    }

    [Fact]
    public async Task Take_Refused_SaysWhyAndStays()
    {
        await Store.AddAsync(DiffSamples.Before, "load-test-07", "load-test-07", "", TestContext.Current.CancellationToken);
        Store.Outcome = new SnapshotOutcome(null, SnapshotFailure.ProcessGone, "The process has ended.");
        await ShowAsync();
        await PressAsync("Take and compare");
        Dialogs.WaitForAssertion(() => Assert.Contains("The process has ended.", Dialogs.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.False(Dialogs.FindAll("button").Single(b => b.TextContent == "Take and compare").HasAttribute("disabled"));
    }

    private async Task<Task<DialogResult?>> ShowAsync()
    {
        var parameters = new DialogParameters<CompareNowDialog> { { d => d.Address, s_address }, { d => d.Name, "node" } };
        var dialog = await Dialogs.InvokeAsync(() => Services.GetRequiredService<IDialogService>().ShowAsync<CompareNowDialog>("What changed?", parameters));
        Dialogs.WaitForAssertion(() => Assert.NotEmpty(Dialogs.FindAll(".primary")));
        return dialog.Result;
    }

    private new Task PressAsync(string button) => Dialogs.FindAll("button").Single(b => b.TextContent == button).ClickAsync(new MouseEventArgs());
}
