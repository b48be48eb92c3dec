using System.Runtime.CompilerServices;
using WebVmMap.Core.Recordings;
using WebVmMap.Recording.Linux.Heap;
using WebVmMap.Recording.Ring;

namespace WebVmMap.Recording.Linux.Attach;

/// <summary>A recording of a process that was running already, and goes on running when it ends. Thread-safe as <see cref="IRecording"/> says.</summary>
internal sealed class AttachedRecording : IRecording
{
    private readonly TargetProcess _target;
    private readonly Injector _injector;
    private readonly LinuxRingMemory _memory;
    private readonly DrainThread _drain;
    private readonly HeapCounter? _heap;
    private readonly ulong _mapped;
    private readonly Lock _gate = new();
    private Task? _detaching;
    private string _problem = "";

    private AttachedRecording(TargetProcess target, Injector injector, LinuxRingMemory memory, TimeSpan interval)
    {
        _target = target;
        _injector = injector;
        _memory = memory;
        _mapped = target.Pages.Map;
        // Of what a sampled recording does not follow it hears no free: what is there now would seem to be there for ever.
        var before = memory.SampleBytes > 0 ? HeapBefore.Sampled : HeapBefore.UnderWay;
        _drain = new DrainThread(memory, interval, () => target.Memory.IsGone(_mapped), before: before);
        _heap = before == HeapBefore.UnderWay ? new HeapCounter(stop => HeapCounter.Count(target.Key.Pid, target.Memory, stop), _drain.TakeBefore) : null;
    }

    /// <inheritdoc/>
    public int Pid => _target.Key.Pid;

    /// <summary>Begins one.</summary>
    /// <exception cref="RecordingException">The process cannot be recorded; the message says why.</exception>
    public static AttachedRecording Begin(AttachRequest request, RecorderOptions options, string tracer, TimeSpan patience)
    {
        var target = TargetProcess.OpenProcess(request.Process);
        LinuxRingMemory? memory = null;
        try
        {
            var injector = new Injector(target, tracer, patience);
            var (file, isBusy) = injector.Attach(options, takeOver: false);
            if (isBusy)
            {
                using (var other = LinuxRingMemory.Open(target.Key.Pid, file, options.SampleBytes))
                {
                    if (other.IsDrained())
                    {
                        throw new RecordingException($"Process {target.Key.Pid} is being recorded already: stop that recording first.");
                    }
                }
                (file, _) = injector.Attach(options, takeOver: true);
            }
            memory = LinuxRingMemory.Open(target.Key.Pid, file, options.SampleBytes);
            return new AttachedRecording(target, injector, memory, options.Interval);
        }
        catch
        {
            memory?.Dispose();
            target.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RecordingInterval> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var interval in _drain.ReadAsync(cancellation).ConfigureAwait(false))
        {
            yield return interval with { Health = interval.Health with { StoppedNs = (long)_injector.Stopped.TotalNanoseconds } };
        }
        if (_problem.Length > 0)
        {
            throw new RecordingException(_problem);
        }
        // One that ends is without memory for a moment before it is said to have ended.
        if (_detaching is null && ProcessStatus.StartStamp(Pid) == _target.Key.StartStamp && ProcessStatus.TryRead($"/proc/{Pid}") is { HasMemory: true, State: not ('Z' or 'X') })
        {
            throw new RecordingException($"Process {Pid} runs another program since (exec), and the tracer went with the one that was recorded. Record it anew.");
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync()
    {
        await DetachAsync().ConfigureAwait(false);
        await _drain.StopAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task EndProgramAsync(TimeSpan patience) => Task.CompletedTask;

    /// <inheritdoc/>
    public FoundBlocks FindBlocks(BlockQuestion question) => _drain.Find(question);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await DetachAsync().ConfigureAwait(false);
        await Task.Run(_drain.Dispose).ConfigureAwait(false);
        _target.Dispose();
    }

    private Task DetachAsync()
    {
        lock (_gate)
        {
            return _detaching ??= Task.Run(Detach);
        }
    }

    private void Detach()
    {
        // What is read of the heap once nothing is told any more could not be told apart from what is new.
        _heap?.Dispose();
        _memory.Stop();
        if (_target.Memory.IsGone(_mapped))
        {
            return;
        }
        try
        {
            _injector.Detach();
        }
        catch (RecordingException exception) when (!_target.Memory.IsGone(_mapped))
        {
            _problem = $"The recording is whole and has ended, but the process still calls its allocator by way of the tracer, which records nothing any more. {exception.Message}";
        }
        catch (RecordingException)
        {
            // It ended meanwhile.
        }
        _memory.GivesBack = true;
    }
}
