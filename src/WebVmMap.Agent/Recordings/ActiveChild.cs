using WebVmMap.Core.Processes;
using WebVmMap.Recording;

namespace WebVmMap.Agent.Recordings;

/// <summary>A recording of a process that a recorded one started, until the hub has named it.</summary>
/// <param name="ParentId">The hub's name of the recording that follows its children.</param>
/// <param name="Child">What is known of the process.</param>
/// <param name="Recording">What is recorded of it.</param>
internal sealed record ActiveChild(string ParentId, IChildRecording Child, ActiveRecording Recording)
{
    /// <summary>What the hub calls it by until then.</summary>
    public (string ParentId, ProcessKey Process) Key => (ParentId, Child.Process);
}
