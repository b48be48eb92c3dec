namespace WebVmMap.Hub.Recordings;

/// <summary>What was read last, to be read no second time. Thread-safe.</summary>
/// <param name="kept">So many stay in memory.</param>
internal sealed class LastRead<T>(int kept)
    where T : class
{
    private readonly Lock _lock = new();

    // Those that were asked for last come first.
    private readonly LinkedList<(string Id, T Read)> _last = [];

    /// <summary>The one of that id; null when it is not in memory.</summary>
    public T? Find(string id)
    {
        lock (_lock)
        {
            if (Take(id) is not { } found)
            {
                return null;
            }
            _last.AddFirst((id, found));
            return found;
        }
    }

    /// <summary>Keeps one.</summary>
    public void Keep(string id, T read)
    {
        lock (_lock)
        {
            // Two may have read it at the same time.
            Take(id);
            _last.AddFirst((id, read));
            if (_last.Count > kept)
            {
                _last.RemoveLast();
            }
        }
    }

    /// <summary>Forgets one: it is gone.</summary>
    public void Forget(string id)
    {
        lock (_lock)
        {
            Take(id);
        }
    }

    private T? Take(string id)
    {
        for (var at = _last.First; at is not null; at = at.Next)
        {
            if (at.Value.Id == id)
            {
                _last.Remove(at);
                return at.Value.Read;
            }
        }
        return null;
    }
}
