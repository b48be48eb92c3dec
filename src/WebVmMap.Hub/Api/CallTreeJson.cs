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
            json.WriteNumber("liveBytes", node.Total.LiveBytes);
            json.WriteNumber("liveBlocks", node.Total.LiveBlocks);
            json.WriteNumber("allocatedBytes", node.Total.AllocatedBytes);
            json.WriteNumber("allocations", node.Total.Allocations);
            json.WriteNumber("freedBytes", node.Total.FreedBytes);
            json.WriteNumber("frees", node.Total.Frees);
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
}
