using System.Collections.Immutable;
using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Recordings;

/// <summary>The recordings of all hosts: those under way and those that are kept. Thread-safe.</summary>
public interface IRecordings : IRecordingReader
{
    /// <summary>All of them, newest first.</summary>
    ImmutableArray<Recording> All { get; }

    /// <summary>Has a view woken when a recording comes, goes or changes, until it disposes of what is returned.</summary>
    IDisposable Subscribe(Action wake);

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

    /// <summary>Deletes one that has ended for good, with those of the processes that its program started; pinned ones of these stay.</summary>
    /// <returns>False when there is none.</returns>
    /// <exception cref="InvalidOperationException">It runs, or one of those; the message says which.</exception>
    /// <exception cref="StoreException">The database refused.</exception>
    Task<bool> DeleteAsync(string id, string who, CancellationToken cancellation);

    /// <summary>All that is stored of one, interval by interval from the first, as of when it is asked; none where there is no such recording.</summary>
    /// <exception cref="StoreException">The database refused.</exception>
    IAsyncEnumerable<RecordingInterval> ReadIntervalsAsync(string id, CancellationToken cancellation);

    /// <summary>Lines of a source file that a recording names, read on its host now; written into the audit.</summary>
    /// <param name="id">Which recording.</param>
    /// <param name="file">The file, as the recording has it.</param>
    /// <param name="line">The line, from 1.</param>
    /// <param name="who">Who asks.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>Null where there is no such recording.</returns>
    /// <exception cref="AgentRequestException">The agent is away, does not permit it, or cannot read the file; the message says which.</exception>
    /// <exception cref="StoreException">The database refused.</exception>
    Task<SourceLines?> ReadSourceAsync(string id, string file, int line, string who, CancellationToken cancellation);
}
