using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Components.Interop;
using WebVmMap.Hub.Components.Views;
using WebVmMap.Hub.Live;

namespace WebVmMap.Hub.Components.Controls;

/// <summary>Bars, strip, summary, picture and details of one snapshot, with one view state between them.</summary>
public sealed partial class Workbench : IDisposable
{
    private static readonly RegionMetric[] s_timelineMetrics = [RegionMetric.TotalWs, RegionMetric.Private, RegionMetric.Committed];
    private static readonly (PictureView View, string Name)[] s_views =
        [(PictureView.Treemap, "Treemap"), (PictureView.AddressMap, "Address map"), (PictureView.Timeline, "Timeline")];

    private IDisposable? _listening;

    [Inject]
    private Hotkeys Hotkeys { get; set; } = null!;

    /// <summary>What to show.</summary>
    [Parameter, EditorRequired]
    public required Snapshot Snapshot { get; set; }

    /// <summary>Where the canvas gets its regions.</summary>
    [Parameter, EditorRequired]
    public required RegionSource Source { get; set; }

    /// <summary>How to show it.</summary>
    [Parameter, EditorRequired]
    public required ViewState State { get; set; }

    /// <summary>The user wants it otherwise.</summary>
    [Parameter]
    public EventCallback<ViewState> StateChanged { get; set; }

    /// <summary>The last moments; default for a kept snapshot, which has none.</summary>
    [Parameter]
    public ImmutableArray<TimelinePoint> Timeline { get; set; }

    /// <summary>Whether the picture holds still.</summary>
    [Parameter]
    public bool Paused { get; set; }

    /// <summary>Whether this is an old picture of something that is gone: it is greyed.</summary>
    [Parameter]
    public bool Stale { get; set; }

    /// <summary>How the canvas's own connection fares.</summary>
    [Parameter]
    public EventCallback<CanvasStatus> OnCanvasStatus { get; set; }

    private bool HasTimeline => !Timeline.IsDefault;

    // A host that tells no working set would open on an empty picture.
    private ViewState Shown => State.Area == RegionMetric.TotalWs && Snapshot.Summary.Total.TotalWs == 0 ? State with { Area = RegionMetric.Committed } : State;

    private IEnumerable<(PictureView View, string Name)> Views => HasTimeline ? s_views : s_views.Where(v => v.View != PictureView.Timeline);

    /// <inheritdoc/>
    public void Dispose() => _listening?.Dispose();

    /// <inheritdoc/>
    protected override void OnInitialized() => _listening = Hotkeys.Listen(OnHotkeyAsync);

    private static string Lower(RegionMetric metric) => metric switch
    {
        RegionMetric.TotalWs => "working set",
        RegionMetric.Pss => "PSS",
        _ => MetricNames.Of(metric).Title.Replace("WS", "working set", StringComparison.Ordinal).ToLowerInvariant(),
    };

    private async Task<bool> OnHotkeyAsync(string key)
    {
        if (key is not ("1" or "2" or "3" or "back"))
        {
            return false;
        }
        await InvokeAsync(() => OnKeyAsync(key));
        return true;
    }

    private Task OnKeyAsync(string key) => key switch
    {
        "1" => SetAsync(State with { View = PictureView.Treemap }),
        "2" => SetAsync(State with { View = PictureView.AddressMap }),
        "3" when HasTimeline => SetAsync(State with { View = PictureView.Timeline }),
        "back" => SetAsync(State.StepBack()),
        _ => Task.CompletedTask,
    };

    private Task SetAsync(ViewState state) => StateChanged.InvokeAsync(state);

    private Task ToggleCategoryAsync(RegionCategory? category) =>
        SetAsync(State with { Category = category == State.Category ? null : category });

    private Task SelectTokenAsync(string token)
    {
        if (token.StartsWith("c:", StringComparison.Ordinal))
        {
            return RegionCategories.TryParse(token[2..], out var category) ? SetAsync(State with { Category = category }) : Task.CompletedTask;
        }
        return SetAsync(State with { Selection = SelectionTokens.Of(token) });
    }

    private Task ZoomAsync(string token) => SetAsync(State with { Zoom = token });
}
