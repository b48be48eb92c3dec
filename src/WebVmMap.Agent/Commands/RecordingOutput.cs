using System.Text;
using WebVmMap.Core.Export;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Agent.Commands;

/// <summary>Writes a recording to a file in the format that its name ends in: as it runs (.wvmr), or when it is over.</summary>
internal sealed class RecordingOutput : IDisposable
{
    private readonly string _path;
    private readonly string _partial;
    private readonly RecordingFormat _format;
    private readonly FileStream _file;
    private readonly RecordingState _state = new();
    private bool _complete;

    /// <summary>Opens the file.</summary>
    /// <exception cref="CommandException">Its name is of no format, or it cannot be written.</exception>
    public RecordingOutput(string path)
    {
        _format = FormatOf(path);
        _path = path;
        // Unlike a fixed name in a folder that others may write to, this one cannot be prepared by them as a link.
        _partial = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            _file = new FileStream(_partial, FileMode.CreateNew, FileAccess.Write);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Failed($"'{path}' cannot be written: {exception.Message}");
        }
        if (_format == RecordingFormat.Wvmr)
        {
            RecordingFile.Begin(_file);
        }
    }

    /// <summary>What was recorded so far.</summary>
    public RecordingState State => _state;

    /// <summary>The format that a path asks for.</summary>
    /// <exception cref="CommandException">Its end is none that can be written.</exception>
    public static RecordingFormat FormatOf(string path) => path.ToLowerInvariant() switch
    {
        var name when name.EndsWith(".wvmr", StringComparison.Ordinal) => RecordingFormat.Wvmr,
        var name when name.EndsWith(".pb.gz", StringComparison.Ordinal) => RecordingFormat.Pprof,
        var name when name.EndsWith(".folded", StringComparison.Ordinal) => RecordingFormat.Folded,
        var name when name.EndsWith(".speedscope.json", StringComparison.Ordinal) => RecordingFormat.Speedscope,
        _ => throw CommandException.Usage($"'{path}' is named as no format of a recording: end it in .wvmr, .pb.gz, .folded or .speedscope.json."),
    };

    /// <summary>Takes the next interval.</summary>
    /// <exception cref="CommandException">It cannot be written.</exception>
    public void Add(RecordingInterval interval) => Guarded(() =>
    {
        _state.Apply(interval);
        if (_format == RecordingFormat.Wvmr)
        {
            RecordingFile.Append(_file, interval);
        }
    });

    /// <summary>Writes what is to be written at the end, and gives the file its name; one of that name is replaced.</summary>
    /// <exception cref="CommandException">It cannot be written.</exception>
    public void Complete(DateTimeOffset startedAt, TimeSpan duration, string name) => Guarded(() =>
    {
        var whole = SpanTotals.Whole(_state);
        var options = new CallTreeOptions { Metric = AllocationMetric.AllocatedBytes, Kind = AllocationKind.Heap };
        switch (_format)
        {
            case RecordingFormat.Pprof:
                PprofProfile.Write(_file, _state, whole, startedAt, duration);
                break;
            case RecordingFormat.Folded:
                using (var text = new StreamWriter(_file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 64 * 1024, leaveOpen: true))
                {
                    FoldedStacks.Write(text, CallTree.Of(_state, whole, options));
                }
                break;
            case RecordingFormat.Speedscope:
                SpeedscopeProfile.Write(_file, CallTree.Of(_state, whole, options), name);
                break;
        }
        _file.Dispose();
        File.Move(_partial, _path, overwrite: true);
        _complete = true;
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        if (!_complete)
        {
            File.Delete(_partial);
        }
    }

    private void Guarded(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Failed($"'{_path}' cannot be written: {exception.Message}");
        }
    }
}
