namespace WebVmMap.Hub.Shares;

/// <summary>Who has which link open now. Thread-safe.</summary>
internal sealed class ShareWatches
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<Watch>> _byId = [];

    /// <summary>The links that are open.</summary>
    public IReadOnlyList<string> Ids
    {
        get
        {
            lock (_lock)
            {
                return [.. _byId.Keys];
            }
        }
    }

    public IDisposable Add(string id, Action ended)
    {
        var watch = new Watch(this, id, ended);
        lock (_lock)
        {
            if (!_byId.TryGetValue(id, out var watches))
            {
                _byId.Add(id, watches = []);
            }
            watches.Add(watch);
        }
        return watch;
    }

    /// <summary>A link has ended: tells everybody who has it open.</summary>
    public void End(string id)
    {
        List<Watch>? watches;
        lock (_lock)
        {
            _byId.Remove(id, out watches);
        }
        foreach (var watch in watches ?? [])
        {
            watch.Ended();
        }
    }

    private void Remove(Watch watch)
    {
        lock (_lock)
        {
            if (_byId.TryGetValue(watch.Id, out var watches) && watches.Remove(watch) && watches.Count == 0)
            {
                _byId.Remove(watch.Id);
            }
        }
    }

    private sealed class Watch(ShareWatches all, string id, Action ended) : IDisposable
    {
        public string Id => id;

        public Action Ended => ended;

        public void Dispose() => all.Remove(this);
    }
}
