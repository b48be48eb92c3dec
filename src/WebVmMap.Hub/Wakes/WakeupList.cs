using System.Collections.Immutable;

namespace WebVmMap.Hub.Wakes;

/// <summary>The views that want to know of a change. Thread-safe.</summary>
public sealed class WakeupList(TimeProvider time, ILogger logger)
{
    private ImmutableArray<Wakeup> _wakeups = [];

    /// <summary>How many there are.</summary>
    public int Count => _wakeups.Length;

    /// <summary>Adds one; its disposal removes it.</summary>
    public Wakeup Add(Action callback)
    {
        var wakeup = new Wakeup(callback, time, logger, Remove);
        ImmutableInterlocked.Update(ref _wakeups, static (list, added) => list.Add(added), wakeup);
        return wakeup;
    }

    /// <summary>Wakes all. Returns at once.</summary>
    public void WakeAll()
    {
        foreach (var wakeup in _wakeups)
        {
            wakeup.Wake();
        }
    }

    private void Remove(Wakeup wakeup) => ImmutableInterlocked.Update(ref _wakeups, static (list, removed) => list.Remove(removed), wakeup);
}
