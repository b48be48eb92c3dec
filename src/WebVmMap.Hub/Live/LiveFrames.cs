using System.Threading.Channels;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Hub.Live;

/// <summary>
/// Turns the pictures of one process into frames and hands them to its viewers. Every viewer has a channel of two that drops
/// the oldest, so a viewer that stalls loses frames and nobody else does. Encodes only while there is a viewer. Thread-safe.
/// </summary>
internal sealed class LiveFrames
{
    /// <summary>Frames that wait for a slow viewer.</summary>
    public const int Waiting = 2;

    private readonly Lock _lock = new();
    private readonly List<Channel<LiveFrame>> _viewers = [];
    private FrameEncoder? _encoder;
    private Snapshot? _snapshot;
    private LiveFrame? _newest;

    /// <summary>How many viewers there are.</summary>
    public int Viewers
    {
        get
        {
            lock (_lock)
            {
                return _viewers.Count;
            }
        }
    }

    /// <summary>A new picture.</summary>
    public void Publish(Snapshot snapshot)
    {
        lock (_lock)
        {
            _snapshot = snapshot;
            if (_viewers.Count == 0)
            {
                _encoder = null;
                _newest = null;
                return;
            }
            Encode(snapshot);
            foreach (var viewer in _viewers)
            {
                viewer.Writer.TryWrite(_newest!);
            }
        }
    }

    /// <summary>A new viewer: the newest frame, if there is one, is in its channel from the start, and no later one is missing.</summary>
    public ChannelReader<LiveFrame> Join(out Action leave)
    {
        var viewer = Channel.CreateBounded<LiveFrame>(new BoundedChannelOptions(Waiting)
        {
            FullMode = BoundedChannelFullMode.DropOldest,
            SingleReader = true,
            SingleWriter = true,
        });
        lock (_lock)
        {
            _viewers.Add(viewer);
            if (_newest is null && _snapshot is { } snapshot)
            {
                Encode(snapshot);
            }
            if (_newest is { } newest)
            {
                viewer.Writer.TryWrite(newest);
            }
        }
        leave = () =>
        {
            lock (_lock)
            {
                _viewers.Remove(viewer);
            }
            viewer.Writer.TryComplete();
        };
        return viewer.Reader;
    }

    private void Encode(Snapshot snapshot)
    {
        _encoder ??= new FrameEncoder(includeGaps: true);
        var data = _encoder.Next(snapshot);
        _newest = new LiveFrame(snapshot, _encoder.Sequence, data);
    }
}
