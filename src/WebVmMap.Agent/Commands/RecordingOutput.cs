using System.Text;
using WebVmMap.Core.Export;
using WebVmMap.Core.Recordings;
using WebVmMap.Recording;

namespace WebVmMap.Agent.Commands;

/// <summary>
/// Writes a recording to a file in the format that its name ends in: as it runs (.wvmr), or when it is over. A file that had the name stays until there
/// is something to put in its place: the first interval of a .wvmr, the whole of another.
/// </summary>
internal sealed class RecordingOutput : IDisposable
{
    private readonly RecordingFormat _format;
    private readonly PartialFile _file;
    private readonly RecordingState _state = new();
    private readonly bool _needsEvents;
    private bool _hasIntervals;

    /// <summary>Opens the file.</summary>
    /// <param name="path">Its name, as people gave it.</param>
    /// <param name="needsEvents">Whether there is to be no file of a process that allocated nothing.</param>
    /// <exception cref="CommandException">Its name is of no format, or it cannot be written.</exception>
    public RecordingOutput(string path, bool needsEvents = false)
    {
        _format = FormatOf(path);
        _needsEvents = needsEvents;
        _file = new PartialFile(path);
        // Before the program is started: a file that cannot be written must not cost a recording.
        try
        {
            _file.Write(stream =>
            {
                if (_format == RecordingFormat.Wvmr)
                {
                    RecordingFile.Begin(stream);
                }
            });
        }
        catch (CommandException)
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>What was recorded so far.</summary>
    public RecordingState State => _state;

    /// <summary>Whether there is a file by its name that has what was written by now.</summary>
    public bool HasFile => _file.IsNamed;

    private bool IsWorthAFile => _hasIntervals && (!_needsEvents || _state.Health.Events > 0);

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

    /// <summary>The end of a path's name by which it asks for a format, as it is written there.</summary>
    /// <exception cref="CommandException">Its end is none that can be written.</exception>
    public static string FormatEnd(string path) => path[^(FormatOf(path) switch
    {
        RecordingFormat.Pprof => ".pb.gz".Length,
        RecordingFormat.Folded => ".folded".Length,
        RecordingFormat.Speedscope => ".speedscope.json".Length,
        _ => ".wvmr".Length,
    })..];

    /// <summary>Takes the next interval.</summary>
    /// <exception cref="CommandException">It cannot be written.</exception>
    /// <exception cref="RecordingException">A recording cannot hold it, or no more.</exception>
    public void Add(RecordingInterval interval)
    {
        try
        {
            _state.Apply(interval);
        }
        catch (InvalidDataException exception)
        {
            throw new RecordingException(exception.Message);
        }
        _hasIntervals = true;
        if (_format != RecordingFormat.Wvmr)
        {
            return;
        }
        _file.Write(stream =>
        {
            RecordingFile.Append(stream, interval);
            // Whoever kills the agent is to find it.
            stream.Flush();
        });
        if (IsWorthAFile)
        {
            _file.Name();
        }
    }

    /// <summary>Writes what is to be written at the end, and gives the file its name; one of that name is replaced. Does nothing when nothing was recorded.</summary>
    /// <exception cref="CommandException">It cannot be written.</exception>
    public void Complete(DateTimeOffset startedAt, TimeSpan duration, string name)
    {
        if (!IsWorthAFile)
        {
            return;
        }
        var whole = SpanTotals.Whole(_state);
        switch (_format)
        {
            case RecordingFormat.Pprof:
                _file.Write(stream => PprofProfile.Write(stream, _state, whole, startedAt, duration));
                break;
            case RecordingFormat.Folded:
                _file.Write(stream =>
                {
                    using var text = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 64 * 1024, leaveOpen: true);
                    FoldedStacks.Write(text, Tree(whole));
                });
                break;
            case RecordingFormat.Speedscope:
                _file.Write(stream => SpeedscopeProfile.Write(stream, Tree(whole), name));
                break;
        }
        _file.Complete();
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private CallTree Tree(SpanTotals whole) => CallTree.Of(_state, whole, new CallTreeOptions { Metric = AllocationMetric.AllocatedBytes, Kind = AllocationKind.Heap });
}
