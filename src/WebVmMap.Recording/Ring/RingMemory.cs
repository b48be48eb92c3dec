using System.Runtime.CompilerServices;
using System.Text;

namespace WebVmMap.Recording.Ring;

/// <summary>
/// The memory that tracer and agent share, as the agent sees it. What is read from it was written by the traced program's process and may
/// be anything. One thread maps and reads; <see cref="Stop"/> may be called from any.
/// </summary>
internal abstract unsafe class RingMemory : IDisposable
{
    // As long as an agent that lives may be busy with anything else.
    private static readonly TimeSpan s_gone = TimeSpan.FromSeconds(2);

    private const ulong MaxCount = 1UL << 50;

    private readonly uint _recording;
    private readonly byte* _header;
    private readonly nint[] _slots = new nint[RingLayout.Slots];
    private bool _disposed;

    /// <summary>Writes the header into memory that is all zeros.</summary>
    /// <param name="header">Header and log, which <see cref="Release"/> gives back.</param>
    /// <param name="options">How long a thread of the target may wait, how deep a stack goes, and how much is told.</param>
    protected RingMemory(byte* header, RecorderOptions options)
    {
        _header = header;
        *(ulong*)_header = RingLayout.Magic;
        *(uint*)(_header + 8) = RingLayout.Version;
        *(uint*)(_header + RingLayout.MaxWaitAt) = (uint)options.MaxWait.TotalMicroseconds;
        *(uint*)(_header + RingLayout.MaxFramesAt) = (uint)Math.Clamp(options.MaxFrames, 1, RingLayout.MaxFrames);
        *(long*)(_header + RingLayout.SampleBytesAt) = SampleBytes = options.SampleBytes;
    }

    /// <summary>Takes what a process made.</summary>
    /// <param name="header">Header and log, which <see cref="Release"/> gives back.</param>
    /// <param name="sampleBytes">One allocation in so many bytes is told; 0 for all.</param>
    protected RingMemory(byte* header, long sampleBytes)
    {
        _header = header;
        SampleBytes = sampleBytes;
        _recording = Volatile.Read(ref Unsafe.AsRef<uint>(_header + RingLayout.StateAt)) >> RingLayout.RecordingShift;
    }

    /// <summary>Where the header lies, and behind it the log.</summary>
    public byte* Header => _header;

    /// <summary>Whether it is of a tracer that this agent understands.</summary>
    public bool IsUnderstood => *(ulong*)_header == RingLayout.Magic && *(uint*)(_header + 8) == RingLayout.Version;

    /// <summary>0 when every allocation is told, else one is in so many bytes on average.</summary>
    public long SampleBytes { get; }

    /// <summary>The process that records; 0 while none came.</summary>
    public int Pid => (int)Volatile.Read(ref Unsafe.AsRef<uint>(_header + RingLayout.PidAt));

    /// <summary>How many rings were ever used.</summary>
    public int UsedSlots => (int)Math.Min(Volatile.Read(ref Unsafe.AsRef<uint>(_header + RingLayout.SlotsAt)), RingLayout.Slots);

    /// <summary>Events that the tracer could not record at all: in a signal's handler, or for want of a ring.</summary>
    public long Skipped => Count(_header + RingLayout.SkippedAt) + Count(_header + RingLayout.NoSlotAt);

    /// <summary>Processes that the one that records started and that could not be followed.</summary>
    public long NotFollowed => Count(_header + RingLayout.NotFollowedAt);

    /// <summary>Of a process that was followed: who started it.</summary>
    public int Parent => (int)Volatile.Read(ref Unsafe.AsRef<uint>(_header + RingLayout.ParentAt));

    /// <summary>Of a process that was followed: when it started, as the system counts that.</summary>
    public long Started => (long)Read(_header + RingLayout.StartedAt);

    /// <summary>Of a process that was followed: whether it came by fork and runs its parent's program still, so that it has what that had allocated.</summary>
    public bool IsForked => Volatile.Read(ref Unsafe.AsRef<uint>(_header + RingLayout.ForkedAt)) != 0;

    /// <summary>Of a process that was followed: the path of the program that it runs now, as much as there was room for; empty when nobody could say.</summary>
    public string Program
    {
        get
        {
            var text = new ReadOnlySpan<byte>(_header + RingLayout.ProgramAt, RingLayout.ProgramBytes);
            var end = text.IndexOf((byte)0);
            return Encoding.UTF8.GetString(end < 0 ? text : text[..end]);
        }
    }

    /// <summary>The log of modules, as far as it is whole.</summary>
    public ReadOnlySpan<byte> Log => new(_header + RingLayout.HeaderBytes, (int)Math.Min(Read(_header + RingLayout.LogLengthAt), RingLayout.LogBytes));

    /// <summary>Tells the tracer that somebody drains.</summary>
    public void Beat() => Volatile.Write(ref Unsafe.AsRef<ulong>(_header + RingLayout.BeatAt), Read(_header + RingLayout.BeatAt) + 1);

    /// <summary>Whether the tracer ends a <see cref="Sleep"/> when a ring fills, so that one may be long.</summary>
    public virtual bool IsWoken => false;

    /// <summary>Has the thread that reads sleep.</summary>
    public virtual void Sleep(TimeSpan longest) => Thread.Sleep(longest);

    /// <summary>Whether an agent reads from it: waits until it is seen to, or that it has not for as long as one would.</summary>
    public bool IsDrained()
    {
        var before = Read(_header + RingLayout.BeatAt);
        return SpinWait.SpinUntil(() => Read(_header + RingLayout.BeatAt) != before, s_gone);
    }

    /// <summary>Whether what lies in a slot is of this recording: a process that was attached to before may have a slot of an earlier one.</summary>
    public bool IsOfThis(byte* slot) => Read(slot + RingLayout.RecordingAt) == _recording;

    /// <summary>Has the tracer step aside.</summary>
    public void Stop()
    {
        lock (_slots)
        {
            if (!_disposed)
            {
                Volatile.Write(ref Unsafe.AsRef<uint>(_header + RingLayout.StateAt), (_recording << RingLayout.RecordingShift) | RingLayout.StateStop);
            }
        }
    }

    /// <summary>The ring of a slot.</summary>
    public byte* Slot(int number)
    {
        if (_slots[number] == 0)
        {
            _slots[number] = (nint)MapSlot(number);
        }
        return (byte*)_slots[number];
    }

    /// <summary>A word that the other side may write at any time.</summary>
    public static ulong Read(byte* at) => Volatile.Read(ref Unsafe.AsRef<ulong>(at));

    /// <summary>A counter that may hold anything: what no program could have counted is cut to what one could.</summary>
    public static long Count(byte* at) => (long)Math.Min(Read(at), MaxCount);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_slots)
        {
            if (_disposed)
            {
                return;
            }
            _disposed = true;
            Release(_header, _slots.Where(slot => slot != 0));
        }
    }

    /// <summary>Makes the ring of a slot readable; once for each.</summary>
    /// <exception cref="RecordingException">The system gives no memory.</exception>
    protected abstract byte* MapSlot(int number);

    /// <summary>Gives everything back; once.</summary>
    protected abstract void Release(byte* header, IEnumerable<nint> slots);
}
