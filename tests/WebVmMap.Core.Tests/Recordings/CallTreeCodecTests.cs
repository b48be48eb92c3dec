using System.Text;
using CsCheck;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Core.Tests.Recordings;

public sealed class CallTreeCodecTests
{
    private static readonly Gen<CallTree> s_any = Gen.Select(
        Gen.Int[0, int.MaxValue], Gen.Enum<CallTreeView>(), Gen.Bool, Gen.Bool,
        (seed, view, collapse, compared) => CallTreeSamples.Random(seed, new CallTreeOptions { View = view, CollapseRecursion = collapse }, compared));

    [Fact]
    public void Encode_AnyTree_IsReadBackByTheRulesOfTheFormat() => s_any.Sample(tree =>
    {
        var (sequence, nodes, before) = new Reader(CallTreeCodec.Encode(tree, 7)).Read();
        Assert.Equal(7, sequence);
        Assert.Equal(tree.Nodes.Select(node => (node.Depth, node.Place, node.Own)).Skip(1), nodes.Skip(1));
        Assert.Equal((0, tree.Root.Own), (nodes[0].Depth, nodes[0].Own));
        Assert.Equal(tree.IsCompared ? tree.BeforeOwn.ToArray() : null, before);
    });

    [Fact]
    public void Encode_TheSameTree_GivesTheSameBytes() => s_any.Sample(tree => Assert.Equal(CallTreeCodec.Encode(tree, 1), CallTreeCodec.Encode(tree, 1)));

    // Plain and slow, from docs/formats.md alone.
    private sealed class Reader(byte[] bytes)
    {
        private int _at;

        public (long Sequence, List<(int Depth, CodePlace Place, AllocationFigures Own)> Nodes, AllocationFigures[]? Before) Read()
        {
            Assert.Equal(2, bytes[_at++]);
            var sequence = Varint();
            var texts = Enumerable.Range(0, (int)Varint()).Select(_ => Text()).ToList();
            var placeCount = (int)Varint();
            var columns = Enumerable.Range(0, 4).Select(_ => Column(placeCount)).ToList();
            var count = (int)Varint();
            var above = Column(count);
            var places = Column(count);
            var own = Figures(count);
            var before = bytes[_at++] == 1 ? Figures(count) : null;
            Assert.Equal(bytes.Length, _at);
            var depth = -1;
            var nodes = new List<(int, CodePlace, AllocationFigures)>();
            for (var node = 0; node < count; node++)
            {
                depth += 1 - (int)above[node];
                var at = (int)places[node];
                var place = node == 0 ? default : new CodePlace(texts[(int)columns[0][at]], texts[(int)columns[1][at]], texts[(int)columns[2][at]], (int)columns[3][at]);
                nodes.Add((depth, place, own[node]));
            }
            return (sequence, nodes, before);
        }

        private AllocationFigures[] Figures(int count)
        {
            var columns = Enumerable.Range(0, 8).Select(_ => Bytes(count)).ToList();
            return [.. Enumerable.Range(0, count).Select(node => new AllocationFigures(
                columns[0][node], columns[1][node], columns[2][node], columns[3][node], columns[4][node], columns[5][node], columns[6][node], columns[7][node]))];
        }

        private long Varint()
        {
            var (value, shift) = (0L, 0);
            byte part;
            do
            {
                part = bytes[_at++];
                value |= (long)(part & 0x7F) << shift;
                shift += 7;
            }
            while (part >= 0x80);
            return value;
        }

        private string Text()
        {
            var length = (int)Varint();
            _at += length;
            return Encoding.UTF8.GetString(bytes, _at - length, length);
        }

        private long[] Column(int count)
        {
            var values = new List<long>();
            while (values.Count < count)
            {
                var value = Varint();
                values.AddRange(value == 0 ? new long[Varint() + 1] : [value]);
            }
            Assert.Equal(count, values.Count);
            return [.. values];
        }

        private long[] Bytes(int count)
        {
            var shift = bytes[_at++];
            return [.. Column(count).Select(value => value << shift)];
        }
    }
}
