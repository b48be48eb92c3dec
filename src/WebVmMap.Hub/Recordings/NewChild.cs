using WebVmMap.Core.Processes;

namespace WebVmMap.Hub.Recordings;

/// <summary>A process that a recorded one started, as its agent tells of it.</summary>
/// <param name="ParentId">The recording that follows its children.</param>
/// <param name="Process">The process.</param>
/// <param name="ParentPid">Who started it.</param>
/// <param name="Program">Path of its program; empty when it is not known.</param>
internal sealed record NewChild(string ParentId, ProcessKey Process, int ParentPid, string Program);
