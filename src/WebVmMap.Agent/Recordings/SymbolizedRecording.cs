using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using WebVmMap.Core.Recordings;
using WebVmMap.Recording;
using WebVmMap.Recording.Ring;
using WebVmMap.Symbols;
using WebVmMap.Symbols.DotNet;

namespace WebVmMap.Agent.Recordings;

/// <summary>
/// A recording whose frames are named on the way: each interval takes with it the names of the frames that it tells. While symbols of a
/// big module are read intervals get longer, they never queue. Code that is compiled while the program runs may get its name some intervals
/// later, and what is named at the very end comes with one more. As thread-safe as what it wraps.
/// </summary>
/// <param name="recording">What is recorded.</param>
/// <param name="compiled">Names of code in no file, disposed of with this; null where there are none.</param>
/// <param name="compiledOf">Names of code in no file of a process that this one starts, by its id; asked for when it is seen to have such code.</param>
/// <param name="symbols">Symbols of files, released with this; null to have some of its own.</param>
internal class SymbolizedRecording(IRecording recording, CompiledCode? compiled, Func<int, CompiledCode>? compiledOf = null, FamilySymbols? symbols = null) : IRecording
{
    // Of these the runtime has not told within so many intervals: it never may.
    private const int PatientIntervals = 8;

    private readonly List<(IModuleSymbols? Symbols, int Number)> _modules = [];
    private readonly Dictionary<(string Path, string State), int> _runtimeModules = [];
    private readonly Queue<(int Frame, ulong Address, int Interval)> _waiting = [];
    private readonly List<(int Frame, ulong Address)> _unknown = [];
    private int _frames;
    private int _known;
    private readonly FamilySymbols _symbols = symbols ?? new FamilySymbols();
    private CompiledCode? _compiled = compiled;
    private bool _disposed;

    /// <inheritdoc/>
    public int Pid => recording.Pid;

    /// <inheritdoc/>
    public async IAsyncEnumerable<RecordingInterval> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        RecordingInterval? last = null;
        await foreach (var interval in recording.ReadAsync(cancellation).ConfigureAwait(false))
        {
            last = interval;
            yield return await (interval.Modules.Length > 0 ? NamedQuietly(interval) : Task.Run(() => Named(interval), CancellationToken.None)).ConfigureAwait(false);
        }
        if (last is not null && await Task.Run(() => NamedAtTheEnd(last), CancellationToken.None).ConfigureAwait(false) is { } rest)
        {
            yield return rest;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<IChildRecording> ReadChildrenAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        // They may come when this recording is long over.
        var shared = _symbols.Share();
        try
        {
            await foreach (var child in recording.ReadChildrenAsync(cancellation).ConfigureAwait(false))
            {
                yield return new SymbolizedChild(child, compiledOf, shared.Share());
            }
        }
        finally
        {
            shared.Release();
        }
    }

    /// <inheritdoc/>
    public Task StopAsync() => recording.StopAsync();

    /// <inheritdoc/>
    public Task EndProgramAsync(TimeSpan patience) => recording.EndProgramAsync(patience);

    /// <inheritdoc/>
    public FoundBlocks FindBlocks(BlockQuestion question) => recording.FindBlocks(question);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await recording.DisposeAsync().ConfigureAwait(false);
        if (!_disposed)
        {
            _disposed = true;
            _symbols.Release();
        }
        _compiled?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>There is code in no file, and nobody to name it.</summary>
    protected virtual CompiledCode? BeginCompiled() => null;

