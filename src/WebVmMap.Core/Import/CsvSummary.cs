using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Core.Import;

/// <summary>The summary table of a CSV file: what only it holds, and what its details are compared with.</summary>
internal sealed class CsvSummary
{
    private readonly Dictionary<RegionCategory, (long Size, long Committed)> _rows = [];

    /// <summary>Bytes of the page tables, or null.</summary>
    public long? PageTable => _rows.TryGetValue(RegionCategory.PageTable, out var row) ? row.Size : null;

    /// <summary>Bytes that are free, or null.</summary>
    public long? Free => _rows.TryGetValue(RegionCategory.Free, out var row) ? row.Size : null;

    /// <summary>Bytes of address space of all rows, free ones too.</summary>
    public long AddressSpace
    {
        get
        {
            var sum = 0L;
            foreach (var (category, row) in _rows)
            {
                // Ten rows of at most 2^60 may wrap: a sum below 0 fits no rows.
                sum = unchecked(sum + (category == RegionCategory.PageTable ? 0 : row.Size));
            }
            return sum;
        }
    }

    /// <summary>Takes a row; those of totals are passed over.</summary>
    public void Add(DelimitedReader csv, CsvColumns columns, long unit)
    {
        var category = VmMapTypes.Category(csv[columns.Type]);
        if (category != RegionCategory.Unspecified)
        {
            _rows[category] = (CsvColumns.Figure(csv, columns.Size, unit), CsvColumns.Figure(csv, columns.Committed, unit));
        }
    }

    /// <summary>Where the details do not sum to what the summary says: something was lost on the way, and that is not hidden.</summary>
    public IEnumerable<string> Differences(SnapshotSummary found)
    {
        foreach (var (category, (size, committed)) in _rows)
        {
            var row = found[category];
            if (category is not (RegionCategory.PageTable or RegionCategory.Free) && (row.Size != size || row.Committed != committed))
            {
                yield return row.Size != size
                    ? ImportNotes.SumDiffers(category.DisplayName(), "Size", size, row.Size)
                    : ImportNotes.SumDiffers(category.DisplayName(), "Committed", committed, row.Committed);
            }
        }
    }
}
