namespace WebVmMap.Hub.Components.Refresh;

/// <summary>
/// Ends what a component began when its user leaves. A token source that is disposed refuses its token, and a component that
/// goes while it waits still asks for it afterwards; this one's token can be had at any time. Thread-safe.
/// </summary>
public sealed class Leaving : IAsyncDisposable
{
    private readonly CancellationTokenSource _source = new();

    /// <summary>Begins the component's life.</summary>
    public Leaving() => Token = _source.Token;

    /// <summary>Cancelled from when the user leaves, and valid afterwards as well.</summary>
    public CancellationToken Token { get; }

    /// <summary>Whether the user has left.</summary>
    public bool Begun => Token.IsCancellationRequested;

    /// <summary>The user leaves.</summary>
    public async ValueTask DisposeAsync()
    {
        await _source.CancelAsync();
        _source.Dispose();
    }
}
