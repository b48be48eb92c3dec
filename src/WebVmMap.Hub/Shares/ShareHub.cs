using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.SignalR;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Live;

namespace WebVmMap.Hub.Shares;

/// <summary>
/// Sends the regions of what a link shows, redacted, as one frame, and then ends the stream. It knows nothing but links: there is no way
/// from here to a live process or to another snapshot.
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
            if (await SnapshotAsync(request, cancellation).ConfigureAwait(false) is { } snapshot)
            {
                yield return FrameEncoder.KeyAt(snapshot, 1, includeGaps: true);
            }
        }
        finally
        {
            streams.Release();
        }
    }

    private async Task<Snapshot?> SnapshotAsync(ShareWatchRequest request, CancellationToken cancellation)
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
        return opened?.Snapshot;
    }
}
