using WebVmMap.Core.Recordings;

namespace WebVmMap.Agent.Commands;

/// <summary>What <c>record --children</c> tells of a process that the recorded one started.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="ParentPid">Who started it.</param>
/// <param name="Program">Path of its program, the last one that it ran; may be empty.</param>
/// <param name="File">The file that its recording is in; empty when there was nothing to record.</param>
/// <param name="Total">What it allocated.</param>
/// <param name="DroppedEvents">Events that were lost.</param>
/// <param name="NotFollowed">Processes that it started and that could not be followed.</param>
/// <param name="Error">Why its recording failed; empty when it did not.</param>
internal sealed record RecordedChild(int Pid, int ParentPid, string Program, string File, AllocationFigures Total, long DroppedEvents, long NotFollowed, string Error);
