using System.Runtime.InteropServices;
using System.Text.Json;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Core.Export;

/// <summary>
/// A call tree as a sampled profile of speedscope (https://www.speedscope.app/file-format-schema.json): each stack with what it
/// did itself as its weight.
/// </summary>
public static class SpeedscopeProfile
{
    /// <summary>Writes the file as UTF-8.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="tree">A tree from the outermost function on, whose metric is written.</param>
    /// <param name="name">What the profile is called.</param>
    public static void Write(Stream output, CallTree tree, string name)
    {
        var frames = new Dictionary<CodePlace, int>();
        var numbers = new int[tree.Nodes.Length];
        for (var node = 1; node < numbers.Length; node++)
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(frames, tree.Nodes[node].Place, out var known);
            number = known ? number : frames.Count - 1;
            numbers[node] = number;
        }
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("$schema", "https://www.speedscope.app/file-format-schema.json");
        json.WriteString("exporter", "WebVmMap");
        json.WriteString("name", name);
        json.WriteNumber("activeProfileIndex", 0);
        json.WriteStartObject("shared");
        WriteFrames(json, frames);
        json.WriteEndObject();
        json.WriteStartArray("profiles");
        WriteProfile(json, tree, name, numbers);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteFrames(Utf8JsonWriter json, Dictionary<CodePlace, int> frames)
    {
        json.WriteStartArray("frames");
        foreach (var place in frames.OrderBy(frame => frame.Value).Select(frame => frame.Key))
        {
            json.WriteStartObject();
            json.WriteString("name", place.Function);
            if (place.File.Length > 0)
            {
                json.WriteString("file", place.File);
            }
            if (place.Line > 0)
            {
                json.WriteNumber("line", place.Line);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteProfile(Utf8JsonWriter json, CallTree tree, string name, int[] numbers)
    {
        var metric = tree.Options.Metric;
        json.WriteStartObject();
        json.WriteString("type", "sampled");
        json.WriteString("name", name);
        json.WriteString("unit", metric is AllocationMetric.LiveBytes or AllocationMetric.AllocatedBytes or AllocationMetric.FreedBytes ? "bytes" : "none");
        json.WriteNumber("startValue", 0);
        json.WriteNumber("endValue", tree.Root.Total[metric]);
        json.WriteStartArray("samples");
        var path = new List<int>();
        for (var node = 0; node < tree.Nodes.Length; node++)
        {
            var depth = tree.Nodes[node].Depth;
            if (depth > 0)
            {
                path.RemoveRange(depth - 1, path.Count - (depth - 1));
                path.Add(numbers[node]);
            }
            if (tree.Nodes[node].Own[metric] > 0)
            {
                json.WriteStartArray();
                foreach (var frame in path)
                {
                    json.WriteNumberValue(frame);
                }
                json.WriteEndArray();
            }
        }
        json.WriteEndArray();
        json.WriteStartArray("weights");
        foreach (var node in tree.Nodes)
        {
            if (node.Own[metric] is > 0 and var value)
            {
                json.WriteNumberValue(value);
            }
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
