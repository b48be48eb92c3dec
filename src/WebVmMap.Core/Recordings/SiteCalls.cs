namespace WebVmMap.Core.Recordings;

/// <summary>The call stack of a site.</summary>
public static class SiteCalls
{
    /// <summary>The function that allocates, the innermost of its stack.</summary>
    public static CodePlace Innermost(RecordingState recording, int site) => recording.Sites[site] switch
    {
        { BeforeRecording: true } => CodePlace.BeforeRecording,
        { Node: < 0 } => CodePlace.NoStack,
        { Node: var node } => CodePlaces.Name(recording, recording.Nodes[node].Frame)[0],
    };

    /// <summary>Its functions, innermost first, inlined ones too; empty for blocks without a stack and for a site that was not told yet.</summary>
    public static IReadOnlyList<CodePlace> Of(RecordingState recording, int site)
    {
        if (site >= recording.Sites.Count)
        {
            return [];
        }
        var stack = new List<CodePlace>();
        for (var node = recording.Sites[site].Node; node >= 0; node = recording.Nodes[node].Parent)
        {
            stack.AddRange(CodePlaces.Name(recording, recording.Nodes[node].Frame));
        }
        return stack;
    }
}
