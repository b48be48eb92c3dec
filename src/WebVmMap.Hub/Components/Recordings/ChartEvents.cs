using Microsoft.JSInterop;

namespace WebVmMap.Hub.Components.Recordings;

/// <summary>Takes what a recording's chart tells.</summary>
public sealed class ChartEvents(Func<DateTimeOffset?, DateTimeOffset?, Task> spanned)
{
    /// <summary>A span was brushed.</summary>
    /// <param name="from">Milliseconds since 1970 UTC; negative for the beginning.</param>
    /// <param name="to">The same; negative for the end.</param>
    [JSInvokable]
    public Task OnSpan(double from, double to) => spanned(Time(from), Time(to));

    private static DateTimeOffset? Time(double milliseconds) =>
        milliseconds >= 0 && milliseconds < DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds) : null;
}
