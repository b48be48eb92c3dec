using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Recordings;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Live;

/// <summary>
/// Sends regions to browsers as frames, and call trees (docs/formats.md "Frame", "Call tree"). A message of one byte is a marker: 0 nothing new, 1 the
/// viewer was too slow and frames were skipped; a key frame follows.
/// </summary>
[Authorize]
internal sealed class LiveHub : Microsoft.AspNetCore.SignalR.Hub
{
    /// <summary>Most viewers of one process.</summary>
    public const int ViewersPerProcess = 1_000;

    // So that a viewer can tell a quiet process from a dead connection.
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(5);
    private static readonly byte[] s_nothingNew = [0];
    private static readonly byte[] s_skipped = [1];

    private readonly LiveProcesses _live;
    private readonly ISnapshotStore _store;
    private readonly CallTreeFeed _callTrees;
    private readonly TimeProvider _time;

    public LiveHub(LiveProcesses live, ISnapshotStore store, CallTreeFeed callTrees, TimeProvider time)
    {
        _live = live;
        _store = store;
        _callTrees = callTrees;
        _time = time;
    }

    /// <summary>Streams frames until the viewer hangs up.</summary>
    /// <exception cref="HubException">The request is refused; the message says why.</exception>
    public IAsyncEnumerable<byte[]> Watch(LiveWatchRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var streams = StreamCount.Of(Context);
        return streams.TryTake()
            ? CountedAsync(Frames(request, cancellation), streams)
            : throw new HubException($"A connection has at most {StreamCount.Most} streams.");
    }

    private IAsyncEnumerable<byte[]> Frames(LiveWatchRequest request, CancellationToken cancellation)
    {
        if (request.Snapshot is { Length: > 0 } id)
        {
            return KeptAsync(id, cancellation);
        }
        if (request.Recording is { Length: > 0 and <= 64 } recording)
        {
            return CallTreesAsync(recording, CallTreeQuestion.Parse(request.Tree ?? ""), cancellation);
        }
        if (request.Host is not { Length: > 0 and <= 64 } host || request.Pid < 0
            || !long.TryParse(request.Start is { Length: > 0 } start ? start : "0", NumberStyles.None, CultureInfo.InvariantCulture, out var stamp))
        {
            throw new HubException("Watch needs a snapshot, a recording, or host, pid and start (decimal digits, 0 for any).");
        }
        return LiveAsync(new LiveProcessAddress(host, request.Pid, stamp), request.IntervalMs, cancellation);
    }

    private async IAsyncEnumerable<byte[]> CallTreesAsync(string id, CallTreeQuestion question, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var trees = _callTrees.WatchAsync(id, question, cancellation).GetAsyncEnumerator(cancellation);
        await using (trees.ConfigureAwait(false))
        {
            while (await NextAsync(trees).ConfigureAwait(false))
            {
                yield return trees.Current;
            }
        }
    }

    // What is wrong with a question is said to the one who asked.
    private static async Task<bool> NextAsync(IAsyncEnumerator<byte[]> trees)
    {
        try
        {
            return await trees.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception ex) when (ex is ArgumentException or StoreException)
        {
            throw new HubException(ex.Message);
        }
    }

    private async IAsyncEnumerable<byte[]> KeptAsync(string id, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var snapshot = await _store.LoadAsync(id, cancellation).ConfigureAwait(false)
            ?? throw new HubException($"There is no snapshot {id}.");
        yield return FrameEncoder.KeyAt(snapshot, 1, includeGaps: true);
    }

    private async IAsyncEnumerable<byte[]> LiveAsync(
        LiveProcessAddress address, int intervalMs, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var lease = _live.Join(address, intervalMs, wake: null);
        var frames = lease.Process.Frames;
        if (frames.Viewers >= ViewersPerProcess)
        {
            throw new HubException($"This process has {ViewersPerProcess} viewers already: try again later.");
        }
        var reader = frames.Join(out var leave);
        try
        {
            var held = 0L;
            while (await NextAsync(reader, cancellation).ConfigureAwait(false) is var (more, frame) && more)
            {
                if (frame is null)
                {
                    yield return s_nothingNew;
                    continue;
                }
                if (held != 0 && frame.Sequence != held + 1)
                {
                    yield return s_skipped;
                }
                yield return frame.Sequence == held + 1 ? frame.Data : frame.Key;
                held = frame.Sequence;
            }
        }
        finally
        {
            leave();
        }
    }

    /// <returns>Whether there is more, and the next frame; no frame when none came for a while.</returns>
    private async Task<(bool More, LiveFrame? Frame)> NextAsync(ChannelReader<LiveFrame> reader, CancellationToken cancellation)
    {
        if (reader.TryRead(out var waiting))
        {
            return (true, waiting);
        }
        using var quiet = new CancellationTokenSource(s_quiet, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, quiet.Token);
        try
        {
            return (true, await reader.ReadAsync(either.Token).ConfigureAwait(false));
        }
        catch (ChannelClosedException)
        {
            return (false, null);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return (false, null);
        }
        catch (OperationCanceledException)
        {
            return (true, null);
        }
    }

    private static async IAsyncEnumerable<byte[]> CountedAsync(IAsyncEnumerable<byte[]> frames, StreamCount streams)
    {
        try
        {
            await foreach (var frame in frames.ConfigureAwait(false))
            {
                yield return frame;
            }
        }
        finally
        {
            streams.Release();
        }
    }
}
