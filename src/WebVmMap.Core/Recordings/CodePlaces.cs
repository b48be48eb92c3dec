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

    private int[] Resolve(int frame)
    {
        var (number, offset) = recording.Frames[frame];
        var module = number < 0 ? "" : recording.Modules[number].Path;
        if (options.View == CallTreeView.ByModule)
        {
            return [Number(new CodePlace(module.Length == 0 ? "[no module]" : FileName(module), module, "", 0))];
        }
        var lines = recording.Lines(frame);
        if (lines.IsEmpty)
        {
            return [Number(new CodePlace(Unnamed(module, offset), module, "", 0))];
        }
        var places = new int[lines.Length];
        for (var i = 0; i < places.Length; i++)
        {
            var line = lines[lines.Length - 1 - i];
            places[i] = Number(new CodePlace(line.Function.Length == 0 ? Unnamed(module, offset) : line.Function, module, line.File, line.Line));
        }
        return places;
    }

    private static string Unnamed(string module, ulong offset) => module.Length == 0
        ? string.Create(CultureInfo.InvariantCulture, $"0x{offset:x}")
        : string.Create(CultureInfo.InvariantCulture, $"{FileName(module)}+0x{offset:x}");

    private static string FileName(string path) => path[(path.LastIndexOfAny(['/', '\\']) + 1)..] is { Length: > 0 } name ? name : path;
}
