using Microsoft.JSInterop;

namespace WebVmMap.Hub.Components.Interop;

/// <summary>Takes what the browser tells of itself.</summary>
/// <param name="hotkey">Told the name of a key: <c>pause</c>, <c>help</c>, <c>back</c>, or <c>1</c> to <c>9</c>.</param>
/// <param name="systemTheme">Told whether the system is dark now.</param>
public sealed class BrowserEvents(Func<string, Task> hotkey, Func<bool, Task> systemTheme)
{
    /// <summary>A key was pressed outside a field.</summary>
    [JSInvokable]
    public Task OnHotkey(string name) => name.Length <= 20 ? hotkey(name) : Task.CompletedTask;

    /// <summary>The system's theme changed while the page follows it.</summary>
    [JSInvokable]
    public Task OnSystemTheme(string theme) => systemTheme(theme == "dark");
}
