using System.Text.Json;
using Microsoft.JSInterop;

namespace WebVmMap.Hub.Components.Controls;

/// <summary>Takes what a canvas tells.</summary>
public sealed class CanvasEvents(Func<string, Task> selected, Func<string, Task> zoomed, Func<CanvasStatus, Task> status)
{
    private const int MaxToken = 2000;

    /// <summary>A box was chosen.</summary>
    /// <param name="token">What it is, empty for none.</param>
    [JSInvokable]
    public Task OnSelect(string token) => token.Length <= MaxToken ? selected(token) : Task.CompletedTask;

    /// <summary>The picture was zoomed.</summary>
    /// <param name="token">Where to, empty for all.</param>
    [JSInvokable]
    public Task OnZoom(string token) => token.Length <= MaxToken ? zoomed(token) : Task.CompletedTask;

    /// <summary>The state of the canvas's connection.</summary>
    /// <param name="json">A <see cref="CanvasStatus"/>.</param>
    [JSInvokable]
    public Task OnStatus(string json) =>
        json.Length <= MaxToken && JsonSerializer.Deserialize<CanvasStatus>(json, JsonSerializerOptions.Web) is { } told ? status(told) : Task.CompletedTask;
}
