using System.Collections.Immutable;
using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Recordings;

/// <summary>The recordings of all hosts: those under way and those that are kept. Thread-safe.</summary>
public interface IRecordings
{
    /// <summary>All of them, newest first.</summary>
    ImmutableArray<Recording> All { get; }

    /// <summary>The one with this id, as it is known now; null for none.</summary>
    Recording? Find(string id);

    /// <summary>Has a view woken when a recording comes, goes or changes, until it disposes of what is returned.</summary>
    IDisposable Subscribe(Action wake);

    /// <summary>Has a view woken when more of one recording is there, until it disposes of what is returned.</summary>
    IDisposable Subscribe(string id, Action wake);

    /// <summary>Begins one and returns when the agent says that it runs.</summary>
    /// <exception cref="ArgumentException">It is none; the message says why.</exception>
    /// <exception cref="AgentRequestException">The agent did not begin; the message says why.</exception>
    /// <exception cref="StoreException">The database refused.</exception>
    Task<Recording> StartAsync(NewRecording recording, string who, CancellationToken cancellation);

    /// <summary>Ends one and returns when all that was recorded is stored. One that has ended is returned as it is; null for none.</summary>
    /// <param name="id">Which.</param>
    /// <param name="endProgram">Whether to end the program too that was launched for it; then it returns when that has ended.</param>
    /// <param name="who">Who ends it.</param>
    /// <param name="cancellation">Gives up waiting; it ends all the same.</param>
    /// <exception cref="ArgumentException">The program is to be ended, and is not the agent's to end; the message says why.</exception>
    /// <exception cref="AgentRequestException">The agent did not end it; the message says why.</exception>
    Task<Recording?> StopAsync(string id, bool endProgram, string who, CancellationToken cancellation);

    /// <summary>Marks this moment; null for no such recording.</summary>
    /// <exception cref="ArgumentException">The label is none, or it has ended; the message says why.</exception>
    /// <exception cref="StoreException">The database refused.</exception>
    Task<RecordingMark?> MarkAsync(string id, string label, string who, CancellationToken cancellation);

    /// <summary>Changes what a person has written about one, and its pin.</summary>
    /// <returns>As it is now; null for no such recording.</returns>
    /// <exception cref="ArgumentException">The change has a <see cref="RecordingChange.Problem"/>.</exception>
    /// <exception cref="StoreException">The database refused.</exception>
    Task<Recording?> ChangeAsync(string id, RecordingChange change, CancellationToken cancellation);

    /// <summary>Deletes one that has ended, for good.</summary>
    /// <returns>False when there is none.</returns>
    /// <exception cref="InvalidOperationException">It runs.</exception>
    /// <exception cref="StoreException">The database refused.</exception>
    Task<bool> DeleteAsync(string id, string who, CancellationToken cancellation);

    /// <summary>Reads from what is in a recording, as of now. While it reads, nothing is added.</summary>
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

    /// <summary>All that is stored of one, interval by interval from the first, as of when it is asked; none where there is no such recording.</summary>
    /// <exception cref="StoreException">The database refused.</exception>
    IAsyncEnumerable<RecordingInterval> ReadIntervalsAsync(string id, CancellationToken cancellation);

    /// <summary>The live blocks of one that runs, or those that were live when it ended; <see cref="RecordedBlocks"/> gives them their stacks.</summary>
    /// <exception cref="AgentRequestException">The agent did not tell, or nothing was kept; the message says why.</exception>
    /// <exception cref="StoreException">The database refused.</exception>
    Task<FoundInRecording> FindBlocksAsync(string id, BlockQuestion question, CancellationToken cancellation);
}
