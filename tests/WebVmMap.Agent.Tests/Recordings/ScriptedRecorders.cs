using System.Collections.Concurrent;
using System.Threading.Channels;
using WebVmMap.Agent.Recordings;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Recordings;
using WebVmMap.Recording;

namespace WebVmMap.Agent.Tests.Recordings;

/// <summary>Starts recordings that do what a test says.</summary>
internal sealed class ScriptedRecorders : IRecorders
{
    public ConcurrentQueue<LaunchRequest> Launches { get; } = [];

    public ConcurrentQueue<AttachRequest> Attachments { get; } = [];

    /// <summary>How each was to be recorded.</summary>
    public ConcurrentQueue<RecorderOptions> Options { get; } = [];

    /// <summary>The recording that the next launch or attach gives.</summary>
    public ScriptedRecording Next { get; } = new();

    /// <summary>What the next launch or attach fails with; null for nothing.</summary>
    public Exception? Failure { get; set; }

    public Task<IRecording> LaunchAsync(LaunchRequest request, RecorderOptions options, CancellationToken cancellation)
    {
        Options.Enqueue(options);
        Launches.Enqueue(request);
        return Failure is { } failure ? Task.FromException<IRecording>(failure) : Task.FromResult<IRecording>(Next);
    }

    public Task<IRecording> AttachAsync(AttachRequest request, RecorderOptions options, CancellationToken cancellation)
    {
        Options.Enqueue(options);
        Attachments.Enqueue(request);
        Next.Pid = request.Process.Pid;
        return Failure is { } failure ? Task.FromException<IRecording>(failure) : Task.FromResult<IRecording>(Next);
    }

    /// <summary>A recording whose intervals a test gives, one by one.</summary>
    internal class ScriptedRecording : IRecording
    {
        private readonly Channel<RecordingInterval> _intervals = Channel.CreateUnbounded<RecordingInterval>();
        private readonly TaskCompletionSource _noLongerRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _taken;

        public int Pid { get; set; } = 4711;

        /// <summary>How many intervals the agent has taken.</summary>
        public int Taken => Volatile.Read(ref _taken);

        /// <summary>Completed when the agent has let go of it.</summary>
        public TaskCompletionSource Disposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completed when all of it was read.</summary>
        public TaskCompletionSource Read { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentQueue<BlockQuestion> Questions { get; } = [];

        /// <summary>The processes that it starts, as a test gives them.</summary>
        public Channel<IChildRecording> Children { get; } = Channel.CreateUnbounded<IChildRecording>();

        public IAsyncEnumerable<IChildRecording> ReadChildrenAsync(CancellationToken cancellation) => Children.Reader.ReadAllAsync(cancellation);

        public void Give(RecordingInterval interval) => _intervals.Writer.TryWrite(interval);

        public void Give(int index) => Give(new RecordingInterval
        {
            Index = index,
            EndedAt = DateTimeOffset.UnixEpoch.AddSeconds(index),
            Health = new RecordingHealth { Events = index },
        });

        private static TaskCompletionSource Completed()
        {
            var done = new TaskCompletionSource();
            done.SetResult();
            return done;
        }

        public void End(Exception? error = null) => _intervals.Writer.TryComplete(error);

        public async IAsyncEnumerable<RecordingInterval> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
        {
            try
            {
                await foreach (var interval in _intervals.Reader.ReadAllAsync(cancellation))
                {
                    Interlocked.Increment(ref _taken);
                    yield return interval;
                }
                Read.TrySetResult();
            }
            finally
            {
                _noLongerRead.TrySetResult();
            }
        }

        /// <summary>Whether to stop takes until nobody reads it any more, as it does of a recorder.</summary>
        public bool StopsOnceRead { get; init; }

        public Task StopAsync()
        {
            End();
            return StopsOnceRead ? _noLongerRead.Task : Task.CompletedTask;
        }

        /// <summary>Whether its program was to end, and for how long that may take.</summary>
        public ConcurrentQueue<TimeSpan> ProgramEnds { get; } = [];

        /// <summary>Completed when it was asked to end.</summary>
        public TaskCompletionSource ProgramAsked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completed when the program has ended; it has at once unless a test sets another.</summary>
        public TaskCompletionSource ProgramEnded { get; set; } = Completed();

        public Task EndProgramAsync(TimeSpan patience)
        {
            ProgramEnds.Enqueue(patience);
            ProgramAsked.TrySetResult();
            return ProgramEnded.Task;
        }

        public FoundBlocks FindBlocks(BlockQuestion question)
        {
            Questions.Enqueue(question);
            return new FoundBlocks([new LiveBlock(0x1000, 64, 2, 1, 7)], 1, 64, []);
        }

        public ValueTask DisposeAsync()
        {
            End();
            Disposed.TrySetResult();
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>A recording of a process that another one started.</summary>
    internal sealed class ScriptedChild : ScriptedRecording, IChildRecording
    {
        public ProcessKey Process => new(Pid, 1000 + Pid);

        public int ParentPid => 4711;

        public string Program => $"/usr/bin/child{Pid}";
    }
}
