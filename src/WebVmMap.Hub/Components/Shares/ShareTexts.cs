using System.Collections.Immutable;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Hub.Components.Shares;

/// <summary>Every text that a receiver will get of one thing that is shared, besides figures and addresses. Immutable.</summary>
/// <param name="Facts">What is told of it, by name.</param>
/// <param name="Details">What stands in its rows.</param>
public sealed record ShareTexts(ImmutableArray<(string Name, string Text)> Facts, ImmutableArray<string> Details)
{
    /// <summary>Those of a snapshot.</summary>
    public static ShareTexts Of(string hostName, Snapshot snapshot) => new(
        [
            ("Host", hostName),
            ("Process", $"{snapshot.Process.Name}, pid {snapshot.Process.Key.Pid}"),
            ("User", snapshot.Process.User),
            ("Command line", snapshot.Process.CommandLine),
            .. snapshot.Notes.Select(note => ("Note", note.Text)),
        ],
        Sorted(snapshot.Regions.Strings));

    /// <summary>The same texts in an order that a person can look through.</summary>
    public static ImmutableArray<string> Sorted(IEnumerable<string> texts) => [.. texts.Where(text => text.Length > 0).Distinct().Order(StringComparer.OrdinalIgnoreCase)];
}
