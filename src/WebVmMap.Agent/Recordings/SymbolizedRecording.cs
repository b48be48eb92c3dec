using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using WebVmMap.Core.Recordings;
using WebVmMap.Recording;
using WebVmMap.Symbols;
using WebVmMap.Symbols.Windows;

namespace WebVmMap.Agent.Recordings;

/// <summary>
/// A recording whose frames are named on the way: each interval takes with it the names of the frames that it tells. While symbols of a
/// big module are read intervals get longer, they never queue. As thread-safe as what it wraps.
/// </summary>
internal sealed class SymbolizedRecording(IRecording recording) : IRecording
{
    private readonly List<IModuleSymbols?> _modules = [];
    private PerfMap? _compiled;
    private int _frames;

    /// <inheritdoc/>
    public int Pid => recording.Pid;

    /// <inheritdoc/>
    public async IAsyncEnumerable<RecordingInterval> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var interval in recording.ReadAsync(cancellation).ConfigureAwait(false))
        {
            yield return await Task.Run(() => Named(interval), CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync() => recording.StopAsync();

    /// <inheritdoc/>
    public FoundBlocks FindBlocks(BlockQuestion question) => recording.FindBlocks(question);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await recording.DisposeAsync().ConfigureAwait(false);
        foreach (var module in _modules)
        {
            module?.Dispose();
        }
        _compiled?.Dispose();
    }

    private RecordingInterval Named(RecordingInterval interval)
    {
        var modules = ImmutableArray.CreateBuilder<RecordedModule>(interval.Modules.Length);
        foreach (var module in interval.Modules)
        {
            IModuleSymbols symbols = OperatingSystem.IsWindows() ? PeSymbols.Open(module.Path) : ModuleSymbols.Open(module.Path);
            // A file that was replaced since it was loaded would give wrong names.
            var isReplaced = module.BuildId.Length > 0 && symbols.BuildId != module.BuildId;
            _modules.Add(isReplaced ? null : symbols);
            modules.Add(module with { Symbols = isReplaced ? $"not used: {module.Path} was replaced since the program loaded it" : symbols.State });
            if (isReplaced)
            {
                symbols.Dispose();
            }
        }
        var names = ImmutableArray.CreateBuilder<FrameSymbols>();
        foreach (var frame in interval.Frames)
        {
            if (Lines(frame) is { Length: > 0 } lines)
            {
                names.Add(new FrameSymbols(_frames, lines));
            }
            _frames++;
        }
        return interval with { Modules = modules.DrainToImmutable(), Symbols = [.. interval.Symbols, .. names] };
    }

    private ImmutableArray<CodeLine> Lines(RecordedFrame frame)
    {
        // Where a call returns to lies behind it, perhaps in another line or function.
        if (frame.Module >= 0)
        {
            return _modules[frame.Module]?.Find(frame.Offset - 1) ?? [];
        }
        if (OperatingSystem.IsWindows())
        {
            return [];
        }
        _compiled ??= PerfMap.TryOpen(Pid);
        return _compiled?.Find(frame.Offset - 1) is { Length: > 0 } name ? [new CodeLine(name, "", 0)] : [];
    }
}
