using System.Collections.Immutable;
using WebVmMap.Core.Formats;
using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Diffs;

/// <summary>Diffs as they travel to a browser that draws them (docs/formats.md "Diff"). Thread-safe.</summary>
public static class DiffCodec
{
    private const byte Version = 1;
    private const DiffAspects AllAspects = (DiffAspects)1023;

    /// <summary>Writes a diff. The same diff always gives the same bytes.</summary>
    /// <exception cref="ArgumentException">It is beyond <see cref="FormatLimits"/>.</exception>
    public static byte[] Encode(SnapshotDiff diff)
    {
        var union = diff.Regions;
        var texts = new StringTable();
        var numbersBefore = Renumber(union.Before.Strings, texts);
        var numbersAfter = Renumber(union.After.Strings, texts);
        var before = union.Before.WithTexts(numbersBefore, texts.Seal());
        var after = union.After.WithTexts(numbersAfter, texts.Seal());

        using var writer = new FormatWriter();
        writer.Byte(Version);
        writer.Byte((byte)union.Matching);
        BoundsFields.WritePlatform(writer, diff.Before.Platform);
        BoundsFields.Write(writer, diff.Before.Bounds);
        BoundsFields.Write(writer, diff.After.Bounds);
        Texts.Write(writer, texts.Seal(), 0, 0);
        RegionsBlockWriter.Write(writer, before, includeGaps: false);
        RegionsBlockWriter.Write(writer, after, SentAfterRows(union));
        WriteUnion(writer, union);
        return writer.Written.Length <= FormatLimits.MaxBodyBytes
            ? writer.Written.ToArray()
            : throw new ArgumentException($"The diff takes {writer.Written.Length} bytes; at most {FormatLimits.MaxBodyBytes} are permitted.");
    }

    /// <summary>Reads a diff from untrusted bytes.</summary>
    /// <exception cref="InvalidDataException">It breaks a rule of the format, which the message names.</exception>
    public static SentDiff Decode(ReadOnlySpan<byte> data)
    {
        var reader = new FormatReader(data);
        if (reader.Byte("version") is var version && version != Version)
        {
            throw new InvalidDataException($"The diff has version {version}; only {Version} is known.");
        }
        var matching = (DiffMatching)reader.Byte("matching");
        if (matching is not (DiffMatching.Address or DiffMatching.Identity))
        {
            throw new InvalidDataException($"The matching {(byte)matching} does not exist.");
        }
        var platform = BoundsFields.ReadPlatform(ref reader);
        var boundsBefore = BoundsFields.Read(ref reader);
        var boundsAfter = BoundsFields.Read(ref reader);
        var textBytes = 0L;
        var texts = Texts.Read(ref reader, [], ref textBytes);
        var before = RegionsBlockReader.Read(ref reader, texts);
        var sent = RegionsBlockReader.Read(ref reader, texts);
        var union = ReadUnion(ref reader, matching, before, sent);
        reader.End();
        return new SentDiff(platform, boundsBefore, boundsAfter, union);
    }

    /// <summary>Whether the newer row is told in full: by address, one in which nothing differs is that of the older block.</summary>
    private static bool IsSent(DiffMatching matching, RegionChange change) =>
        change != RegionChange.Removed && (matching == DiffMatching.Identity || change != RegionChange.Same);

    private static int[] Renumber(ImmutableArray<string> own, StringTable common)
    {
        var numbers = new int[own.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = common.Intern(own[i]);
        }
        return numbers;
    }

    private static int[] SentAfterRows(RegionDiff union)
    {
        var rows = new int[union.Count];
        var count = 0;
        for (var row = 0; row < union.Count; row++)
        {
            if (IsSent(union.Matching, union.Changes[row]))
            {
                rows[count++] = union.AfterRows[row];
            }
        }
        return rows[..count];
    }

    private static void WriteUnion(FormatWriter writer, RegionDiff union)
    {
        writer.Varint((ulong)union.Count);
        var values = new ulong[union.Count];
        for (var row = 0; row < union.Count; row++)
        {
            values[row] = (ulong)union.Changes[row];
        }
        writer.Column(values);
        for (var row = 0; row < union.Count; row++)
        {
            values[row] = (ulong)union.Aspects[row];
        }
        writer.Column(values);
        WriteBeforeRows(writer, union, values);

        writer.Varint((ulong)union.AllocationCount);
        for (var allocation = 0; allocation < union.AllocationCount; allocation++)
        {
            values[allocation] = (ulong)(union.FirstRegion[allocation + 1] - union.FirstRegion[allocation] - 1);
        }
        writer.Column(values.AsSpan(0, union.AllocationCount));
    }

    private static void WriteBeforeRows(FormatWriter writer, RegionDiff union, ulong[] values)
    {
        // The block leaves gaps out, and so its rows count on without them.
        var inBlock = new int[union.Before.Count];
        var inUse = 0;
        for (var row = 0; row < inBlock.Length; row++)
        {
            inBlock[row] = inUse;
            inUse += union.Before.Categories[row].IsGap() ? 0 : 1;
        }
        var next = 0;
        for (var row = 0; row < union.Count; row++)
        {
            values[row] = 0;
            if (union.BeforeRows[row] is var before and >= 0)
            {
                values[row] = FormatWriter.ToZigZag(inBlock[before] - next);
                next = inBlock[before] + 1;
            }
        }
        writer.Column(values);
    }

