using Microsoft.JSInterop;

namespace WebVmMap.Hub.Components.Grid;

/// <summary>Takes what the browser tells of a grid.</summary>
public sealed class GridEvents(Func<bool, Task> reading)
{
    /// <summary>Somebody began or ceased to read the grid.</summary>
    /// <param name="isRead">True while the pointer is over it, the focus in it, or it is scrolled away from its top.</param>
    [JSInvokable]
    public Task OnReading(bool isRead) => reading(isRead);
}
