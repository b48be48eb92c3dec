using WebVmMap.Core.Processes;

namespace WebVmMap.Recording;

/// <summary>A process that runs, to be recorded from now on. Immutable.</summary>
/// <param name="Process">Which; a stamp of 0 takes whichever process has the id.</param>
public sealed record AttachRequest(ProcessKey Process);
