using System.Collections.Immutable;
using System.Globalization;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Core.Import;

/// <summary>What a reader has to know of a snapshot that came out of a file. None names the file: taken in twice, it says it once.</summary>
internal static class ImportNotes
{
    /// <summary>How many an import adds at most.</summary>
    public const int Most = 12;

    public const string Csv =
        "Read from a CSV file, which holds neither the system's own counters nor what the snapshot cost to take: nothing balances Private here.";

    public const string VmMapCsv =
        "Read from a CSV file of VMMap: figures are in whole KB, and there are no PSS, swap and counters of the system in it.";

    public const string Mmp =
        "Read from a file in VMMap's .mmp format, which holds no locked, PSS and swap bytes and no counters of the system: these columns are 0 because nothing is known.";

    public const string NoTime = "The file does not say when the snapshot was taken: the time is that of the import.";

    public const string NoProcess = "The file does not name the process: it is called after the file, and has no process id.";

    public const string GuessedText = "The file does not name its code page: its text was read as Windows-1252, and names in other alphabets may be wrong.";

    public const string GuessedBounds = "The file does not say how large the address space is: Free is worked out for the smallest there is that holds all regions.";

    public static string SumDiffers(string category, string column, long stated, long found) => string.Create(
        CultureInfo.InvariantCulture, $"The file's own summary has {stated} bytes as {column} of {category}, and its rows sum to {found}.");

    /// <summary>What became of the rows of a file.</summary>
    public static IEnumerable<string> OfRows(ImportedRows rows, int unknownTypes)
    {
        if (rows.Moved > 0)
        {
            yield return Moved(rows.Moved);
        }
        if (rows.Uncovered > 0)
        {
            yield return Uncovered(rows.Uncovered);
        }
        if (unknownTypes > 0)
        {
            yield return UnknownTypes(unknownTypes);
        }
    }

    /// <summary>Adds notes to those that were there, except what they say already.</summary>
    public static ImmutableArray<SnapshotNote> With(IReadOnlyList<SnapshotNote> before, IEnumerable<string> added) =>
    [
        .. before,
        .. added.Select(text => new SnapshotNote(SnapshotNoteKind.Limitation, text)).Where(note => !before.Contains(note)),
    ];

    private static string Moved(int blocks) => string.Create(
        CultureInfo.InvariantCulture, $"{blocks} blocks begin or end within a page in the file; their bounds were moved to whole pages.");

    private static string Uncovered(long bytes) => string.Create(
        CultureInfo.InvariantCulture, $"{bytes} bytes of allocations are in no block of the file; they are counted as reserved.");

    private static string UnknownTypes(int rows) => string.Create(
        CultureInfo.InvariantCulture, $"{rows} rows are of a type that is not known here; they are counted as Private Data.");
}
