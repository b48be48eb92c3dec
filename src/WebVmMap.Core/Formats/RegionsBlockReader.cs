using System.Collections.Immutable;
using System.Runtime.InteropServices;
using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Formats;

/// <summary>Reads the regions block of docs/formats.md from untrusted bytes into a table that obeys <see cref="RegionRules"/>.</summary>
internal static class RegionsBlockReader
{
    // 2^64 addresses in pages: one more than the largest page number.
    private const ulong AllPages = 1UL << 52;

    /// <exception cref="InvalidDataException">A rule is broken.</exception>
    public static RegionTable Read(ref FormatReader reader, ImmutableArray<string> strings)
    {
        // Every row takes at least the byte of its size, so what is allocated here is bounded by the bytes that have arrived.
        var count = reader.Count("regions", FormatLimits.MaxRegions);
        // Every element of every column is written below, so none is cleared first.
        var address = GC.AllocateUninitializedArray<ulong>(count);
        var allocationBase = GC.AllocateUninitializedArray<ulong>(count);
        var category = GC.AllocateUninitializedArray<RegionCategory>(count);
        var protection = GC.AllocateUninitializedArray<Protection>(count);
        var detail = GC.AllocateUninitializedArray<int>(count);
        var metrics = new long[RegionTable.StoredMetrics][];
        for (var metric = 0; metric < metrics.Length; metric++)
        {
            metrics[metric] = GC.AllocateUninitializedArray<long>(count);
        }

        reader.Column(address, "gaps");
        reader.Column(Bits(metrics[(int)RegionMetric.Size]), "sizes");
        PlaceRows(address, metrics[(int)RegionMetric.Size]);

        reader.Column(allocationBase, "allocation bases");
        PlaceBases(allocationBase, address);

        // The private column is read last of the two that use it; until then it is room for the narrow columns.
        var scratch = Bits(metrics[(int)RegionMetric.Private]);
        ReadCategories(ref reader, category, scratch);
        ReadProtections(ref reader, protection, scratch);
        ReadDetails(ref reader, detail, scratch, strings.Length);

        reader.SignedBytesColumn(Bits(metrics[(int)RegionMetric.Committed]), "reserved bytes");
        SubtractFrom(metrics[(int)RegionMetric.Size], metrics[(int)RegionMetric.Committed]);
        reader.SignedBytesColumn(scratch, "bytes that are not private");
        SubtractFrom(metrics[(int)RegionMetric.Committed], metrics[(int)RegionMetric.Private]);
        for (var metric = RegionMetric.PrivateWs; metric <= RegionMetric.Swap; metric++)
        {
            reader.BytesColumn(Bits(metrics[(int)metric]), metric.ToString());
        }

        CheckRules(address, allocationBase, category, protection, metrics);
        return new RegionTable(count, address, allocationBase, category, protection, detail, metrics, strings);
    }

    private static Span<ulong> Bits(long[] column) => MemoryMarshal.Cast<long, ulong>(column.AsSpan());

    /// <summary>Turns gaps and sizes in pages into addresses and sizes in bytes.</summary>
    private static void PlaceRows(Span<ulong> gapThenAddress, Span<long> size)
    {
        var end = 0UL;
        for (var row = 0; row < size.Length; row++)
        {
            var gap = gapThenAddress[row];
            var pages = (ulong)size[row];
            if (gap >= AllPages - end || pages > AllPages - end - gap || pages > long.MaxValue / RegionTableBuilder.PageSize)
            {
                throw new InvalidDataException($"Region {row} passes the end of the address space.");
            }
            gapThenAddress[row] = (end + gap) * RegionTableBuilder.PageSize;
            size[row] = (long)pages * RegionTableBuilder.PageSize;
            end += gap + pages;
        }
    }

    private static void PlaceBases(Span<ulong> offsetThenBase, ReadOnlySpan<ulong> address)
    {
        var before = 0UL;
        for (var row = 0; row < address.Length; row++)
        {
            var offset = offsetThenBase[row];
            if (offset != 0)
            {
                var pages = offset - 1;
                if (pages > address[row] / RegionTableBuilder.PageSize)
                {
                    throw new InvalidDataException($"The allocation of region 0x{address[row]:x} begins before address 0.");
                }
                before = address[row] - pages * RegionTableBuilder.PageSize;
            }
            offsetThenBase[row] = before;
        }
    }

    private static void ReadCategories(ref FormatReader reader, Span<RegionCategory> category, Span<ulong> scratch)
    {
        reader.Column(scratch, "categories");
        var before = 0UL;
        for (var row = 0; row < scratch.Length; row++)
        {
            before ^= scratch[row];
            category[row] = before <= byte.MaxValue ? (RegionCategory)before : throw TooLarge("category", before);
        }
    }

    private static void ReadProtections(ref FormatReader reader, Span<Protection> protection, Span<ulong> scratch)
    {
        reader.Column(scratch, "protections");
        var before = 0UL;
        for (var row = 0; row < scratch.Length; row++)
        {
            before ^= scratch[row];
            protection[row] = before <= ushort.MaxValue ? (Protection)before : throw TooLarge("protection", before);
        }
    }

    private static void ReadDetails(ref FormatReader reader, Span<int> detail, Span<ulong> scratch, int texts)
    {
        reader.Column(scratch, "details");
        var before = 0L;
        for (var row = 0; row < scratch.Length; row++)
        {
            // The sum wraps to a negative number at worst, and that is no index either.
            before = unchecked(before + FormatReader.FromZigZag(scratch[row]));
            detail[row] = (ulong)before < (ulong)texts
                ? (int)before
                : throw new InvalidDataException($"Region {row} refers to text {before} of {texts}.");
        }
    }

    /// <summary>
    /// part = whole - part. A difference that wraps turns negative, which the rules refuse; a whole that is negative is refused itself.
    /// </summary>
    private static void SubtractFrom(ReadOnlySpan<long> whole, Span<long> part)
    {
        for (var row = 0; row < part.Length; row++)
        {
            part[row] = unchecked(whole[row] - part[row]);
        }
    }

    private static void CheckRules(
        ReadOnlySpan<ulong> address,
        ReadOnlySpan<ulong> allocationBase,
        ReadOnlySpan<RegionCategory> category,
        ReadOnlySpan<Protection> protection,
        long[][] metrics)
    {
        var end = 0UL;
        for (var row = 0; row < address.Length; row++)
        {
            var all = 0L;
            foreach (var column in metrics)
            {
                all |= column[row];
            }
            var size = metrics[(int)RegionMetric.Size][row];
            var broken = RegionRules.Broken(
                row == 0, end, address[row], size, allocationBase[row], category[row], protection[row], all);
            if (broken is not null)
            {
                throw new InvalidDataException(broken);
            }
            end = unchecked(address[row] + (ulong)size);
        }
    }

    private static InvalidDataException TooLarge(string what, ulong value) => new($"The {what} {value} does not exist.");
}
