namespace WebVmMap.Hub.Ingest;

/// <summary>What the hub takes from an agent, and how long it waits for it. Generous for an honest agent, an end for any other.</summary>
internal static class IngestLimits
{
    /// <summary>Most bytes of one message.</summary>
    public const int MessageBytes = 4 << 20;

    /// <summary>Most bytes of a snapshot as uploaded.</summary>
    public const int SnapshotBytes = 256 << 20;

    /// <summary>Most bytes of one frame: some 60 bytes for each of a million regions.</summary>
    public const int FrameBytes = 64 << 20;

    /// <summary>Most processes in a list.</summary>
    public const int Processes = 100_000;

    /// <summary>Most snapshots that one agent is asked for at a time.</summary>
    public const int SnapshotsAtOnce = 4;

    /// <summary>Most messages that wait to be sent to an agent; one that reads no longer is let go.</summary>
    public const int OutgoingMessages = 512;

    /// <summary>Malformed frames in a row after which a stream is refused.</summary>
    public const int MalformedFrames = 3;

    /// <summary>How often an agent is to send a heartbeat.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    /// <summary>An agent that was silent this long is taken for gone.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    /// <summary>How long a new connection may wait before it says hello.</summary>
    public static readonly TimeSpan Hello = TimeSpan.FromSeconds(10);

    /// <summary>How long a process list may take.</summary>
    public static readonly TimeSpan ProcessList = TimeSpan.FromSeconds(15);

    /// <summary>Most notes on an emptied working set.</summary>
    public const int EmptiedNotes = 20;

    /// <summary>How long emptying a working set may take: a big one is written to swap.</summary>
    public static readonly TimeSpan EmptyWorkingSet = TimeSpan.FromMinutes(2);

    /// <summary>How long a snapshot may take, upload included.</summary>
    public static readonly TimeSpan Snapshot = TimeSpan.FromMinutes(2);

    /// <summary>How long an agent may take to begin a recording.</summary>
    public static readonly TimeSpan StartRecording = TimeSpan.FromSeconds(30);

    /// <summary>How long an agent may take to find live blocks.</summary>
    public static readonly TimeSpan FindBlocks = TimeSpan.FromSeconds(15);

    /// <summary>How long an agent may take to read a source file.</summary>
    public static readonly TimeSpan ReadSource = TimeSpan.FromSeconds(15);

    /// <summary>Most lines of a source file in one answer.</summary>
    public const int SourceLines = 1000;

    /// <summary>Most characters of each.</summary>
    public const int SourceColumns = 1000;

    /// <summary>Most characters of a file's path.</summary>
    public const int SourcePath = 4096;

    /// <summary>Most live blocks in one answer.</summary>
    public const int Blocks = 10_000;

    /// <summary>Most bounds of groups that live blocks are counted between.</summary>
    public const int BlockBounds = 200_000;
}
