using System.Collections.Immutable;
using WebVmMap.Core.Processes;

namespace WebVmMap.Hub.Processes;

/// <summary>The processes of a host, as last told. Immutable.</summary>
/// <param name="Processes">The list; kept when a later request fails.</param>
/// <param name="AsOf">When it was made, UTC; null before the first answer.</param>
/// <param name="Error">Why there is no newer one, with what to do; empty when all is well.</param>
public sealed record ProcessListState(ImmutableArray<ProcessInfo> Processes, DateTimeOffset? AsOf, string Error)
{
    /// <summary>Nothing has been told yet.</summary>
    public static ProcessListState Waiting { get; } = new([], null, "");
}
