using System.Globalization;
using System.Runtime.InteropServices;

namespace WebVmMap.Core.Recordings;

/// <summary>
/// What names the nodes of a call tree in addresses, and between table and picture: the same path has the same token at every moment
/// (docs/formats.md, "Call tree"). The browser makes the same ones. Thread-safe.
/// </summary>
public sealed class CallTreeTokens
{
    private const string Prefix = "n:";
    private const int HexDigits = 16;

    private readonly ulong[] _hashes;
    private readonly Lazy<Dictionary<ulong, int>> _nodes;

    /// <summary>Makes those of a tree.</summary>
    public CallTreeTokens(CallTree tree)
    {
        var places = new Dictionary<CodePlace, (uint First, uint Second)>();
        _hashes = new ulong[tree.Nodes.Length];
        for (var node = 1; node < _hashes.Length; node++)
        {
            ref readonly var told = ref tree.Nodes.ItemRef(node);
            ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(places, told.Place, out var isKnown);
            if (!isKnown)
            {
                place = Hash(told.Place);
            }
            _hashes[node] = Step(_hashes[told.Parent], place);
        }
        _nodes = new(() =>
        {
            var nodes = new Dictionary<ulong, int>(_hashes.Length);
            for (var node = 1; node < _hashes.Length; node++)
            {
                nodes.TryAdd(_hashes[node], node);
            }
            return nodes;
        });
    }

    /// <summary>The token of a node; empty for the whole.</summary>
    public string Of(int node) => node == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{Prefix}{_hashes[node]:x16}");

    /// <summary>The same as a number; 0 for the whole.</summary>
    public ulong HashOf(int node) => _hashes[node];

    /// <summary>The node of a token; 0 for the empty one, -1 when it is not in the tree.</summary>
    public int Find(string token) => token.Length == 0 ? 0 : TryRead(token, out var hash) ? Find(hash) : -1;

    /// <summary>The node of a token's number; 0 for 0, -1 when it is not in the tree.</summary>
    public int Find(ulong hash) => hash == 0 ? 0 : _nodes.Value.GetValueOrDefault(hash, -1);

    /// <summary>The number of a token; false for what is none.</summary>
    public static bool TryRead(string token, out ulong hash)
    {
        hash = 0;
        return token.Length == Prefix.Length + HexDigits
            && token.StartsWith(Prefix, StringComparison.Ordinal)
            && ulong.TryParse(token.AsSpan(Prefix.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out hash);
    }

    /// <summary>The number of the token of a place that is called from, or stands below, another one.</summary>
    /// <param name="above">The number of that one; 0 for the whole.</param>
    /// <param name="place">The <see cref="Hash"/> of the place.</param>
    internal static ulong Step(ulong above, (uint First, uint Second) place)
    {
        var first = (uint.RotateLeft((uint)(above >> 32), 5) ^ place.First) * 0x9E3779B1;
        var second = (uint.RotateLeft((uint)above, 5) ^ place.Second) * 0x85EBCA6B;
        return (ulong)first << 32 | second;
    }

    // FNV-1a over UTF-16 code units (http://www.isthe.com/chongo/tech/comp/fnv/), two of them for 64 bits.
    internal static (uint First, uint Second) Hash(CodePlace place)
    {
        var (first, second) = (0x811C9DC5u, 0x01234567u);
        foreach (var unit in string.Create(CultureInfo.InvariantCulture, $"{place.Function}\0{place.Module}\0{place.File}\0{place.Line}"))
        {
            first = (first ^ unit) * 0x01000193;
            second = (second ^ unit) * 0x0100018D;
        }
        return (first, second);
    }
}
