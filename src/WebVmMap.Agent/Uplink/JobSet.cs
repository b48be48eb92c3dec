namespace WebVmMap.Agent.Uplink;

/// <summary>Jobs of one kind that run beside each other, at most so many at once. Thread-safe.</summary>
internal sealed class JobSet(int most)
{
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _running = [];

    /// <summary>How many may run at once.</summary>
    public int Most => most;

    /// <summary>Starts a job off the caller's thread, unless as many run as may.</summary>
    /// <param name="job">Handles its own errors.</param>
    /// <returns>False when it was not started.</returns>
    public bool TryStart(Func<Task> job)
    {
        lock (_lock)
        {
            if (_running.Count >= most)
            {
                return false;
            }
            var task = Task.Run(job);
            _running.Add(task);
            // Scheduled, not run inline: a job that has already ended would otherwise be removed before it is added.
            _ = task.ContinueWith(Remove, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return true;
        }
    }

    /// <summary>Ends when every job that runs now has ended.</summary>
    public Task WhenEnded()
    {
        lock (_lock)
        {
            return Task.WhenAll(_running);
        }
    }

    private void Remove(Task task)
    {
        lock (_lock)
        {
            _running.Remove(task);
        }
    }
}
