using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Recordings;

/// <summary>
/// Sends a recording's call tree to browsers that draw it: whole, and again as more is recorded. A slow browser holds up its own stream
/// alone, and gets the newest tree next. Thread-safe.
/// </summary>
public sealed class CallTreeFeed(IRecordingReader recordings, CallTrees trees, TimeProvider time)
{
    // A tree takes processor time of the hub and of the browser: never more often than this, and never more than a tenth of the time.
    private static readonly TimeSpan s_gap = TimeSpan.FromMilliseconds(100);
    private const int ShareOfTime = 10;

    // So that a viewer can tell a quiet recording from a dead connection.
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(5);
    private static readonly byte[] s_nothingNew = [0];

    /// <summary>The tree as it is, and again whenever it has changed, until the recording has ended or nobody wants it any more.</summary>
    /// <exception cref="ArgumentException">There is no such tree; the message says why.</exception>
    /// <exception cref="Store.StoreException">The database refused.</exception>
    public async IAsyncEnumerable<byte[]> WatchAsync(string id, CallTreeQuestion question, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using var subscription = recordings.Subscribe(id, () => wakes.Writer.TryWrite(true));
        CallTreeMoment? sent = null;
        for (var sequence = 1L; ;)
        {
            // Looked up before the tree is: one that has ended by now has nothing after it.
            var hasEnded = recordings.Find(id)?.HasEnded ?? throw new ArgumentException($"There is no recording {id}.");
            var began = Stopwatch.GetTimestamp();
            var moment = await trees.OfAsync(id, question, cancellation).ConfigureAwait(false) ?? throw new ArgumentException($"There is no recording {id}.");
            if (!ReferenceEquals(moment, sent))
            {
                sent = moment;
                yield return await Task.Run(() => CallTreeCodec.Encode(moment.Tree, sequence), cancellation).ConfigureAwait(false);
                sequence++;
            }
            if (hasEnded)
            {
                yield break;
            }
            var gap = Stopwatch.GetElapsedTime(began) * ShareOfTime;
            await Task.Delay(gap > s_gap ? gap : s_gap, time, cancellation).ConfigureAwait(false);
            while (!await WokenAsync(wakes.Reader, cancellation).ConfigureAwait(false))
            {
                yield return s_nothingNew;
            }
        }
    }

    private async Task<bool> WokenAsync(ChannelReader<bool> wakes, CancellationToken cancellation)
    {
        using var quiet = new CancellationTokenSource(s_quiet, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, quiet.Token);
        try
        {
            await wakes.ReadAsync(either.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
