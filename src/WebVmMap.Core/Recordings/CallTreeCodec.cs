using System.Runtime.InteropServices;
using WebVmMap.Core.Formats;

namespace WebVmMap.Core.Recordings;

/// <summary>Call trees as they travel to a browser that draws them (docs/formats.md, "Call tree"). Thread-safe.</summary>
public static class CallTreeCodec
{
    /// <summary>The deepest that a node may lie.</summary>
    public const int MaxDepth = ushort.MaxValue;

    /// <summary>The most nodes of one tree.</summary>
    public const int MaxNodes = 4_000_000;

    private const byte Version = 2;

    private static readonly AllocationMetric[] s_metrics = Enum.GetValues<AllocationMetric>();

    /// <summary>Writes a tree. The same tree always gives the same bytes.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="sequence">Tells one moment of a stream from another: one more with each.</param>
    /// <exception cref="ArgumentException">It is beyond the format's limits; the message says what to ask for instead.</exception>
    public static byte[] Encode(CallTree tree, long sequence)
    {
        var nodes = tree.Nodes.AsSpan();
        if (nodes.Length > MaxNodes)
        {
            throw new ArgumentException($"The call tree has {nodes.Length} calls; at most {MaxNodes} can be drawn. Look at a shorter span.");
        }
        using var writer = new FormatWriter();
        writer.Byte(Version);
        writer.Unsigned(sequence, "sequence");
        var values = NumberPlaces(nodes, out var places);
        WritePlaces(writer, places);
        writer.Varint((ulong)nodes.Length);
        var above = new ulong[nodes.Length];
        for (var node = 1; node < nodes.Length; node++)
        {
            if (nodes[node].Depth > MaxDepth)
            {
                throw new ArgumentException($"The call tree is deeper than {MaxDepth} calls. Collapse recursion.");
            }
            above[node] = (ulong)(nodes[node - 1].Depth + 1 - nodes[node].Depth);
        }
        writer.Column(above);
        writer.Column(values);
        foreach (var metric in s_metrics)
        {
            for (var node = 0; node < nodes.Length; node++)
            {
                values[node] = (ulong)nodes[node].Own[metric];
            }
            writer.BytesColumn(values, signed: false);
        }
        writer.Byte(tree.IsCompared ? (byte)1 : (byte)0);
        foreach (var metric in tree.IsCompared ? s_metrics : [])
        {
            for (var node = 0; node < nodes.Length; node++)
            {
                values[node] = (ulong)tree.BeforeOwn[node][metric];
            }
            writer.BytesColumn(values, signed: false);
        }
        return writer.Written.Length <= FormatLimits.MaxBodyBytes
            ? writer.Written.ToArray()
            : throw new ArgumentException($"The call tree takes {writer.Written.Length} bytes; at most {FormatLimits.MaxBodyBytes} can be sent. Look at a shorter span.");
    }

    private static ulong[] NumberPlaces(ReadOnlySpan<CallTreeNode> nodes, out List<CodePlace> places)
    {
        var numbers = new Dictionary<CodePlace, int>();
        places = [];
        var values = new ulong[nodes.Length];
        for (var node = 1; node < nodes.Length; node++)
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, nodes[node].Place, out var isKnown);
            if (!isKnown)
            {
                number = places.Count;
                places.Add(nodes[node].Place);
            }
            values[node] = (ulong)number;
        }
        return values;
    }

    private static void WritePlaces(FormatWriter writer, List<CodePlace> places)
    {
        var numbers = new Dictionary<string, ulong>(StringComparer.Ordinal) { [""] = 0 };
        var texts = new List<string> { "" };
        ulong NumberOf(string text)
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, text, out var isKnown);
            if (!isKnown)
            {
                number = (ulong)texts.Count;
                texts.Add(text);
            }
            return number;
        }
        ulong[][] columns =
        [
            [.. places.Select(place => NumberOf(place.Function))],
            [.. places.Select(place => NumberOf(place.Module))],
            [.. places.Select(place => NumberOf(place.File))],
            [.. places.Select(place => (ulong)Math.Max(0, place.Line))],
        ];
        writer.Varint((ulong)texts.Count);
        foreach (var text in texts)
        {
            writer.Text(text);
        }
        writer.Varint((ulong)places.Count);
        foreach (var column in columns)
        {
            writer.Column(column);
        }
    }
}