    private static RegionDiff ReadUnion(ref FormatReader reader, DiffMatching matching, RegionTable before, RegionTable sent)
    {
        // Each row is one of the older block, one of the newer, or both: what is made room for here has arrived.
        var count = (int)reader.Varint("count of rows", (ulong)(before.Count + sent.Count));
        var values = new ulong[count];
        var changes = ReadChanges(ref reader, values);
        var aspects = ReadAspects(ref reader, values, changes);
        var beforeRows = ReadBeforeRows(ref reader, values, changes, before.Count);
        var afterRows = new int[count];
        var after = PlaceAfter(matching, before, sent, changes, beforeRows, afterRows);
        CheckSame(matching, before, after, changes, beforeRows, afterRows);
        var first = ReadAllocations(ref reader, values, count);
        return new RegionDiff(matching, before, after, beforeRows, afterRows, changes, aspects, first);
    }

    private static RegionChange[] ReadChanges(ref FormatReader reader, ulong[] values)
    {
        reader.Column(values, "changes");
        var changes = new RegionChange[values.Length];
        for (var row = 0; row < changes.Length; row++)
        {
            changes[row] = values[row] <= (ulong)RegionChange.Changed
                ? (RegionChange)values[row]
                : throw new InvalidDataException($"The change {values[row]} does not exist.");
        }
        return changes;
    }

    private static DiffAspects[] ReadAspects(ref FormatReader reader, ulong[] values, RegionChange[] changes)
    {
        reader.Column(values, "aspects");
        var aspects = new DiffAspects[values.Length];
        for (var row = 0; row < aspects.Length; row++)
        {
            var allowed = changes[row] switch
            {
                RegionChange.Same => DiffAspects.None,
                RegionChange.Added or RegionChange.Removed => DiffAspects.Part,
                _ => AllAspects,
            };
            aspects[row] = (values[row] & ~(ulong)allowed) == 0
                ? (DiffAspects)values[row]
                : throw new InvalidDataException($"A region that is {changes[row]} cannot have the aspects {values[row]}.");
        }
        return aspects;
    }

    private static int[] ReadBeforeRows(ref FormatReader reader, ulong[] values, RegionChange[] changes, int beforeCount)
    {
        reader.Column(values, "rows before");
        var rows = new int[values.Length];
        var taken = new bool[beforeCount];
        var takenCount = 0;
        var next = 0L;
        for (var row = 0; row < rows.Length; row++)
        {
            if (changes[row] == RegionChange.Added)
            {
                rows[row] = values[row] == 0 ? -1 : throw new InvalidDataException("A region that was added has a row before.");
                continue;
            }
            var before = unchecked(next + FormatReader.FromZigZag(values[row]));
            if ((ulong)before >= (ulong)beforeCount || taken[before])
            {
                throw new InvalidDataException($"The row before of region {row} is no row of its own.");
            }
            taken[before] = true;
            takenCount++;
            rows[row] = (int)before;
            next = before + 1;
        }
        return takenCount == beforeCount
            ? rows
            : throw new InvalidDataException($"{beforeCount - takenCount} regions of the older block stand in no row.");
    }

    private static RegionTable PlaceAfter(
        DiffMatching matching, RegionTable before, RegionTable sent, RegionChange[] changes, int[] beforeRows, int[] afterRows)
    {
        var columns = new RegionColumns(sent.Count + before.Count);
        var taken = 0;
        for (var row = 0; row < afterRows.Length; row++)
        {
            afterRows[row] = -1;
            if (changes[row] == RegionChange.Removed)
            {
                continue;
            }
            afterRows[row] = columns.Count;
            var end = columns.End;
            var address = 0UL;
            if (!IsSent(matching, changes[row]))
            {
                address = before.Addresses[beforeRows[row]];
                columns.AddRange(before, beforeRows[row], 1);
            }
            else if (taken < sent.Count)
            {
                address = sent.Addresses[taken];
                columns.AddRange(sent, taken++, 1);
            }
            else
            {
                throw new InvalidDataException("The newer block has not as many regions as there are rows for it.");
            }
            if (columns.Count > 1 && (end == 0 || address < end))
            {
                throw new InvalidDataException($"Region 0x{address:x} begins before the end of the one before it, 0x{end:x}.");
            }
        }
        return taken == sent.Count
            ? columns.Copy(before.Strings)
            : throw new InvalidDataException($"{sent.Count - taken} regions of the newer block stand in no row.");
    }

    /// <summary>What is said to be the same has to be: <see cref="RegionDiff.Apply"/> relies on it.</summary>
    private static void CheckSame(
        DiffMatching matching, RegionTable before, RegionTable after, RegionChange[] changes, int[] beforeRows, int[] afterRows)
    {
        var texts = CommonTexts.Of(before.Strings, after.Strings, matching == DiffMatching.Identity);
        var found = new DiffAspects[changes.Length];
        new RowComparison(before, after, texts, matching).AddAspects(beforeRows, afterRows, found);
        for (var row = 0; row < changes.Length; row++)
        {
            if (changes[row] == RegionChange.Same && found[row] != DiffAspects.None)
            {
                throw new InvalidDataException($"Region 0x{after.Addresses[afterRows[row]]:x} is said to be the same, and is not.");
            }
        }
    }

    private static int[] ReadAllocations(ref FormatReader reader, ulong[] values, int rows)
    {
        var count = (int)reader.Varint("count of allocations", (ulong)rows);
        var sizes = values.AsSpan(0, count);
        reader.Column(sizes, "regions of allocations");
        var first = new int[count + 1];
        for (var allocation = 0; allocation < count; allocation++)
        {
            if (sizes[allocation] >= (ulong)(rows - first[allocation]))
            {
                throw new InvalidDataException("The allocations have more regions than there are rows.");
            }
            first[allocation + 1] = first[allocation] + (int)sizes[allocation] + 1;
        }
        return first[count] == rows ? first : throw new InvalidDataException($"{rows - first[count]} rows belong to no allocation.");
    }
}
