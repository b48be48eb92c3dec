using System.Text.Json;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Hub.Api;

/// <summary>Something a reader of the figures has to know.</summary>
/// <param name="Kind"><c>method</c>, <c>limitation</c> or <c>changedWhileRead</c>.</param>
/// <param name="Text">One sentence.</param>
internal sealed record SnapshotNoteDto(string Kind, string Text)
{
    public static SnapshotNoteDto Of(SnapshotNote note) => new(JsonNamingPolicy.CamelCase.ConvertName(note.Kind.ToString()), note.Text);
}
