using System.Threading.Channels;
using WebVmMap.Recording.Ring;

namespace WebVmMap.Recording;

/// <summary>
/// Looks, on a thread of its own, for the processes that a recorded one and its descendants start, and hands out their recordings: how the
/// processes are found and get the tracer is each system's. Thread-safe.
/// </summary>
internal abstract class ProcessFollower : IAsyncDisposable
{
    private readonly Channel<IChildRecording> _children = Channel.CreateUnbounded<IChildRecording>();
    private Thread? _thread;
    private volatile bool _stopping;
    private int _isRead;

    /// <summary>Whether no more are to be followed.</summary>
    protected bool IsStopping => _stopping;

    /// <summary>The recordings as they begin; called once.</summary>
    public IAsyncEnumerable<IChildRecording> ReadAsync(CancellationToken cancellation)
    {
        Interlocked.Exchange(ref _isRead, 1);
        return _children.Reader.ReadAllAsync(cancellation);
    }

    /// <summary>Follows no more, and stops the recordings of those that are followed. Returns at once.</summary>
    public void Stop() => _stopping = true;

    /// <summary>The process's own recording is let go of: when nobody reads theirs they end too.</summary>
    /// <param name="hasExited">Whether it has ended by itself, so that those that it left behind are gone on with.</param>
    public async Task LeaveAsync(bool hasExited)
    {
        if (!hasExited || Interlocked.Exchange(ref _isRead, 1) == 0)
        {
            await DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Ends it, and what nobody has read of it.</summary>
    public async ValueTask DisposeAsync()
    {
        Stop();
        await Task.Run(() => _thread?.Join()).ConfigureAwait(false);
        // Those that a reader has are that reader's.
        while (_children.Reader.TryRead(out var child))
        {
            await child.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Begins to look, called once.</summary>
    /// <param name="follow">Looks until none is left or <see cref="IsStopping"/>, and then calls <see cref="Complete"/>.</param>
    protected void Begin(Action follow)
    {
        _thread = new Thread(() =>
        {
            OwnThread.RaisePriority();
            follow();
        })
        { IsBackground = true, Name = "processes followed" };
        _thread.Start();
    }

    /// <summary>Hands one out, which is whoever reads it's from here on. Before <see cref="Complete"/>.</summary>
    protected void HandOut(IChildRecording child) => _children.Writer.TryWrite(child);

    /// <summary>There are no more.</summary>
    protected void Complete() => _children.Writer.Complete();
}
