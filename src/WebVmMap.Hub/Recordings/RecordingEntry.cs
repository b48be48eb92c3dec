using WebVmMap.Hub.Wakes;

namespace WebVmMap.Hub.Recordings;

/// <summary>One recording in the book: as it is now, and who waits for what of it. What changes it holds <see cref="Writing"/>.</summary>
internal sealed class RecordingEntry(Recording recording, WakeupList views) : IDisposable
{
    private volatile Recording _now = recording;

    /// <summary>As it is known now.</summary>
    public Recording Now
    {
        get => _now;
        set => _now = value;
    }

    /// <summary>One change at a time, in memory and in the database.</summary>
    public SemaphoreSlim Writing { get; } = new(1);

    /// <summary>The views of it.</summary>
    public WakeupList Views => views;

    /// <summary>Completed when it has ended and all is stored.</summary>
    public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The stream that it comes on now; a newer one takes over.</summary>
    public RecordingFeed? Feed { get; set; }

    /// <summary>Ends it when no stream comes in time.</summary>
    public ITimer? Patience { get; set; }

    /// <summary>By what clock its intervals are.</summary>
    public RecordingClock Clock { get; } = new();

    /// <summary>Up to where its segments are merged.</summary>
    public int Merged { get; set; }

    public void Dispose()
    {
        Patience?.Dispose();
        Writing.Dispose();
    }
}
