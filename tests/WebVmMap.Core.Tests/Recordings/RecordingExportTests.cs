using System.IO.Compression;
using System.Text.Json;
using CsCheck;
using Google.Protobuf;
using WebVmMap.Core.Export;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Core.Tests.Recordings;

public sealed class RecordingExportTests
{
    [Fact]
    public void FoldedStacks_AnyTree_SumToItsTotal() => Gen.Int[0, int.MaxValue].Sample(seed =>
    {
        var (tree, _, _) = Make(seed, AllocationMetric.AllocatedBytes);
        var text = new StringWriter();
        FoldedStacks.Write(text, tree);
        var lines = text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(tree.Root.Total.AllocatedBytes, lines.Sum(line => long.Parse(line[(line.LastIndexOf(' ') + 1)..], null)));
        Assert.Equal(
            Enumerable.Range(0, tree.Nodes.Length).Where(node => tree.Nodes[node].Own.AllocatedBytes > 0).Select(node => Path(tree, node)),
            lines.Select(line => line[..line.LastIndexOf(' ')]));
    });

    [Fact]
    public void SpeedscopeProfile_AnyTree_HoldsItsStacksByItsOwnRules() => Gen.Int[0, int.MaxValue].Sample(seed =>
    {
        var (tree, _, _) = Make(seed, AllocationMetric.LiveBytes);
        using var file = new MemoryStream();
        SpeedscopeProfile.Write(file, tree, "a \"name\"");
        using var json = JsonDocument.Parse(file.ToArray());
        var frames = json.RootElement.GetProperty("shared").GetProperty("frames").EnumerateArray().ToList();
        var profile = Assert.Single(json.RootElement.GetProperty("profiles").EnumerateArray());
        Assert.Equal("https://www.speedscope.app/file-format-schema.json", json.RootElement.GetProperty("$schema").GetString());
        Assert.Equal(("sampled", "bytes", 0), (profile.GetProperty("type").GetString(), profile.GetProperty("unit").GetString(), profile.GetProperty("startValue").GetInt64()));
        var weights = profile.GetProperty("weights").EnumerateArray().Select(weight => weight.GetInt64()).ToList();
        var samples = profile.GetProperty("samples").EnumerateArray()
            .Select(sample => string.Join(';', sample.EnumerateArray().Select(frame => frames[frame.GetInt32()].GetProperty("name").GetString()))).ToList();
        Assert.Equal(weights.Count, samples.Count);
        Assert.Equal(tree.Root.Total.LiveBytes, weights.Sum());
        Assert.Equal(profile.GetProperty("endValue").GetInt64(), weights.Sum());
        Assert.Equal(Enumerable.Range(0, tree.Nodes.Length).Where(node => tree.Nodes[node].Own.LiveBytes > 0).Select(node => Path(tree, node)), samples);
    });

