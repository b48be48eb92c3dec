using System.Buffers;
using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Formats;

/// <summary>Writes rows of a table as the regions block of docs/formats.md.</summary>
internal static class RegionsBlockWriter
{
    /// <summary>Writes all rows of a table, or all but the Free and Unusable ones.</summary>
    /// <exception cref="ArgumentException">There are more rows than a block may hold.</exception>
    public static void Write(FormatWriter writer, RegionTable table, bool includeGaps)
    {
        var rows = ArrayPool<int>.Shared.Rent(table.Count);
        var count = 0;
        for (var row = 0; row < table.Count; row++)
        {
            rows[count] = row;
            count += includeGaps || !table.Categories[row].IsGap() ? 1 : 0;
        }
        Write(writer, table, rows.AsSpan(0, count));
        ArrayPool<int>.Shared.Return(rows);
    }

    /// <summary>Writes some rows, ascending.</summary>
    /// <exception cref="ArgumentException">There are more rows than a block may hold.</exception>
    public static void Write(FormatWriter writer, RegionTable table, ReadOnlySpan<int> rows)
    {
        if (rows.Length > FormatLimits.MaxRegions)
        {
            throw new ArgumentException($"{rows.Length} regions are more than a block may hold, {FormatLimits.MaxRegions}.");
        }
        writer.Varint((ulong)rows.Length);
        var rented = ArrayPool<ulong>.Shared.Rent(rows.Length);
        try
        {
            WriteColumns(writer, table, rows, rented.AsSpan(0, rows.Length));
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(rented);
        }
    }

    private static void WriteColumns(FormatWriter writer, RegionTable table, ReadOnlySpan<int> rows, Span<ulong> values)
    {
        WriteGaps(writer, table, rows, values);
        WriteSizes(writer, table.Sizes, rows, values);
        WriteBases(writer, table, rows, values);
        WriteCategories(writer, table.Categories, rows, values);
        WriteProtections(writer, table.Protections, rows, values);
        WriteDetails(writer, table.Details, rows, values);
        WriteDifference(writer, table.Sizes, table.Column(RegionMetric.Committed), rows, values);
        WriteDifference(writer, table.Column(RegionMetric.Committed), table.Column(RegionMetric.Private), rows, values);
        for (var metric = RegionMetric.PrivateWs; metric <= RegionMetric.Swap; metric++)
        {
            WriteMetric(writer, table.Column(metric), rows, values);
        }
    }

    private static void WriteGaps(FormatWriter writer, RegionTable table, ReadOnlySpan<int> rows, Span<ulong> values)
    {
        var addresses = table.Addresses;
        var sizes = table.Sizes;
        var end = 0UL;
        for (var i = 0; i < rows.Length; i++)
        {
            var address = addresses[rows[i]];
            values[i] = (address - end) / RegionTableBuilder.PageSize;
            end = unchecked(address + (ulong)sizes[rows[i]]);
        }
        writer.Column(values);
    }

    private static void WriteSizes(FormatWriter writer, ReadOnlySpan<long> sizes, ReadOnlySpan<int> rows, Span<ulong> values)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            values[i] = (ulong)sizes[rows[i]] / RegionTableBuilder.PageSize;
        }
        writer.Column(values);
    }

    private static void WriteBases(FormatWriter writer, RegionTable table, ReadOnlySpan<int> rows, Span<ulong> values)
    {
        var addresses = table.Addresses;
        var bases = table.AllocationBases;
        var before = 0UL;
        for (var i = 0; i < rows.Length; i++)
        {
            var own = bases[rows[i]];
            values[i] = own == before ? 0 : 1 + (addresses[rows[i]] - own) / RegionTableBuilder.PageSize;
            before = own;
        }
        writer.Column(values);
    }

    private static void WriteCategories(
        FormatWriter writer, ReadOnlySpan<RegionCategory> categories, ReadOnlySpan<int> rows, Span<ulong> values)
    {
        var before = 0UL;
        for (var i = 0; i < rows.Length; i++)
        {
            var own = (ulong)categories[rows[i]];
            values[i] = own ^ before;
            before = own;
        }
        writer.Column(values);
    }

    private static void WriteProtections(
        FormatWriter writer, ReadOnlySpan<Protection> protections, ReadOnlySpan<int> rows, Span<ulong> values)
    {
        var before = 0UL;
        for (var i = 0; i < rows.Length; i++)
        {
            var own = (ulong)protections[rows[i]];
            values[i] = own ^ before;
            before = own;
        }
        writer.Column(values);
    }

    private static void WriteDetails(FormatWriter writer, ReadOnlySpan<int> details, ReadOnlySpan<int> rows, Span<ulong> values)
    {
        var before = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            var own = details[rows[i]];
            values[i] = FormatWriter.ToZigZag(own - before);
            before = own;
        }
        writer.Column(values);
    }

    private static void WriteDifference(
        FormatWriter writer, ReadOnlySpan<long> whole, ReadOnlySpan<long> part, ReadOnlySpan<int> rows, Span<ulong> values)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            values[i] = (ulong)(whole[rows[i]] - part[rows[i]]);
        }
        writer.BytesColumn(values, signed: true);
    }

    private static void WriteMetric(FormatWriter writer, ReadOnlySpan<long> metric, ReadOnlySpan<int> rows, Span<ulong> values)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            values[i] = (ulong)metric[rows[i]];
        }
        writer.BytesColumn(values, signed: false);
    }
}
