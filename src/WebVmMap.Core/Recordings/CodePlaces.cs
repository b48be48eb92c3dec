using System.Globalization;
using System.Runtime.InteropServices;

namespace WebVmMap.Core.Recordings;

/// <summary>
/// The places of a recording's frames for one call tree, each with a number, told apart as its options say. Not thread-safe.
/// </summary>
internal sealed class CodePlaces(RecordingState recording, CallTreeOptions options)
{
    private readonly Dictionary<CodePlace, int> _numbers = [];
    private readonly List<CodePlace> _places = [];
    private readonly int[]?[] _frames = new int[recording.Frames.Count][];

    public CodePlace this[int number] => _places[number];

    /// <summary>Numbers of the places of a frame, outermost first: the function, then those that were inlined there.</summary>
    public ReadOnlySpan<int> Of(int frame) => _frames[frame] ??= Resolve(frame);

    public int Number(CodePlace place)
    {
        var key = options.MergeLines ? place with { Line = 0 } : place;
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, key, out var known);
        if (!known)
        {
            number = _places.Count;
            _places.Add(key);
        }
        return number;
    }

    /// <summary>Whether two numbers are of one function, at whatever line.</summary>
    public bool IsSameFunction(int a, int b) => a == b || (this[a].Function == this[b].Function && this[a].Module == this[b].Module);

    /// <summary>The places of a frame, innermost first: those that were inlined there, then the function.</summary>
    public static CodePlace[] Name(RecordingState recording, int frame)
    {
        var (number, offset) = recording.Frames[frame];
        var module = Module(recording, number);
        var lines = recording.Lines(frame);
        return lines.IsEmpty
            ? [new CodePlace(Unnamed(module, offset), module, "", 0)]
            : [.. lines.Select(line => new CodePlace(line.Function.Length == 0 ? Unnamed(module, offset) : line.Function, module, line.File, line.Line))];
    }

    private int[] Resolve(int frame)
    {
        if (options.View == CallTreeView.ByModule)
        {
            var module = Module(recording, recording.Frames[frame].Module);
            return [Number(new CodePlace(module.Length == 0 ? "[no module]" : FileName(module), module, "", 0))];
        }
        var places = Name(recording, frame);
        Array.Reverse(places);
        return Array.ConvertAll(places, Number);
    }

    private static string Module(RecordingState recording, int module) => module < 0 ? "" : recording.Modules[module].Path;

    private static string Unnamed(string module, ulong offset) => module.Length == 0
        ? string.Create(CultureInfo.InvariantCulture, $"0x{offset:x}")
        : string.Create(CultureInfo.InvariantCulture, $"{FileName(module)}+0x{offset:x}");

    private static string FileName(string path) => path[(path.LastIndexOfAny(['/', '\\']) + 1)..] is { Length: > 0 } name ? name : path;
}