    [Fact]
    public void PprofProfile_AnyRecording_IsReadByProtocolBuffersWithTheSameFigures() => Gen.Int[0, int.MaxValue].Sample(seed =>
    {
        var (_, state, span) = Make(seed, AllocationMetric.LiveBytes);
        using var file = new MemoryStream();
        PprofProfile.Write(file, state, span, DateTimeOffset.UnixEpoch.AddSeconds(1), TimeSpan.FromSeconds(2));
        file.Position = 0;
        using var gzip = new GZipStream(file, CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        gzip.CopyTo(bytes);

        // Field numbers are those of google/pprof, proto/profile.proto.
        var profile = Fields(bytes.ToArray());
        var texts = profile.Where(field => field.Number == 6).Select(field => field.Bytes!.ToStringUtf8()).ToList();
        Assert.Equal("", texts[0]);
        Assert.Equal(
            [
                "alloc_objects/count", "alloc_space/bytes", "inuse_objects/count", "inuse_space/bytes",
                "map_objects/count", "map_space/bytes", "mapped_objects/count", "mapped_space/bytes",
            ],
            Messages(profile, 1).Select(type => $"{texts[(int)Value(type, 1)]}/{texts[(int)Value(type, 2)]}"));
        Assert.Equal("inuse_space", texts[(int)Value(profile, 14)]);
        Assert.Equal((1_000_000_000UL, 2_000_000_000UL), (Value(profile, 9), Value(profile, 10)));
        var modules = Messages(profile, 3).ToDictionary(mapping => Value(mapping, 1), mapping => texts[(int)Value(mapping, 5)]);
        Assert.Equal(state.Modules.Select(module => module.Path), modules.Values);
        var functions = Messages(profile, 5).ToDictionary(function => Value(function, 1), function => texts[(int)Value(function, 2)]);
        var locations = Messages(profile, 4).ToDictionary(location => Value(location, 1));
        var sums = new Dictionary<string, long[]>();
        foreach (var sample in Messages(profile, 2))
        {
            var values = Packed(sample, 2);
            Assert.Equal(8, values.Count);
            // Innermost first, in samples as in the lines of a location.
            var names = Packed(sample, 1).SelectMany(id => Messages(locations[id], 4).Select(line => functions[Value(line, 1)])).Reverse();
            var sum = sums.TryGetValue(string.Join(';', names), out var known) ? known : sums[string.Join(';', names)] = new long[8];
            for (var i = 0; i < 8; i++)
            {
                sum[i] += (long)values[i];
            }
            Assert.All(Packed(sample, 1), id => Assert.True(Value(locations[id], 2) == 0 || modules.ContainsKey(Value(locations[id], 2))));
        }
        AssertAreOfTree(AllocationKind.Heap, 0);
        AssertAreOfTree(AllocationKind.Virtual, 4);

        void AssertAreOfTree(AllocationKind kind, int first)
        {
            var tree = CallTree.Of(state, span, new CallTreeOptions { Kind = kind });
            var expected = Enumerable.Range(1, tree.Nodes.Length - 1)
                .Where(node => (tree.Nodes[node].Own.Allocations | tree.Nodes[node].Own.LiveBlocks) != 0)
                .GroupBy(node => Path(tree, node))
                .ToDictionary(path => path.Key, path => path.Select(node => tree.Nodes[node].Own).Aggregate((a, b) => a + b));
            Assert.Equal(
                expected.OrderBy(path => path.Key, StringComparer.Ordinal).Select(path => $"{path.Key} {path.Value.Allocations} {path.Value.AllocatedBytes} {path.Value.LiveBlocks} {path.Value.LiveBytes}"),
                sums.Where(path => (path.Value[first] | path.Value[first + 2]) != 0).OrderBy(path => path.Key, StringComparer.Ordinal)
                    .Select(path => $"{path.Key} {string.Join(' ', path.Value.Skip(first).Take(4))}"));
        }
    });

    private static (CallTree Tree, RecordingState State, SpanTotals Span) Make(int seed, AllocationMetric metric)
    {
        var program = new RecordedProgram(seed);
        var state = program.State(program.Intervals.Count);
        var span = program.Span(state, 0, state.Intervals);
        return (CallTree.Of(state, span, new CallTreeOptions { Metric = metric }), state, span);
    }

    private static string Path(CallTree tree, int node)
    {
        var names = new List<string>();
        for (var at = node; at > 0; at = tree.Nodes[at].Parent)
        {
            names.Insert(0, tree.Nodes[at].Place.Function);
        }
        return string.Join(';', names);
    }

    private static List<(int Number, ulong Value, ByteString? Bytes)> Fields(byte[] message)
    {
        var fields = new List<(int, ulong, ByteString?)>();
        using var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag and not 0)
        {
            fields.Add(WireFormat.GetTagWireType(tag) == WireFormat.WireType.Varint
                ? (WireFormat.GetTagFieldNumber(tag), input.ReadUInt64(), null)
                : (WireFormat.GetTagFieldNumber(tag), 0, input.ReadBytes()));
        }
        return fields;
    }

    private static IEnumerable<List<(int Number, ulong Value, ByteString? Bytes)>> Messages(
        List<(int Number, ulong Value, ByteString? Bytes)> message, int number) =>
        message.Where(field => field.Number == number).Select(field => Fields(field.Bytes!.ToByteArray()));

    private static ulong Value(List<(int Number, ulong Value, ByteString? Bytes)> message, int number) =>
        message.SingleOrDefault(field => field.Number == number).Value;

    private static List<ulong> Packed(List<(int Number, ulong Value, ByteString? Bytes)> message, int number)
    {
        var values = new List<ulong>();
        using var input = new CodedInputStream(message.Single(field => field.Number == number).Bytes!.ToByteArray());
        while (!input.IsAtEnd)
        {
            values.Add(input.ReadUInt64());
        }
        return values;
    }
}
