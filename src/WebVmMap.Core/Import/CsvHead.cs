using System.Globalization;
using WebVmMap.Core.Formats;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Core.Import;

/// <summary>What the lines above the tables of a CSV file say, VMMap's two or the more of ours.</summary>
internal sealed class CsvHead
{
    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>True for a file of ours: it says that it is in bytes.</summary>
    public bool IsOurs => _values.TryGetValue("Units", out var units) && units.Equals("bytes", StringComparison.OrdinalIgnoreCase);

    public List<SnapshotNote> Notes { get; } = [];

    /// <summary>Takes a line of a name and a value; others say nothing.</summary>
    public void Add(ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        var key = name.Trim().TrimEnd(':').ToString();
        if (!key.Equals("Note", StringComparison.OrdinalIgnoreCase))
        {
            _values.TryAdd(key, value.ToString());
        }
        else if (Notes.Count < FormatLimits.MaxNotes - ImportNotes.Most)
        {
            // Which kind it was is not in the file.
            Notes.Add(new SnapshotNote(SnapshotNoteKind.Limitation, Text(value)));
        }
    }

    /// <summary>A value as it was before it was guarded against spreadsheets; empty when there is none.</summary>
    public string Value(string name) => _values.TryGetValue(name, out var value) ? Text(value) : "";

    public int Pid => int.TryParse(Value("PID").Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0;

    public long StartStamp =>
        long.TryParse(Value("Start stamp"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var stamp) ? stamp : 0;

    /// <summary>The platform that the file names; Unspecified where it names none.</summary>
    public HostPlatform Platform => Enum.TryParse<HostPlatform>(Value("Platform"), out var platform) && Enum.IsDefined(platform)
        ? platform
        : HostPlatform.Unspecified;

    public DateTimeOffset? Time(string name) =>
        DateTimeOffset.TryParse(Value(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
        && time >= DateTimeOffset.UnixEpoch
            ? time
            : null;

    /// <summary>The address space that the file states, or null.</summary>
    public AddressSpaceBounds? Bounds()
    {
        var text = Value("Address space");
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash > 0
            && ImportedNumber.TryHex(text.AsSpan(0, dash), out var lowest) && ImportedNumber.TryHex(text.AsSpan(dash + 1), out var end)
            && int.TryParse(Value("Granularity"), NumberStyles.None, CultureInfo.InvariantCulture, out var granularity)
            && new AddressSpaceBounds(lowest, end, granularity) is var bounds && bounds.Broken() is null)
        {
            return bounds;
        }
        return null;
    }

    private string Text(ReadOnlySpan<char> value) => (IsOurs ? Export.FormulaGuard.Remove(value) : value).ToString();
}
