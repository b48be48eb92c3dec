using System.Collections.Immutable;
using System.Globalization;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Recordings;

/// <summary>A recording as it is known now, without what is in it. Immutable: a change makes a new one.</summary>
public sealed record Recording
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>The host it is of.</summary>
    public required string HostId { get; init; }

    /// <summary>That host's name when it began.</summary>
    public required string HostName { get; init; }

    /// <summary>The process; 0 until it is known.</summary>
    public int Pid { get; init; }

    /// <summary>Tells that process from a later one of its id; 0 until it is known, or when it had ended by then.</summary>
    public long StartStamp { get; init; }

    /// <summary>Name of the program's file, without directory; empty when it is not known.</summary>
    public string Program { get; init; } = "";

    /// <summary>What was started, or what the process that was attached to had been started with, words separated by blanks; empty when that is not known.</summary>
    public string CommandLine { get; init; } = "";

    /// <summary>Whether the agent started the program for it; else it ran already.</summary>
    public bool Launched { get; init; }

    /// <summary>Whether the processes that it starts are recorded too.</summary>
    public bool FollowsChildren { get; init; }

    /// <summary>The recording with which this one came, for its program started this process, or started who did; empty for none. That may be deleted since.</summary>
    public string ParentId { get; init; } = "";

    /// <summary>With <see cref="ParentId"/>, the process that started this one.</summary>
    public int ParentPid { get; init; }

    /// <summary>Whether only samples are recorded, whose figures are estimates.</summary>
    public bool Sampled { get; init; }

    /// <summary>How far it has come.</summary>
    public RecordingPhase Phase { get; init; }

    /// <summary>Why it failed, one sentence; empty otherwise.</summary>
    public string Error { get; init; } = "";

    /// <summary>When it was asked for, by the hub's clock.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>Who asked for it.</summary>
    public string StartedBy { get; init; } = "";

    /// <summary>How many intervals are stored.</summary>
    public int Intervals { get; init; }

    /// <summary>Bytes that they take.</summary>
    public long StoredBytes { get; init; }

    /// <summary>All of the allocator that was allocated and freed, and what of it is live.</summary>
    public AllocationFigures Total { get; init; }

    /// <summary>
    /// All that was got from the system itself and given back, and what of it is live. Never summed with <see cref="Total"/>, whose blocks lie in it. Null before
    /// the first interval, and of what was stored before this was kept with it: then what is in the recording tells it.
    /// </summary>
    public AllocationFigures? Virtual { get; init; }

    /// <summary>How it fares; null as <see cref="Virtual"/> is.</summary>
    public RecordingHealth? Health { get; init; }

    /// <summary>Of <see cref="Total"/>, what the process had before.</summary>
    public FromBefore Before { get; init; }

    /// <summary>Whether the blocks that were live at its end are kept.</summary>
    public bool KeepsBlocks { get; init; }

    /// <summary>What it is called; empty for nothing.</summary>
    public string Name { get; init; } = "";

    /// <summary>What is written down about it.</summary>
    public string Note { get; init; } = "";

    /// <summary>Whether it stays whatever its age.</summary>
    public bool Pinned { get; init; }

    /// <summary>Events that the tracer told.</summary>
    public long Events { get; init; }

    /// <summary>Events that were lost.</summary>
    public long DroppedEvents { get; init; }

    /// <summary>Its marks, oldest first.</summary>
    public ImmutableArray<RecordingMark> Marks { get; init; } = [];

    /// <summary>What was recorded: the command that was launched, or the process that ran.</summary>
    public string Subject => this switch
    {
        { Launched: true, CommandLine.Length: > 0 } => CommandLine,
        { Program.Length: > 0, Pid: > 0 } => string.Create(CultureInfo.InvariantCulture, $"{Program} (process {Pid})"),
        { Pid: > 0 } => string.Create(CultureInfo.InvariantCulture, $"process {Pid}"),
        _ => "a process",
    };

    /// <summary>Whether it has ended, well or not.</summary>
    public bool HasEnded => Phase is RecordingPhase.Stopped or RecordingPhase.Failed;
}
