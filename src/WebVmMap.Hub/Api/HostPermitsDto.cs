namespace WebVmMap.Hub.Api;

/// <summary>What an agent permits beyond looking.</summary>
/// <param name="Recording">Whether allocations may be recorded.</param>
/// <param name="Contents">Whether memory contents may leave the host.</param>
/// <param name="EmptyWorkingSet">Whether working sets may be emptied.</param>
/// <param name="Source">Whether source files may be shown that recorded programs name.</param>
internal sealed record HostPermitsDto(bool Recording, bool Contents, bool EmptyWorkingSet, bool Source);
