namespace WebVmMap.Core.Recordings;

/// <summary>How a recording fares, in all since it began. Every figure is shown: nothing of it is silently wrong.</summary>
public sealed record RecordingHealth
{
    /// <summary>Events that the tracer handed over: allocations, frees and the halves of reallocations.</summary>
    public long Events { get; init; }

    /// <summary>
    /// Events that were lost: a ring stayed full longer than the target may be made to wait, or they were within a signal's handler amid the tracer's work, of threads
    /// for which there was no ring, or samples for which there was no place among those that are followed.
    /// </summary>
    public long DroppedEvents { get; init; }

    /// <summary>How often a thread of the target waited for room in its ring.</summary>
    public long Waits { get; init; }

    /// <summary>How long threads of the target waited for room, together, in nanoseconds.</summary>
    public long WaitedNs { get; init; }

    /// <summary>The fullest that a ring was found in this interval, from 0 to 1.</summary>
    public double RingFill { get; init; }

    /// <summary>Threads of the target that allocated.</summary>
    public int Threads { get; init; }

    /// <summary>Frees of blocks that nobody saw being made.</summary>
    public long UnknownFrees { get; init; }

    /// <summary>Allocations at an address that was live already: a free was not seen.</summary>
    public long MissedFrees { get; init; }

    /// <summary>Stacks that ended where the unwinder could not go on, or at its greatest depth.</summary>
    public long CutStacks { get; init; }

    /// <summary>How long threads of the target were kept from running to put the tracer into it and take it out again, together, in nanoseconds; 0 when it was launched and ended by itself.</summary>
    public long StoppedNs { get; init; }

    /// <summary>Processor time of the agent for this recording, in milliseconds.</summary>
    public double AgentCpuMs { get; init; }

    /// <summary>Of the dropped events, allocations of which the size is known, or those that such samples stand for: counted as allocated by a stack that is not known, and not as live.</summary>
    public long LostBlocks { get; init; }

    /// <summary>Their bytes.</summary>
    public long LostBytes { get; init; }

    /// <summary>0 when every allocation was recorded; else one was in so many bytes on average, and all figures are estimates.</summary>
    public long SampleBytes { get; init; }

    /// <summary>Processes that this one started and that were to be followed, but found no room or could not be: they run on without being recorded.</summary>
    public long NotFollowed { get; init; }

    /// <summary>Whether the blocks that the program had before were counted.</summary>
    public HeapBefore Before { get; init; }

    /// <summary>Bytes of its heap that were not looked at for that, or in which no order was found.</summary>
    public long BeforeUnwalkedBytes { get; init; }

    /// <summary>Of those blocks, ones that were counted and are not followed, for there were too many: they stay live, and their frees are unknown ones.</summary>
    public long BeforeCountedOnly { get; init; }

    /// <summary>
    /// Estimate of the processor time that recording cost the program, without waits, in milliseconds: of one event in a thousand, which was timed. 0 when sampled.
    /// </summary>
    public double TargetCpuMs { get; init; }
}
