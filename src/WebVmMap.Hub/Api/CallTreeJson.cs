using System.Text.Json;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Api;

/// <summary>A call tree as nested JSON. Written by hand: a tree is as deep as the program's stacks, deeper than a serializer goes.</summary>
internal static class CallTreeJson
{
    // So much is put together before it goes out: a tree as text is many times as large as the tree.
    private const int PartBytes = 64 * 1024;

    /// <summary>Writes it as fast as it is taken; never more of it than a part is in memory.</summary>
    public static async Task WriteAsync(Stream output, CallTree tree, CancellationToken cancellation)
    {
        var json = new Utf8JsonWriter(output, new JsonWriterOptions { MaxDepth = int.MaxValue });
        await using (json.ConfigureAwait(false))
        {
            var open = new Stack<int>();
            for (var node = 0; node < tree.Nodes.Length; node++)
            {
                Close(json, open, node);
                Begin(json, tree, node);
                open.Push(tree.Nodes[node].End);
                if (json.BytesPending >= PartBytes)
                {
                    await json.FlushAsync(cancellation).ConfigureAwait(false);
                }
            }
            Close(json, open, int.MaxValue);
            await json.FlushAsync(cancellation).ConfigureAwait(false);
        }
    }

    private static void Begin(Utf8JsonWriter json, CallTree tree, int number)
    {
        ref readonly var node = ref tree.Nodes.ItemRef(number);
        json.WriteStartObject();
        json.WriteString("function", node.Place.Function);
        json.WriteString("module", node.Place.Module);
        json.WriteString("file", node.Place.File);
        json.WriteNumber("line", node.Place.Line);
        WriteFigures(json, node.Total);
        if (tree.IsCompared)
        {
            json.WriteStartObject("growth");
            WriteFigures(json, node.Total.Less(tree.Before[number]));
            json.WriteEndObject();
        }
        if (number == 0 && tree.Cut is { } cut)
        {
            json.WriteStartObject("cut");
            json.WriteNumber("calls", cut.Calls);
            json.WriteString("metric", JsonNamingPolicy.CamelCase.ConvertName(tree.Options.Metric.ToString()));
            json.WriteNumber("below", cut.Below);
            json.WriteEndObject();
        }
        json.WriteStartArray("children");
    }

    /// <summary>Ends the calls of which all descendants are written before a node.</summary>
    private static void Close(Utf8JsonWriter json, Stack<int> open, int next)
    {
        while (open.TryPeek(out var end) && end <= next)
        {
            open.Pop();
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }

    private static void WriteFigures(Utf8JsonWriter json, AllocationFigures figures)
    {
        json.WriteNumber("liveBytes", figures.LiveBytes);
        json.WriteNumber("liveBlocks", figures.LiveBlocks);
        json.WriteNumber("allocatedBytes", figures.AllocatedBytes);
        json.WriteNumber("allocations", figures.Allocations);
        json.WriteNumber("freedBytes", figures.FreedBytes);
        json.WriteNumber("frees", figures.Frees);
        json.WriteNumber("temporaryBytes", figures.TemporaryBytes);
        json.WriteNumber("temporaries", figures.Temporaries);
    }
}
