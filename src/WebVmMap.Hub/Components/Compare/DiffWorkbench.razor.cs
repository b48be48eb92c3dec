using Microsoft.AspNetCore.Components;
using WebVmMap.Core.Diffs;
using WebVmMap.Core.Regions;
using WebVmMap.Hub.Components.Interop;
using WebVmMap.Hub.Components.Views;

namespace WebVmMap.Hub.Components.Compare;

/// <summary>
/// Bars, summary, pictures and changes of two snapshots, with one state between them. It shows what it is given and knows of no store, so
/// that a page behind a share link has the same views.
/// </summary>
public sealed partial class DiffWorkbench : IDisposable
{
    private static readonly bool[] s_areas = [false, true];
    private static readonly (PictureView View, string Name)[] s_views = [(PictureView.Treemap, "Treemap"), (PictureView.AddressMap, "Address map")];
    private static readonly (DiffSide Side, string Name, int Key)[] s_sides = [(DiffSide.Before, "Before", 1), (DiffSide.Difference, "Difference", 2), (DiffSide.After, "After", 3)];

    private IDisposable? _listening;

    [Inject]
    private Hotkeys Hotkeys { get; set; } = null!;

    /// <summary>What to show.</summary>
    [Parameter, EditorRequired]
    public required SnapshotDiff Diff { get; set; }

    /// <summary>How to show it.</summary>
    [Parameter, EditorRequired]
    public required DiffState State { get; set; }

    /// <summary>The user wants it otherwise.</summary>
    [Parameter]
    public EventCallback<DiffState> StateChanged { get; set; }

    /// <inheritdoc/>
    public void Dispose() => _listening?.Dispose();

    /// <inheritdoc/>
    protected override void OnInitialized() => _listening = Hotkeys.Listen(OnHotkeyAsync);

    private static string MetricText(RegionMetric metric) => MetricNames.Of(metric).Title;

    private static string AreaText(bool onlyChanges) => onlyChanges ? "what changed" : "before or after";

    private async Task<bool> OnHotkeyAsync(string key)
    {
        if (key is not ("1" or "2" or "3" or "back"))
        {
            return false;
        }
        await InvokeAsync(() => OnKeyAsync(key));
        return true;
    }

    private Task OnKeyAsync(string key) => SetAsync(key switch
    {
        "1" => State with { Side = DiffSide.Before },
        "2" => State with { Side = DiffSide.Difference },
        "3" => State with { Side = DiffSide.After },
        _ => State.StepBack(),
    });

    private Task SetAsync(DiffState state) => StateChanged.InvokeAsync(state);

    private Task SelectTokenAsync(string token) => token.StartsWith("c:", StringComparison.Ordinal)
        ? RegionCategories.TryParse(token[2..], out var category) ? SetAsync(State with { Category = category }) : Task.CompletedTask
        : SetAsync(State with { Selection = SelectionTokens.Of(token) });

    private Task ToggleCategoryAsync(RegionCategory? category) =>
        SetAsync(State with { Category = category == State.Category || category is RegionCategory.Free or RegionCategory.Unusable or RegionCategory.PageTable ? null : category });
}
