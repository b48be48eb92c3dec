using WebVmMap.Hub.Recordings;

namespace WebVmMap.Hub.Shares;

/// <summary>A recording behind a link: kept, or under way, when it goes on as it is looked at.</summary>
/// <param name="Link">The link.</param>
/// <param name="Recording">What is known of it.</param>
/// <param name="Source">What is in it.</param>
public sealed record OpenedRecording(SharedLink Link, Recording Recording, RecordingSource Source) : OpenedShare(Link);
