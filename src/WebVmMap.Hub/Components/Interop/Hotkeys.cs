namespace WebVmMap.Hub.Components.Interop;

/// <summary>Passes keys on to whoever is on the screen: the last one to listen is asked first. One per circuit, on its context.</summary>
public sealed class Hotkeys
{
    private readonly List<Func<string, Task<bool>>> _listeners = [];

    /// <summary>Listens until disposed. The listener says whether it used the key.</summary>
    public IDisposable Listen(Func<string, Task<bool>> listener)
    {
        _listeners.Add(listener);
        return new Listening(() => _listeners.Remove(listener));
    }

    /// <summary>Offers a key to the listeners.</summary>
    public async Task PressAsync(string key)
    {
        foreach (var listener in _listeners.ToArray().Reverse())
        {
            if (await listener(key))
            {
                return;
            }
        }
    }

    private sealed class Listening(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
