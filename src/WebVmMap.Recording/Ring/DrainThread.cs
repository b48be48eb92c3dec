using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using WebVmMap.Core.Recordings;
using WebVmMap.Recording.Blocks;

namespace WebVmMap.Recording.Ring;

/// <summary>
/// Drains a ring on a thread of its own and ends an interval whenever one is due and the one before was taken. Thread-safe.
/// </summary>
internal sealed class DrainThread : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(1);

    // Of a sleep that the tracer ends when there is enough to read: what else is waited for is looked at so often.
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMilliseconds(8);

    // While a ring holds less, to read it takes the processor from whoever fills it more often than it is worth.
    private const int Few = RingLayout.EventsPerSlot / 16;

    // The first interval with anything in it is so much shorter than others: its viewers see something at once, and symbols are read while the program starts.
    private const int PartOfTheFirst = 25;

    private readonly RingMemory _memory;
    private readonly RingDrain _drain;
    private readonly TimeSpan _interval;
    private readonly Func<bool> _ended;
    private readonly TimeSpan _longestPause;
    private readonly Lock _gate = new();
    private readonly Channel<RecordingInterval> _intervals = Channel.CreateBounded<RecordingInterval>(new BoundedChannelOptions(1) { SingleWriter = true });
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _given = new();
    private readonly Thread _thread;
    private volatile bool _stopping;
    private DateTimeOffset _endedAt;

    /// <summary>Begins.</summary>
    /// <param name="memory">The ring; let go of with this.</param>
    /// <param name="interval">The usual length of an interval; the first that tells anything is shorter.</param>
    /// <param name="ended">Whether nothing can come any more but what is in the rings.</param>
    /// <param name="pathOf">The path that people know a module by, of the one that was told; null where it is the same.</param>
    /// <param name="longestPause">How seldom the rings are looked at when nothing comes and nobody wakes this thread; null for as often as ever.</param>
    /// <param name="before">As <see cref="RingDrain"/> takes it.</param>
    public DrainThread(RingMemory memory, TimeSpan interval, Func<bool> ended, Func<string, string>? pathOf = null, TimeSpan? longestPause = null, HeapBefore before = HeapBefore.None)
    {
        _longestPause = longestPause ?? s_pause;
        _memory = memory;
        _drain = new RingDrain(memory, pathOf, before);
        _interval = interval;
        _ended = ended;
        _thread = new Thread(Run) { IsBackground = true, Name = "recording" };
        _thread.Start();
    }

    /// <summary>The intervals until the last one, as <see cref="IRecording.ReadAsync"/> says; called once.</summary>
    public async IAsyncEnumerable<RecordingInterval> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        try
        {
            await foreach (var interval in _intervals.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                yield return interval;
            }
        }
        finally
        {
            _finished.TrySetResult();
        }
    }

    /// <summary>Has the tracer step aside; done when all that was told till then was read by whoever reads.</summary>
    public Task StopAsync()
    {
        Stop();
        return _finished.Task;
    }

    /// <summary>Takes what a count of the program's heap from outside has found, as <see cref="RingDrain.TakeBefore"/> says.</summary>
    public void TakeBefore(HeapCount count)
    {
        lock (_gate)
        {
            _drain.TakeBefore(count);
        }
    }

    /// <summary>The live blocks that fit a question.</summary>
    public FoundBlocks Find(BlockQuestion question)
    {
        var search = new BlockSearch(question);
        // Some at a time: the rings do not wait for a look at all of them.
        var position = 0UL;
        for (var more = true; more;)
        {
            lock (_gate)
            {
                more = _drain.Blocks.Next(ref position, out var blocks);
                foreach (ref readonly var block in blocks)
                {
                    Offer(search, block);
                }
            }
        }
        lock (_gate)
        {
            foreach (var range in _drain.Ranges.Ranges)
            {
                Offer(search, range);
            }
        }
        return search.Complete();
    }

    /// <summary>Has the tracer step aside, and returns at once.</summary>
    public void Stop()
    {
        _memory.Stop();
        _stopping = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        _given.Cancel();
        _thread.Join();
        _given.Dispose();
        lock (_gate)
        {
            _drain.Dispose();
            _memory.Dispose();
        }
    }

    private static void Offer(BlockSearch search, in BlockEntry block)
    {
        if (block.Address != 0)
        {
            search.Offer(new LiveBlock(block.Address, block.Size, block.Site, block.Born, block.Thread, block.Weight));
        }
    }

    private void Run()
    {
        try
        {
            Drain();
            _intervals.Writer.Complete();
        }
        catch (OperationCanceledException)
        {
            _intervals.Writer.Complete();
        }
        catch (RecordingException ex)
        {
            _memory.Stop();
            _intervals.Writer.Complete(ex);
        }
    }

    private void Drain()
    {
        OwnThread.RaisePriority();
        var begun = false;
        var since = Stopwatch.GetTimestamp();
        var length = _interval;
        var pause = s_pause;
        while (true)
        {
            // Asked before the rings are read: what came till then is in them.
            var last = _stopping || _ended();
            long events;
            lock (_gate)
            {
                events = _drain.Pass();
            }
            if (last && events == 0)
            {
                // Once more, for what a thread was just writing when it was told to stop, and so that nothing is left unexplained.
                Thread.Sleep(s_pause);
                lock (_gate)
                {
                    events = _drain.Pass() + _drain.Pass();
                }
                if (events == 0 && !AddsBefore())
                {
                    lock (_gate)
                    {
                        _drain.EndBefore();
                    }
                    _intervals.Writer.WriteAsync(End(), _given.Token).AsTask().GetAwaiter().GetResult();
                    return;
                }
            }
            if (!begun && events > 0)
            {
                begun = true;
                since = Stopwatch.GetTimestamp();
                length = _interval / PartOfTheFirst;
            }
            if (Stopwatch.GetElapsedTime(since) >= length && _intervals.Reader.Count == 0)
            {
                since = Stopwatch.GetTimestamp();
                length = _interval;
                _intervals.Writer.TryWrite(End());
            }
            // Where nobody wakes it, a sleep may last longer than was asked for: only when nothing comes at all.
            if ((_memory.IsWoken ? _drain.Fullest < Few : events == 0) && !_drain.AddsBeforeNow)
            {
                _memory.Sleep(pause);
            }
            pause = _memory.IsWoken ? s_longestWait : events > 0 ? s_pause : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, _longestPause.Ticks));
        }
    }

    private bool AddsBefore()
    {
        lock (_gate)
        {
            return _drain.AddsBefore;
        }
    }

    private RecordingInterval End()
    {
        lock (_gate)
        {
            // A clock that was set back must not have an interval end before it began.
            var now = DateTimeOffset.UtcNow;
            _endedAt = now > _endedAt ? now : _endedAt;
            return _drain.Take(_endedAt, OwnThread.CpuMs());
        }
    }
}
