using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Recordings;

/// <summary>Live blocks of a recording that fit a question: those of now, or of its end. Immutable.</summary>
/// <param name="Found">The blocks.</param>
/// <param name="IsLive">Whether the recording runs, and they are those of now.</param>
/// <param name="LeftOutBlocks">Blocks that were live at the end and were not kept, whether they would fit or not.</param>
/// <param name="LeftOutBytes">Bytes of these.</param>
public sealed record FoundInRecording(FoundBlocks Found, bool IsLive, long LeftOutBlocks, long LeftOutBytes);
