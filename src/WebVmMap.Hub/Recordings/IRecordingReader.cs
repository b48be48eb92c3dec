using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Recordings;

/// <summary>What can be looked at of recordings: all of it, or as much as a link shows. Thread-safe.</summary>
public interface IRecordingReader
{
    /// <summary>The one with this id, as it is known now; null for none.</summary>
    Recording? Find(string id);

    /// <summary>Has a view woken when more of one recording is there, until it disposes of what is returned.</summary>
    IDisposable Subscribe(string id, Action wake);

    /// <summary>
    /// Reads from what is in a recording, as of now. What is added while it reads does not change what it reads, and does not wait for it.
    /// What sites did only a span tells.
    /// </summary>
    /// <param name="id">Which.</param>
    /// <param name="read">Takes what it wants; it may not keep the state.</param>
    /// <param name="cancellation">Gives up waiting for it to be loaded.</param>
    /// <returns>What was read; the default where there is no such recording.</returns>
    /// <exception cref="StoreException">The database refused.</exception>
    Task<T?> ReadAsync<T>(string id, Func<RecordingState, T> read, CancellationToken cancellation);

    /// <summary>Reads from a recording with the totals of a span of it.</summary>
    /// <param name="id">Which.</param>
    /// <param name="span">Chooses the span, from an interval up to but not including another, by what is there now.</param>
    /// <param name="read">Takes what it wants; it may not keep the state.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What was read; the default where there is no such recording.</returns>
    /// <exception cref="StoreException">The database refused.</exception>
    Task<T?> ReadSpanAsync<T>(
        string id, Func<RecordingState, (int From, int To)> span, Func<RecordingState, SpanTotals, T> read, CancellationToken cancellation);

    /// <summary>The live blocks of one that runs, or those that were live when it ended; <see cref="RecordedBlocks"/> gives them their stacks.</summary>
    /// <exception cref="AgentRequestException">The agent did not tell, or nothing was kept; the message says why.</exception>
    /// <exception cref="StoreException">The database refused.</exception>
    Task<FoundInRecording> FindBlocksAsync(string id, BlockQuestion question, CancellationToken cancellation);
}
