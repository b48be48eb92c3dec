using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MudBlazor;
using MudBlazor.Services;
using WebVmMap.Components.Tests.Fakes;
using WebVmMap.Hub.Components.Interop;
using WebVmMap.Hub.Configuration;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Live;
using WebVmMap.Hub.Processes;
using WebVmMap.Hub.Recordings;
using WebVmMap.Hub.Retention;
using WebVmMap.Hub.Schedules;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.WorkingSets;

namespace WebVmMap.Components.Tests;

/// <summary>A browser that answers nothing, and the hub's contracts as fakes that a test drives.</summary>
/// <remarks>
/// What a user does is raised inside <c>InvokeAsync</c>: raised on the test's own thread it is only queued while the renderer is busy
/// with another change, and the next line would look at a page that has not heard of it.
/// </remarks>
public abstract class PagesContext : BunitContext, IAsyncLifetime
{
    protected PagesContext()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddSingleton<TimeProvider>(Time);
        Services.AddSingleton<IHostDirectory>(Hosts);
        Services.AddSingleton<IProcessDirectory>(Lists);
        Services.AddSingleton<ILiveProcesses>(Live);
        Services.AddSingleton<ISnapshotStore>(Store);
        Services.AddSingleton<ISnapshotTaker>(Store);
        Services.AddSingleton<ISnapshotDiffs>(new SnapshotDiffs(Store));
        Services.AddSingleton<ISnapshotTrends>(new SnapshotTrends(Store));
        Services.AddSingleton(new FragmentationHistory(Store));
        Services.AddSingleton<IWorkingSets>(WorkingSets);
        Services.AddSingleton<ISchedules>(Schedules);
        Services.AddSingleton<IRetention>(Retention);
        Services.AddSingleton<IRecordings>(Recordings);
        Services.AddSingleton<IRecordingReader>(Recordings);
        Services.AddSingleton<ISnapshotRecordings>(SnapshotRecordings);
        Services.AddSingleton<CallTrees>();
        Services.AddSingleton<CallTreeFeed>();
        Services.AddSingleton<RecordingSources>();
        Services.AddSingleton<RecordedBlocks>();
        Services.AddSingleton(Options);
        Services.AddScoped<PageInterop>();
        Services.AddScoped<Hotkeys>();
        Canvas = JSInterop.SetupModule("./js/regions-view.js");
        Canvas.Mode = JSRuntimeMode.Loose;
        DiffCanvas = JSInterop.SetupModule("./js/diff-view.js");
        DiffCanvas.Mode = JSRuntimeMode.Loose;
        FlameCanvas = JSInterop.SetupModule("./js/flame-view.js");
        FlameCanvas.Mode = JSRuntimeMode.Loose;
        RecordingChart = JSInterop.SetupModule("./js/recording-chart.js");
        RecordingChart.Mode = JSRuntimeMode.Loose;
        App = JSInterop.SetupModule("./js/app.js");
        App.Mode = JSRuntimeMode.Loose;
        App.SetupVoid("replaceUrl", _ => true).SetVoidResult();
        Time.SetUtcNow(Samples.Noon.AddMinutes(1));
        Popovers = Render<MudPopoverProvider>();
        Dialogs = Render<MudDialogProvider>();
        Snackbars = Render<MudSnackbarProvider>();
    }

    protected FakeTimeProvider Time { get; } = new();

    protected HubOptions Options { get; } = new();

    internal FakeHosts Hosts { get; } = new();

    internal FakeProcessLists Lists { get; } = new();

    internal FakeLiveProcesses Live { get; } = new();

    internal FakeStore Store { get; } = new();

    internal FakeWorkingSets WorkingSets { get; } = new();

    internal FakeSchedules Schedules { get; } = new();

    internal FakeRetention Retention { get; } = new();

    internal FakeRecordings Recordings { get; } = new();

    internal FakeSnapshotRecordings SnapshotRecordings { get; } = new();

    protected BunitJSModuleInterop Canvas { get; }

    protected BunitJSModuleInterop DiffCanvas { get; }

    protected BunitJSModuleInterop FlameCanvas { get; }

    protected BunitJSModuleInterop RecordingChart { get; }

    protected BunitJSModuleInterop App { get; }

    protected IRenderedComponent<MudPopoverProvider> Popovers { get; }

    protected IRenderedComponent<MudDialogProvider> Dialogs { get; }

    protected IRenderedComponent<MudSnackbarProvider> Snackbars { get; }

    protected NavigationManager Navigation => Services.GetRequiredService<NavigationManager>();

    protected Task PressAsync(string key) => Services.GetRequiredService<Hotkeys>().PressAsync(key);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await DisposeComponentsAsync();
        // MudBlazor's services can only be disposed asynchronously.
        await Services.DisposeAsync();
    }
}
