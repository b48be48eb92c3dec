using System.Text.Json;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Api;

/// <summary>How a recording fares: what says how far its other figures can be trusted, in all since it began.</summary>
/// <param name="Events">Events that the tracer handed over: allocations, frees and the halves of reallocations.</param>
/// <param name="DroppedEvents">Events that were lost because a ring stayed full longer than the program may be made to wait.</param>
/// <param name="LostBlocks">Allocations among these: counted as allocated without a stack, and not as live.</param>
/// <param name="LostBytes">Their bytes.</param>
/// <param name="Waits">How often a thread of the program waited for room in its ring.</param>
/// <param name="WaitedMs">How long they waited together.</param>
/// <param name="RingFill">The fullest that a ring was found lately, from 0 to 1.</param>
/// <param name="Threads">Threads of the program that allocated.</param>
/// <param name="UnknownFrees">Frees of blocks that nobody saw being made.</param>
/// <param name="MissedFrees">Allocations at an address that was live already: a free was not seen.</param>
/// <param name="CutStacks">Stacks that end where the unwinder could not go on, or at its greatest depth.</param>
/// <param name="SampleBytes">0 when every allocation was recorded; else one was in so many bytes on average, and all figures are estimates.</param>
/// <param name="NotFollowed">Processes that it started and that could not be recorded.</param>
/// <param name="Before">Whether what the program had before was counted, or why not, in a word.</param>
/// <param name="BeforeReason">Why it was not counted; left out when it was.</param>
/// <param name="BeforeUnwalkedBytes">Bytes of the heap that could not be walked for that.</param>
/// <param name="BeforeCountedOnly">Blocks that were counted for that and are not followed: what is freed of them stays in it.</param>
/// <param name="ProgramCpuMs">Processor time that recording cost the program, without waits, an estimate; left out when sampled, where it is not measured.</param>
/// <param name="StoppedMs">How long threads of the program were kept from running to put the tracer into it and take it out again, together.</param>
/// <param name="AgentCpuMs">Processor time of the agent for this recording.</param>
internal sealed record RecordingHealthDto(
    long Events, long DroppedEvents, long LostBlocks, long LostBytes, long Waits, double WaitedMs, double RingFill, int Threads,
    long UnknownFrees, long MissedFrees, long CutStacks, long SampleBytes, long NotFollowed,
    string Before, string? BeforeReason, long BeforeUnwalkedBytes, long BeforeCountedOnly,
    double? ProgramCpuMs, double StoppedMs, double AgentCpuMs)
{
    private const double NsInMs = 1e6;

    public static RecordingHealthDto Of(RecordingHealth health) => new(
        health.Events, health.DroppedEvents, health.LostBlocks, health.LostBytes, health.Waits, health.WaitedNs / NsInMs, health.RingFill, health.Threads,
        health.UnknownFrees, health.MissedFrees, health.CutStacks, health.SampleBytes, health.NotFollowed,
        StateOf(health.Before), ReasonOf(health.Before), health.BeforeUnwalkedBytes, health.BeforeCountedOnly,
        health.SampleBytes > 0 ? null : health.TargetCpuMs, health.StoppedNs / NsInMs, health.AgentCpuMs);

    /// <summary>The state of what was there before, as a word of the API.</summary>
    public static string StateOf(HeapBefore before) => JsonNamingPolicy.CamelCase.ConvertName(before.ToString());

    /// <summary>Why what was there before is not counted; null when it is.</summary>
    public static string? ReasonOf(HeapBefore before) => HeapBeforeWords.Reason(before) is { Length: > 0 } reason ? reason : null;
}
