namespace WebVmMap.Recording.Ring;

/// <summary>Where things lie in the memory that tracer and agent share: the twin of src/native/tracer/ring.h. docs/formats/recording-ring.md describes it.</summary>
internal static class RingLayout
{
    public const ulong Magic = 0x31474e4952564d57;
    public const uint Version = 1;
    public const int Slots = 1024;
    public const int EventsPerSlot = 65536;
    public const int EventBytes = 16;
    public const int HeaderBytes = 4096;
    public const int LogBytes = 4 << 20;
    public const int SlotHeadBytes = 4096;
    public const int SlotBytes = SlotHeadBytes + (EventsPerSlot * EventBytes);
    public const int FirstSlot = HeaderBytes + LogBytes;
    public const long FileBytes = FirstSlot + ((long)Slots * SlotBytes);
    public const int MaxFrames = 256;

    public const ulong AddressMask = (1UL << 48) - 1;
    public const int KindShift = 60;
    public const int OrderLowShift = 48;
    public const int OrderHighShift = 32;
    public const int StackShift = 40;
    public const int OrderBits = 20;

    /// <summary>Set in an event of a new stack when it goes on where the walk could not.</summary>
    public const uint StackCut = 1;

    // Of the header.
    public const int StateAt = 12;
    public const int PidAt = 16;
    public const int SlotsAt = 20;
    public const int BeatAt = 24;
    public const int LogLengthAt = 32;
    public const int SkippedAt = 40;
    public const int NoSlotAt = 48;
    public const int MaxWaitAt = 56;
    public const int MaxFramesAt = 60;
    public const int SampleBytesAt = 64;
    public const int FollowAt = 72;
    public const int ParentAt = 76;
    public const int StartedAt = 80;
    public const int NotFollowedAt = 88;
    public const int ProgramAt = 96;
    public const int ProgramBytes = 512;
    public const int SparesAt = 608;
    public const int Spares = 128;
    public const int ForkedAt = SparesAt + (Spares * sizeof(ulong));
    public const int AsleepAt = ForkedAt + 4;

    // Of a slot.
    public const int HeadAt = 0;
    public const int TailAt = 64;
    public const int DroppedAt = 128;
    public const int WaitsAt = 136;
    public const int WaitedNsAt = 144;
    public const int LostBlocksAt = 152;
    public const int LostBytesAt = 160;
    public const int TimedAt = 168;
    public const int TimedNsAt = 176;
    public const int RecordingAt = 184;
    public const int BeganAt = 192;

    public const uint StateRunning = 1;
    public const uint StateStop = 2;

    /// <summary>Of a spare memory's word: above it stands the number of the open file and one more, below it who took it.</summary>
    public const int SpareFileShift = 32;

    /// <summary>So many of the spares' words are requests on Windows: the process below, above it what is being done about it.</summary>
    public const int Requests = 16;
    public const int RequestShift = 32;
    public const uint RequestAsked = 1;
    public const uint RequestTaken = 2;

    public const uint FollowNone = 0;
    public const uint FollowSpares = 1;
    public const uint FollowFull = 2;

    /// <summary>In the word of the state, the number of the recording lies above.</summary>
    public const int RecordingShift = 8;
}
