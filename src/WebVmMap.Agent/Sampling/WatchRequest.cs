namespace WebVmMap.Agent.Sampling;

/// <summary>What the hub wants of a watch at this moment. Thread-safe: set by the connection, taken by the sampler.</summary>
internal sealed class WatchRequest
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan _interval;
    private bool _sampleNow;
    private bool _keyFrame;

    /// <summary>How often; zero is by hand.</summary>
    public TimeSpan Interval
    {
        get
        {
            lock (_lock)
            {
                return _interval;
            }
        }
    }

    /// <summary>True while a sample asked for by hand has not been taken.</summary>
    public bool SampleNow
    {
        get
        {
            lock (_lock)
            {
                return _sampleNow;
            }
        }
    }

    /// <summary>True while a key frame asked for has not been sent.</summary>
    public bool KeyFrame
    {
        get
        {
            lock (_lock)
            {
                return _keyFrame;
            }
        }
    }

    /// <summary>Ends at the next change after this was read.</summary>
    public Task Changed
    {
        get
        {
            lock (_lock)
            {
                return _changed.Task;
            }
        }
    }

    /// <summary>Changes the interval; zero also asks for one sample now.</summary>
    public void SetInterval(TimeSpan interval)
    {
        lock (_lock)
        {
            _interval = interval;
            _sampleNow |= interval == TimeSpan.Zero;
            Signal();
        }
    }

    /// <summary>Asks for a key frame.</summary>
    public void AskForKeyFrame()
    {
        lock (_lock)
        {
            _keyFrame = true;
            Signal();
        }
    }

    /// <summary>A full pass is being taken: it answers every wish for a sample made until now.</summary>
    public void SampleTaken()
    {
        lock (_lock)
        {
            _sampleNow = false;
        }
    }

    /// <summary>A key frame is being sent: it answers every wish for one made until now.</summary>
    public void KeyFrameSent()
    {
        lock (_lock)
        {
            _keyFrame = false;
        }
    }

    private void Signal()
    {
        _changed.TrySetResult();
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
