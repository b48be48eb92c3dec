using WebVmMap.Components.Tests.Fakes;
using WebVmMap.Hub.Components.Pages;
using WebVmMap.Hub.Recordings;

namespace WebVmMap.Components.Tests.Pages;

public sealed class RecordingsPageTests : PagesContext
{
    [Fact]
    public void Recordings_None_SaysWhatTheyAreAndWhereTheyBegin() =>
        Assert.Equal("/hosts", Render<RecordingsPage>().Find(".message a").GetAttribute("href"));

    [Fact]
    public void Recordings_NoneAndOneHostCanRecord_LeadsToItsProcesses()
    {
        Hosts.Set(FakeHosts.Linux, FakeHosts.Windows);
        var page = Render<RecordingsPage>();
        Assert.Contains("● Record", page.Find(".message").TextContent, StringComparison.Ordinal);
        Assert.Equal(["/hosts/load-test-07/processes", "/hosts"], page.FindAll(".message a").Select(link => link.GetAttribute("href")));
    }

    [Fact]
    public void Recordings_NoneOfTheHostLookedAt_LeadsToItsProcesses()
    {
        Hosts.Set(FakeHosts.Linux, FakeHosts.Windows);
        Navigation.NavigateTo("/recordings?host=build-win-3");
        Assert.Equal("/hosts/build-win-3/processes", Render<RecordingsPage>().Find(".message a").GetAttribute("href"));
    }

    [Fact]
    public void Recordings_OneRunning_TellsItsFigures()
    {
        Recordings.Set(RecordingSamples.Running, RecordingSamples.First, RecordingSamples.Second);
        var page = Render<RecordingsPage>();
        Assert.Equal(
            ["/usr/bin/shop --port 80", "4711", "load-test-07", "recording", "2026-11-22 12:00:00", "1 min", "12 ⚠", "2.0 MiB", "2.3 MiB", ""],
            page.FindAll("tbody td").SkipLast(1).Select(cell => cell.TextContent.Trim()));
        Assert.Equal("/recordings/r1", page.Find("tbody a").GetAttribute("href"));
    }

