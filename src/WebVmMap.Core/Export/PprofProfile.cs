using System.IO.Compression;
using System.Text;
using WebVmMap.Core.Formats;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Core.Export;

/// <summary>
/// A span of a recording as a profile that <c>go tool pprof</c> and its kin read: gzipped protocol buffers
/// (https://github.com/google/pprof/blob/main/proto/profile.proto), with the four kinds of sample of a heap profile, and the same
/// four of what the program mapped itself. Heap and mappings are never one figure: an allocator's blocks lie in what was mapped.
/// </summary>
public static class PprofProfile
{
    private const int SampleTypeField = 1, SampleField = 2, MappingField = 3, LocationField = 4, FunctionField = 5;
    private const int StringTableField = 6, TimeNanosField = 9, DurationNanosField = 10, DefaultSampleTypeField = 14;

    // Of the heap those that readers know of a heap profile; then of mappings.
    private static readonly (string Type, string Unit)[] s_types =
    [
        ("alloc_objects", "count"), ("alloc_space", "bytes"), ("inuse_objects", "count"), ("inuse_space", "bytes"),
        ("map_objects", "count"), ("map_space", "bytes"), ("mapped_objects", "count"), ("mapped_space", "bytes"),
    ];

    /// <summary>Writes the file.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="recording">The recording.</param>
    /// <param name="span">What of it.</param>
    /// <param name="startedAt">When the span begins.</param>
    /// <param name="duration">How long it is.</param>
    public static void Write(Stream output, RecordingState recording, SpanTotals span, DateTimeOffset startedAt, TimeSpan duration)
    {
        using var writer = new FormatWriter();
        var texts = new TextTable();
        foreach (var (type, unit) in s_types)
        {
            using var field = new FormatWriter();
            Number(field, 1, texts[type]);
            Number(field, 2, texts[unit]);
            Message(writer, SampleTypeField, field);
        }
        var frames = WriteSamples(writer, recording, span);
        WriteMappings(writer, recording, texts);
        WriteLocations(writer, recording, frames, texts);
        Number(writer, DefaultSampleTypeField, texts["inuse_space"]);
        Number(writer, TimeNanosField, (ulong)((startedAt - DateTimeOffset.UnixEpoch).Ticks * 100));
        Number(writer, DurationNanosField, (ulong)(duration.Ticks * 100));
        foreach (var text in texts.All)
        {
            Bytes(writer, StringTableField, Encoding.UTF8.GetBytes(text));
        }
        using var gzip = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true);
        gzip.Write(writer.Written);
    }

    /// <returns>The frames that samples refer to. Location n + 1 is frame n; the two after all are for blocks without a stack.</returns>
    private static bool[] WriteSamples(FormatWriter writer, RecordingState recording, SpanTotals span)
    {
        var used = new bool[recording.Frames.Count + 2];
        using var sample = new FormatWriter();
        using var packed = new FormatWriter();
        for (var site = 0; site < span.Sites.Length; site++)
        {
            var figures = span.Sites[site];
            if ((figures.Allocations | figures.LiveBlocks) == 0)
            {
                continue;
            }
            sample.Clear();
            packed.Clear();
            var told = recording.Sites[site];
            if (told.Node < 0)
            {
                Refer(recording.Frames.Count + (told.BeforeRecording ? 0 : 1));
            }
            for (var node = told.Node; node >= 0; node = recording.Nodes[node].Parent)
            {
                Refer(recording.Nodes[node].Frame);
            }
            Bytes(sample, 1, packed.Written);
            packed.Clear();
            var mapped = told.Kind == AllocationKind.Virtual;
            WriteFigures(mapped ? default : figures);
            WriteFigures(mapped ? figures : default);
            Bytes(sample, 2, packed.Written);
            Message(writer, SampleField, sample);
        }
        return used;

        void Refer(int frame)
        {
            used[frame] = true;
            packed.Varint((ulong)frame + 1);
        }

        void WriteFigures(in AllocationFigures of)
        {
            packed.Varint((ulong)of.Allocations);
            packed.Varint((ulong)of.AllocatedBytes);
            packed.Varint((ulong)of.LiveBlocks);
            packed.Varint((ulong)of.LiveBytes);
        }
    }

    private static void WriteMappings(FormatWriter writer, RecordingState recording, TextTable texts)
    {
        using var mapping = new FormatWriter();
        for (var module = 0; module < recording.Modules.Count; module++)
        {
            mapping.Clear();
            Number(mapping, 1, (ulong)module + 1);
            Number(mapping, 5, texts[recording.Modules[module].Path]);
            Number(mapping, 6, texts[recording.Modules[module].BuildId]);
            // Symbols were looked for where the program ran: a reader need not look again.
            Number(mapping, 7, 1);
            Message(writer, MappingField, mapping);
        }
    }

    private static void WriteLocations(FormatWriter writer, RecordingState recording, bool[] frames, TextTable texts)
    {
        var functions = new Dictionary<(string Name, string File), ulong>();
        using var location = new FormatWriter();
        using var line = new FormatWriter();
        using var function = new FormatWriter();
        var places = new CodePlaces(recording, new CallTreeOptions());
        for (var frame = 0; frame < frames.Length; frame++)
        {
            if (!frames[frame])
            {
                continue;
            }
            location.Clear();
            Number(location, 1, (ulong)frame + 1);
            if (frame < recording.Frames.Count)
            {
                var (module, offset) = recording.Frames[frame];
                Number(location, 2, (ulong)(module + 1));
                Number(location, 3, offset);
                var resolved = places.Of(frame);
                for (var i = resolved.Length - 1; i >= 0; i--)
                {
                    AddLine(places[resolved[i]]);
                }
            }
            else
            {
                AddLine(frame == recording.Frames.Count ? CodePlace.BeforeRecording : CodePlace.NoStack);
            }
            Message(writer, LocationField, location);
        }

        void AddLine(CodePlace place)
        {
            if (!functions.TryGetValue((place.Function, place.File), out var id))
            {
                functions.Add((place.Function, place.File), id = (ulong)functions.Count + 1);
                function.Clear();
                Number(function, 1, id);
                Number(function, 2, texts[place.Function]);
                Number(function, 3, texts[place.Function]);
                Number(function, 4, texts[place.File]);
                Message(writer, FunctionField, function);
            }
            line.Clear();
            Number(line, 1, id);
            Number(line, 2, (ulong)place.Line);
            Message(location, 4, line);
        }
    }

    private static void Number(FormatWriter writer, int field, ulong value)
    {
        if (value != 0)
        {
            writer.Varint((ulong)field << 3);
            writer.Varint(value);
        }
    }

    private static void Message(FormatWriter writer, int field, FormatWriter message) => Bytes(writer, field, message.Written);

    private static void Bytes(FormatWriter writer, int field, ReadOnlySpan<byte> bytes)
    {
        writer.Varint(((ulong)field << 3) | 2);
        writer.Varint((ulong)bytes.Length);
        writer.Bytes(bytes);
    }

    /// <summary>The string table of a profile; the first is the empty one.</summary>
    private sealed class TextTable
    {
        private readonly Dictionary<string, ulong> _numbers = new(StringComparer.Ordinal) { [""] = 0 };
        private readonly List<string> _texts = [""];

        public IReadOnlyList<string> All => _texts;

        public ulong this[string text]
        {
            get
            {
                if (!_numbers.TryGetValue(text, out var number))
                {
                    _numbers.Add(text, number = (ulong)_texts.Count);
                    _texts.Add(text);
                }
                return number;
            }
        }
    }
}
