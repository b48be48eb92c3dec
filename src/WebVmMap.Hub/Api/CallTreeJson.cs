using System.Text.Json;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Api;

/// <summary>A call tree as nested JSON. Written by hand: a tree is as deep as the program's stacks, deeper than a serializer goes.</summary>
internal static class CallTreeJson
{
    public static void Write(Stream output, CallTree tree)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { MaxDepth = int.MaxValue });
        var open = new Stack<int>();
        for (var i = 0; i < tree.Nodes.Length; i++)
        {
            CloseUntil(i);
            var node = tree.Nodes[i];
            json.WriteStartObject();
            json.WriteString("function", node.Place.Function);
            json.WriteString("module", node.Place.Module);
            json.WriteString("file", node.Place.File);
            json.WriteNumber("line", node.Place.Line);
            WriteFigures(json, node.Total);
            if (tree.IsCompared)
            {
                json.WriteStartObject("growth");
                WriteFigures(json, node.Total.Less(tree.Before[i]));
                json.WriteEndObject();
            }
            json.WriteStartArray("children");
            open.Push(node.End);
        }
        CloseUntil(int.MaxValue);

        void CloseUntil(int next)
        {
            while (open.TryPeek(out var end) && end <= next)
            {
                open.Pop();
                json.WriteEndArray();
                json.WriteEndObject();
            }
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
