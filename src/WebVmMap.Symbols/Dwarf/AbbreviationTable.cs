namespace WebVmMap.Symbols.Dwarf;

/// <summary>What entries of a unit look like: their tags and attributes, by code. Immutable. DWARF 5, 7.5.3.</summary>
internal sealed class AbbreviationTable
{
    private readonly Abbreviation[] _byCode;
    private readonly Attribute[] _attributes;

    private AbbreviationTable(Abbreviation[] byCode, Attribute[] attributes)
    {
        _byCode = byCode;
        _attributes = attributes;
    }

    /// <summary>What it takes in memory, in bytes.</summary>
    public long Bytes => _byCode.Length * 24L + _attributes.Length * 16L;

    /// <summary>Reads the table of a unit.</summary>
    /// <param name="bytes">From where the table begins.</param>
    /// <param name="unit">Whose sizes decide how many bytes an entry has.</param>
    /// <param name="ended">Whether its end was among the bytes.</param>
    /// <param name="only">Read no other abbreviation than this one, and no further; 0 for all.</param>
    public static AbbreviationTable Read(ReadOnlySpan<byte> bytes, DwarfUnit unit, out bool ended, ulong only = 0)
    {
        ended = false;
        var cursor = new Cursor(bytes);
        var byCode = new List<Abbreviation>();
        var attributes = new List<Attribute>();
        // Compilers number from 1 without gaps; a code far away is not one of theirs.
        const int MaxCode = 1 << 20;
        while (!cursor.AtEnd)
        {
            var code = cursor.ULeb();
            if (code is 0 or > MaxCode)
            {
                ended = !cursor.Failed;
                break;
            }
            var tag = (int)Math.Min(cursor.ULeb(), ushort.MaxValue);
            var children = cursor.Byte() != 0;
            if (only != 0 && code != only)
            {
                Skip(ref cursor);
                continue;
            }
            var first = attributes.Count;
            int size = 0, sibling = -1;
            while (!cursor.AtEnd)
            {
                var name = (int)Math.Min(cursor.ULeb(), ushort.MaxValue);
                var form = (int)Math.Min(cursor.ULeb(), ushort.MaxValue);
                if (name == 0 && form == 0)
                {
                    break;
                }
                var constant = form == Form.ImplicitConst ? cursor.SLeb() : 0;
                if (name == At.Sibling && form == Form.Ref4 && size >= 0)
                {
                    sibling = size;
                }
                attributes.Add(new Attribute((ushort)name, (ushort)form, constant));
                var bytesOfIt = Form.FixedSize(form, unit.AddressSize, unit.OffsetSize, unit.Version);
                size = bytesOfIt < 0 || size < 0 ? -1 : size + bytesOfIt;
            }
            while (byCode.Count <= (int)code)
            {
                byCode.Add(default);
            }
            byCode[(int)code] = new Abbreviation(tag, children, first, attributes.Count - first, size, sibling);
            if (code == only)
            {
                ended = !cursor.Failed;
                break;
            }
        }
        return new AbbreviationTable([.. byCode], [.. attributes]);
    }

    // Past the attributes of one abbreviation.
    private static void Skip(ref Cursor cursor)
    {
        while (!cursor.AtEnd)
        {
            var name = cursor.ULeb();
            var form = cursor.ULeb();
            if (name == 0 && form == 0)
            {
                return;
            }
            if (form == (ulong)Form.ImplicitConst)
            {
                cursor.SLeb();
            }
        }
    }

    /// <summary>Finds an abbreviation.</summary>
    public bool TryGet(ulong code, out Abbreviation found)
    {
        found = code < (ulong)_byCode.Length ? _byCode[(int)code] : default;
        return found.Tag != 0;
    }

    /// <summary>The attributes of an abbreviation, in the order of their values.</summary>
    public ReadOnlySpan<Attribute> Attributes(in Abbreviation of) => _attributes.AsSpan(of.FirstAttribute, of.AttributeCount);

    /// <summary>One look of an entry.</summary>
    /// <param name="Tag">What it is; 0 for none.</param>
    /// <param name="HasChildren">Whether entries inside it follow.</param>
    /// <param name="FirstAttribute">Where its attributes begin.</param>
    /// <param name="AttributeCount">How many it has.</param>
    /// <param name="FixedSize">Bytes of all values; -1 when they differ.</param>
    /// <param name="SiblingAt">Where among the values the place of the next entry beside it is; -1 for nowhere fixed.</param>
    internal readonly record struct Abbreviation(int Tag, bool HasChildren, int FirstAttribute, int AttributeCount, int FixedSize, int SiblingAt);

    /// <summary>A value of an entry: what it says, and how it is written.</summary>
    internal readonly record struct Attribute(ushort Name, ushort Form, long ImplicitConst);
}