    // To read the symbols of files takes a processor for tenths of a second, above all at the beginning: the recorded program does not wait for that.
    private Task<RecordingInterval> NamedQuietly(RecordingInterval interval) => Task.Factory.StartNew(
        () =>
        {
            OwnThread.LowerPriority();
            return Named(interval);
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private RecordingInterval Named(RecordingInterval interval)
    {
        var modules = ImmutableArray.CreateBuilder<RecordedModule>(interval.Modules.Length);
        foreach (var module in interval.Modules)
        {
            var symbols = _symbols.Open(module);
            // A file that was replaced since it was loaded would give wrong names.
            var isReplaced = module.BuildId.Length > 0 && symbols.BuildId != module.BuildId;
            _modules.Add((isReplaced ? null : symbols, _modules.Count + _runtimeModules.Count));
            modules.Add(module with { Symbols = isReplaced ? $"not used: {module.Path} was replaced since the program loaded it" : symbols.State });
        }
        var names = ImmutableArray.CreateBuilder<FrameSymbols>();
        var frames = ImmutableArray.CreateBuilder<RecordedFrame>(interval.Frames.Length);
        foreach (var frame in interval.Frames)
        {
            // Where a call returns to lies behind it, perhaps in another line or function.
            if (frame.Module < 0)
            {
                _compiled ??= BeginCompiled();
                frames.Add(frame);
                if (_compiled is not null)
                {
                    _waiting.Enqueue((_frames, frame.Offset - 1, interval.Index));
                }
            }
            else
            {
                var (symbols, number) = _modules[frame.Module];
                frames.Add(frame with { Module = number });
                if (symbols?.Find(frame.Offset - 1) is { Length: > 0 } lines)
                {
                    names.Add(new FrameSymbols(_frames, lines));
                }
            }
            _frames++;
        }
        NameCompiled(interval.Index - PatientIntervals, names, modules);
        return interval with { Modules = modules.DrainToImmutable(), Frames = frames.DrainToImmutable(), Symbols = [.. interval.Symbols, .. names] };
    }

    /// <returns>Null when there is no more to tell.</returns>
    private RecordingInterval? NamedAtTheEnd(RecordingInterval last)
    {
        _compiled?.Complete();
        var modules = ImmutableArray.CreateBuilder<RecordedModule>();
        var names = ImmutableArray.CreateBuilder<FrameSymbols>();
        NameCompiled(last.Index, names, modules);
        return names.Count == 0 ? null : new RecordingInterval
        {
            Index = last.Index + 1,
            EndedAt = last.EndedAt,
            Modules = modules.DrainToImmutable(),
            Symbols = names.DrainToImmutable(),
            Health = last.Health,
        };
    }

    /// <summary>Names what waits for it, and says of what has waited since an interval why it has no name.</summary>
    private void NameCompiled(int since, ImmutableArray<FrameSymbols>.Builder names, ImmutableArray<RecordedModule>.Builder modules)
    {
        if (_compiled is null || (_waiting.Count == 0 && _unknown.Count == 0))
        {
            return;
        }
        var known = _compiled.Refresh();
        if (known != _known)
        {
            _known = known;
            // What was given up may be told after all.
            _unknown.RemoveAll(frame => _compiled.Find(frame.Address) is { } found && Tell(frame.Frame, found, names, modules));
        }
        for (var left = _waiting.Count; left > 0; left--)
        {
            var frame = _waiting.Dequeue();
            if (_compiled.Find(frame.Address) is { } found)
            {
                Tell(frame.Frame, found, names, modules);
            }
            else if (frame.Interval > since)
            {
                _waiting.Enqueue(frame);
            }
            else
            {
                Tell(frame.Frame, _compiled.Unknown(frame.Address), names, modules);
                _unknown.Add((frame.Frame, frame.Address));
            }
        }
    }

    private bool Tell(int frame, RuntimeFrame found, ImmutableArray<FrameSymbols>.Builder names, ImmutableArray<RecordedModule>.Builder modules)
    {
        if (!_runtimeModules.TryGetValue((found.ModulePath, found.ModuleState), out var number))
        {
            number = _modules.Count + _runtimeModules.Count;
            _runtimeModules.Add((found.ModulePath, found.ModuleState), number);
            modules.Add(new RecordedModule(found.ModulePath, "", found.ModuleState));
        }
        names.Add(new FrameSymbols(frame, found.Lines.IsEmpty ? [new CodeLine("", "", 0)] : found.Lines, number));
        return true;
    }
}
