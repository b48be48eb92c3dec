using WebVmMap.Core.Regions;
using WebVmMap.Probes.Linux.ProcFs;

namespace WebVmMap.Probes.Linux.Smaps;

/// <summary>
/// The names that mappings have, found by their bytes, so that a name seen before allocates nothing. Index 0 is "no name".
/// </summary>
internal sealed class MappingNames
{
    private readonly Dictionary<byte[], int> _index = new(new ByteComparer());
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly List<MappedName?> _names = [null];
    private byte[] _lastBytes = [];
    private int _last;

    /// <summary>Interns their texts into a table.</summary>
    public MappingNames(StringTable strings)
    {
        Strings = strings;
        _lookup = _index.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>Holds the texts.</summary>
    public StringTable Strings { get; }

    /// <summary>How many names were used since <see cref="BeginPass"/>.</summary>
    public int UsedInPass { get; private set; }

    /// <summary>A bit for each <see cref="LibraryRole"/> that is mapped in this pass.</summary>
    public uint RolesInPass { get; private set; }

    /// <summary>The number of the pass.</summary>
    public int Pass { get; private set; }

    /// <summary>One name; null for index 0.</summary>
    public MappedName? this[int index] => _names[index];

    /// <summary>True when such a library is mapped in this pass.</summary>
    public bool Has(LibraryRole role) => (RolesInPass & 1u << (int)role) != 0;

    /// <summary>Begins to count anew which names are used.</summary>
    public void BeginPass()
    {
        Pass++;
        UsedInPass = 0;
        RolesInPass = 0;
        _last = 0;
    }

    /// <summary>The index of a name as the kernel writes it.</summary>
    public int Intern(ReadOnlySpan<byte> name)
    {
        // The segments of one file follow each other.
        if (_last != 0 && name.SequenceEqual(_lastBytes))
        {
            return _last;
        }
        if (!_lookup.TryGetValue(name, out var key, out var index))
        {
            key = name.ToArray();
            index = _names.Count;
            var text = ProcText.Decode(name);
            _names.Add(MappedName.Of(text, Strings.Intern(text)));
            _index.Add(key, index);
        }
        _lastBytes = key;
        _last = index;
        var entry = _names[index]!;
        if (entry.SeenInPass != Pass)
        {
            entry.SeenInPass = Pass;
            UsedInPass++;
            RolesInPass |= 1u << (int)entry.Role;
        }
        return index;
    }

    private sealed class ByteComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        /// <summary>Seeded anew in each run: a program that picks its file names cannot pick colliding ones.</summary>
        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
