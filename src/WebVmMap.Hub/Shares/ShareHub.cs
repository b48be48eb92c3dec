using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.SignalR;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Live;
using WebVmMap.Hub.Recordings;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Shares;

/// <summary>
/// Sends what a link shows, redacted: the regions of a snapshot as one frame, or the call trees of a recording, and then ends the stream. It
/// knows nothing but links: there is no way from here to a live process, to another snapshot or to another recording.
/// </summary>
internal sealed class ShareHub(IShares shares, ShareMisses misses) : Microsoft.AspNetCore.SignalR.Hub
{
    public const string Path = "/live/share";

    /// <summary>Streams the frame; a link that shows nothing is a stream of none.</summary>
    /// <exception cref="HubException">There are too many streams.</exception>
    public async IAsyncEnumerable<byte[]> Watch(ShareWatchRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var streams = StreamCount.Of(Context);
        if (!streams.TryTake())
        {
            throw new HubException($"A connection has at most {StreamCount.Most} streams.");
        }
        try
        {
            // No exception for a guess: each would be an error in the hub's log, which is not for strangers to fill.
            switch (await OpenAsync(request, cancellation).ConfigureAwait(false))
            {
                case OpenedSnapshot { Snapshot: var snapshot }:
                    yield return FrameEncoder.KeyAt(snapshot, 1, includeGaps: true);
                    break;
                case OpenedRecording recording:
                    await foreach (var tree in CallTreesAsync(recording, CallTreeQuestion.Parse(request.Tree ?? ""), cancellation).ConfigureAwait(false))
                    {
                        yield return tree;
                    }
                    break;
            }
        }
        finally
        {
            streams.Release();
        }
    }

    // Until the recording has ended, the viewer leaves or the link ends, whichever comes first.
    private async IAsyncEnumerable<byte[]> CallTreesAsync(OpenedRecording opened, CallTreeQuestion question, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var watch = shares.Watch(opened.Link.Id, () =>
        {
            try
            {
                ending.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The stream and the link ended at the same time.
            }
        });
        var trees = opened.Source.Feed.WatchAsync(opened.Recording.Id, question, ending.Token).GetAsyncEnumerator(ending.Token);
        await using (trees.ConfigureAwait(false))
        {
            while (await NextAsync(trees, ending.Token).ConfigureAwait(false))
            {
                yield return trees.Current;
            }
        }
    }

    private static async Task<bool> NextAsync(IAsyncEnumerator<byte[]> trees, CancellationToken ending)
    {
        try
        {
            return await trees.MoveNextAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception ex) when (ex is ArgumentException or StoreException)
        {
            // The page beside the picture says what is wrong with a span.
            return false;
        }
    }

    private async Task<OpenedShare?> OpenAsync(ShareWatchRequest request, CancellationToken cancellation)
    {
        var address = Context.GetHttpContext()?.Connection.RemoteIpAddress;
        if (misses.IsBlocked(address))
        {
            return null;
        }
        var opened = await shares.OpenAsync(request.Share ?? "", count: false, cancellation).ConfigureAwait(false);
        if (opened is null)
        {
            misses.Count(address);
        }
        return opened;
    }
}
