using WebVmMap.Core.Recordings;

namespace WebVmMap.Recording;

/// <summary>
/// A recording under way: a program that runs with the tracer in it, and what the tracer tells, worked into intervals.
/// Thread-safe, but for <see cref="ReadAsync"/>, which is called once.
/// </summary>
public interface IRecording : IAsyncDisposable
{
    /// <summary>The process.</summary>
    int Pid { get; }

    /// <summary>
    /// The intervals as they end, about four a second, until the process ends, <see cref="StopAsync"/> is called or the token is cancelled;
    /// the last one holds all that was recorded till then. A reader that is slow gets longer intervals, never a queue of them.
    /// </summary>
    /// <exception cref="RecordingException">The tracer and the agent do not understand each other any more; what was told before holds.</exception>
    IAsyncEnumerable<RecordingInterval> ReadAsync(CancellationToken cancellation);

    /// <summary>Has the tracer step aside, drains what is left and ends <see cref="ReadAsync"/>. A launched program goes on without it.</summary>
    Task StopAsync();

    /// <summary>
    /// Ends the program that was launched for this: it is asked to (SIGTERM; Windows has no such word), and made to when it has not ended in
    /// time. Returns when it has ended, or cannot be made to. Does nothing to a process that was attached to: it is not this recorder's to end.
    /// </summary>
    /// <param name="patience">How long it may take to end by itself.</param>
    Task EndProgramAsync(TimeSpan patience);

    /// <summary>
    /// The processes that this one, or one of them, started, when they are followed: each a recording of its own that its reader disposes of. Ends when no
    /// more can come, which is after the last of them has ended, or when this recording is stopped, which stops all of theirs. To be called once, while this is read;
    /// what nobody takes is recorded until this is disposed of.
    /// </summary>
    IAsyncEnumerable<IChildRecording> ReadChildrenAsync(CancellationToken cancellation) => AsyncEnumerable.Empty<IChildRecording>();

    /// <summary>The live blocks that fit a question; after the end, those that were live then.</summary>
    FoundBlocks FindBlocks(BlockQuestion question);
}
