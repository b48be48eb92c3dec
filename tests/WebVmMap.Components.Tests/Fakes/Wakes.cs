namespace WebVmMap.Components.Tests.Fakes;

/// <summary>Who is to be woken.</summary>
internal sealed class Wakes
{
    private readonly List<Action> _wakes = [];

    public int Count
    {
        get
        {
            lock (_wakes)
            {
                return _wakes.Count;
            }
        }
    }

    public IDisposable Add(Action wake)
    {
        lock (_wakes)
        {
            _wakes.Add(wake);
        }
        return new Ending(() =>
        {
            lock (_wakes)
            {
                _wakes.Remove(wake);
            }
        });
    }

    public void WakeAll()
    {
        Action[] all;
        lock (_wakes)
        {
            all = [.. _wakes];
        }
        foreach (var wake in all)
        {
            wake();
        }
    }

    private sealed class Ending(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
