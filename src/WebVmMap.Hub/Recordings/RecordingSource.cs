namespace WebVmMap.Hub.Recordings;

/// <summary>Everything that a view of a recording is made of. Thread-safe.</summary>
/// <param name="Recordings">What is known, and what is in them.</param>
/// <param name="Trees">Their call trees.</param>
/// <param name="Feed">Their call trees on the way to browsers.</param>
public sealed record RecordingSource(IRecordingReader Recordings, CallTrees Trees, CallTreeFeed Feed);