    [Fact]
    public async Task Stop_ThenDelete_AsksAndDeletes()
    {
        Recordings.Set(RecordingSamples.Running, RecordingSamples.First);
        var page = Render<RecordingsPage>();
        _ = page.InvokeAsync(() => page.Find(".row-actions .plain-button").Click());
        Dialogs.WaitForAssertion(() => Assert.Contains("was launched under this recording", Dialogs.Markup, StringComparison.Ordinal));
        await Dialogs.InvokeAsync(() => Dialogs.FindAll("button").Single(button => button.TextContent == "Stop recording").Click());
        page.WaitForAssertion(() => Assert.Contains("Delete", page.Find(".row-actions .plain-button").TextContent, StringComparison.Ordinal));
        // The dialog answers only when it is closed, so the click is not awaited.
        _ = page.InvokeAsync(() => page.Find(".row-actions .plain-button").Click());
        Dialogs.WaitForAssertion(() => Assert.Contains("is deleted for good", Dialogs.Markup, StringComparison.Ordinal));
        await Dialogs.InvokeAsync(() => Dialogs.FindAll("button").Single(button => button.TextContent == "Delete").Click());
        page.WaitForAssertion(() => Assert.Equal(["r1"], Recordings.Deleted));
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".message")));
    }

    [Fact]
    public void Delete_OfAProgramWithProcesses_SaysWhatGoesWithIt()
    {
        Recordings.Set(RecordingSamples.Running with { Phase = RecordingPhase.Stopped, FollowsChildren = true }, RecordingSamples.First);
        for (var child = 1; child <= 3; child++)
        {
            Recordings.Set(RecordingSamples.Running with { Id = $"c{child}", Pid = 6000 + child, Phase = RecordingPhase.Stopped, ParentId = "r1", ParentPid = 4711, Pinned = child == 2 }, RecordingSamples.First);
        }
        var page = Render<RecordingsPage>();
        // The dialog answers only when it is closed, so the click is not awaited.
        _ = page.InvokeAsync(() => page.Find(".row-actions .plain-button").Click());
        Dialogs.WaitForAssertion(() => Assert.Contains("is deleted for good, with those of 2 processes that it started; 1 pinned one of these stays.", Dialogs.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Edit_NameNoteAndPin_AreSavedAndShown()
    {
        Recordings.Set(RecordingSamples.Running, RecordingSamples.First);
        var page = Render<RecordingsPage>();
        await page.InvokeAsync(() => page.Find(".row-actions [aria-pressed]").Click());
        page.WaitForAssertion(() => Assert.Equal("true", page.Find(".row-actions [aria-pressed]").GetAttribute("aria-pressed")));
        _ = page.InvokeAsync(() => page.Find("[title='Edit name and note']").Click());
        Dialogs.WaitForAssertion(() => Assert.NotEmpty(Dialogs.FindAll("textarea")));
        await Dialogs.InvokeAsync(() => Dialogs.Find("input[type=text]").Input(" before the fix "));
        await Dialogs.InvokeAsync(() => Dialogs.Find("textarea").Input("the one of the report"));
        await Dialogs.InvokeAsync(() => Dialogs.FindAll("button").Single(button => button.TextContent == "Save").Click());
        page.WaitForAssertion(() => Assert.Equal("before the fix", page.Find("tbody a").TextContent));
        var kept = Recordings.Find("r1")!;
        Assert.Equal(("before the fix", "the one of the report", true), (kept.Name, kept.Note, kept.Pinned));
        Assert.Contains("/usr/bin/shop --port 80", page.Find("tbody td").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Recordings_OfAnAttachedProcess_TellProgramAndProcess()
    {
        Recordings.Set(RecordingSamples.Running with { Launched = false, Program = "redis-server", CommandLine = "/usr/bin/redis-server *:6379" }, RecordingSamples.First);
        Assert.Equal("redis-server (process 4711)", Render<RecordingsPage>().Find("tbody a").TextContent);
    }

    [Fact]
    public async Task Retention_LimitsSet_AreThoseOfRecordingsAlone()
    {
        Recordings.Set(RecordingSamples.Running, RecordingSamples.First);
        var page = Render<RecordingsPage>();
        Assert.Contains("Of each host up to 90 days, 200 recordings, 4.00 GiB are kept", page.Find(".retention summary").TextContent, StringComparison.Ordinal);
        await page.InvokeAsync(() => page.FindAll(".retention-form input")[1].Change("12"));
        await page.InvokeAsync(() => page.Find(".retention-form").Submit());
        Assert.Equal((12, 1000), (Retention.State.Settings.Recordings.CountPerHost, Retention.State.Settings.CountPerHost));
    }

    [Fact]
    public void Recordings_WithChildren_StandWithThem()
    {
        Recordings.Set(RecordingSamples.Running with { FollowsChildren = true }, RecordingSamples.First);
        Recordings.Set(RecordingSamples.Running with { Id = "other", CommandLine = "other" });
        foreach (var pid in new[] { 6002, 6001 })
        {
            Recordings.Set(RecordingSamples.Running with { Id = $"r{pid}", Pid = pid, Launched = false, Program = "sort", CommandLine = "/usr/bin/sort", ParentId = "r1", ParentPid = 4711 }, RecordingSamples.First);
        }
        // One whose parent was deleted.
        Recordings.Set(RecordingSamples.Running with { Id = "orphan", Launched = false, Program = "cut", ParentId = "gone", ParentPid = 3 });
        Assert.Equal(
            ["└ started by process 3: cut (process 4711)", "other", "/usr/bin/shop --port 80", "└ started by process 4711: sort (process 6001)", "└ started by process 4711: sort (process 6002)"],
            Render<RecordingsPage>().FindAll("tbody td:first-child").Select(cell => cell.TextContent.Trim()));
    }

    [Fact]
    public void Recordings_OneFailed_SaysWhy()
    {
        Recordings.Set(RecordingSamples.Running with { Phase = RecordingPhase.Failed, Error = "The agent went away." });
        Assert.Equal("The agent went away.", Render<RecordingsPage>().Find(".row-error").TextContent.Trim());
    }

    [Fact]
    public async Task Launch_OnAHostThatPermitsIt_StartsWhatWasTypedAndOpensIt()
    {
        Hosts.Set(FakeHosts.Linux with { PermitsRecording = true });
        var page = Render<HostsPage>();
        _ = page.InvokeAsync(() => LaunchButton(page).Click());
        Dialogs.WaitForAssertion(() => Assert.NotEmpty(Dialogs.FindAll("input")));
        await Dialogs.InvokeAsync(() => Dialogs.FindAll("input")[0].Input("/usr/bin/shop \"a b\" --port 80"));
        await Dialogs.InvokeAsync(() => Dialogs.FindAll("input")[1].Input("/srv"));
        await Dialogs.InvokeAsync(() => Dialogs.Find("textarea").Input("MODE=load\nLD_BIND_NOW="));
        await Dialogs.InvokeAsync(() => Dialogs.Find("input[type=checkbox]").Change(true));
        await Dialogs.InvokeAsync(() => Dialogs.FindAll("button").Single(button => button.TextContent == "Start").Click());
        page.WaitForAssertion(() => Assert.EndsWith("/recordings/recording-1", Navigation.Uri, StringComparison.Ordinal));
        var started = Assert.Single(Recordings.Started);
        Assert.Equal(["/usr/bin/shop", "a b", "--port", "80"], started.Command);
        Assert.Equal(("/srv", true), (started.WorkingDirectory, started.FollowsChildren));
        Assert.Equal([("LD_BIND_NOW", ""), ("MODE", "load")], started.Environment.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => (v.Key, v.Value)));
    }

    [Theory]
    [InlineData("", "", "Write the program to start, and its arguments.")]
    [InlineData("sh -c 'exit", "", "A single quote is opened and not closed.")]
    [InlineData("/usr/bin/shop", "PATH", "\"PATH\" is no variable: write NAME=value.")]
    [InlineData("/usr/bin/none", "", "There is no file /usr/bin/none.")]
    public async Task Launch_WhatCannotBe_SaysWhyAndStaysOpen(string command, string environment, string problem)
    {
        Recordings.Refusal = "There is no file /usr/bin/none.";
        Hosts.Set(FakeHosts.Linux with { PermitsRecording = true });
        var page = Render<HostsPage>();
        _ = page.InvokeAsync(() => LaunchButton(page).Click());
        Dialogs.WaitForAssertion(() => Assert.NotEmpty(Dialogs.FindAll("input")));
        await Dialogs.InvokeAsync(() => Dialogs.FindAll("input")[0].Input(command));
        await Dialogs.InvokeAsync(() => Dialogs.Find("textarea").Input(environment));
        await Dialogs.InvokeAsync(() => Dialogs.FindAll("button").Single(button => button.TextContent == "Start").Click());
        Dialogs.WaitForAssertion(() => Assert.Equal(problem, Dialogs.Find("[role=alert]").TextContent));
    }

    [Fact]
    public void Launch_OnAHostThatForbidsIt_SaysHowToPermitIt()
    {
        Hosts.Set(FakeHosts.Linux with { PermitsRecording = false });
        var page = Render<HostsPage>();
        _ = page.InvokeAsync(() => LaunchButton(page).Click());
        Dialogs.WaitForAssertion(() => Assert.Contains("--allow-recording", Dialogs.Markup, StringComparison.Ordinal));
        Assert.Empty(Dialogs.FindAll("input"));
    }

    private static AngleSharp.Dom.IElement LaunchButton(IRenderedComponent<HostsPage> page) =>
        page.FindAll("footer button").Single(button => button.TextContent.Contains("Launch under recording", StringComparison.Ordinal));
}
