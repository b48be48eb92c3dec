using System.Net;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebVmMap.EndToEnd.Live;

/// <summary>Addresses that lead to nothing say so, and what to do.</summary>
public sealed class UnknownTests(DemoSystem demo) : BrowserTest(demo)
{
    [Theory]
    [InlineData("/hosts/nowhere/processes", "There is no host “nowhere”.")]
    [InlineData("/hosts/nowhere/processes/1", "There is no host “nowhere”.")]
    [InlineData("/snapshots/nothing", "There is no snapshot of this address. It may have been deleted.")]
    public async Task Page_OfNothing_SaysSo(string path, string says)
    {
        var page = await OpenAsync(path);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = says })).ToBeVisibleAsync();
        await Expect(page.Locator(".message").GetByRole(AriaRole.Link)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Process_ThatDoesNotExist_SaysSo()
    {
        using var target = Target.Idle();
        target.End();
        var page = await OpenAsync($"/hosts/{Demo.HostId}/processes/{target.Pid}");
        await Expect(page.GetByRole(AriaRole.Heading, new() { NameRegex = new($"^No process of .+ has the id {target.Pid}\\.$") })).ToBeVisibleAsync();
        await Expect(page.Locator(".live-chip")).ToHaveTextAsync("no such process");
    }

    [Fact]
    public async Task Process_KernelThread_SaysThatItHasNoAddressSpace()
    {
        Assert.SkipUnless(Directory.Exists("/proc/2") && File.ReadAllText("/proc/2/comm") == "kthreadd\n", "No kernel threads are to be seen from this container.");
        var page = await OpenAsync($"/hosts/{Demo.HostId}/processes/2");
        await Expect(page.Locator(".message")).ToContainTextAsync("kernel thread");
        await Expect(page.Locator(".live-chip")).ToHaveTextAsync("no address space");
        var snapshot = await Demo.Api.PostAsync($"/api/v1/hosts/{Demo.HostId}/processes/2/snapshots", null, Cancellation);
        Assert.Contains("kernel thread", await snapshot.ProblemAsync(HttpStatusCode.UnprocessableEntity), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_OfNoPage_SaysSo()
    {
        // The browser itself complains of the status 404, so this page is not among those that must be quiet.
        await using var context = await Demo.Browser.NewContextAsync(new() { StorageState = Demo.SignedInState });
        var page = await context.NewPageAsync();
        var answer = await page.GotoAsync($"{Demo.Url}/no/such/page");
        Assert.Equal(404, answer!.Status);
        await Expect(page.GetByText("There is nothing at this address.")).ToBeVisibleAsync();
    }
}
