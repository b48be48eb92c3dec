using System.Text.Json;
using System.Xml;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Core.Import;

/// <summary>
/// Reads snapshots from files of every format there is, told by what a file holds. The bytes are untrusted: whatever they are, the
/// outcome is snapshots that can be stored, or one <see cref="ImportException"/>; memory and time grow with the bytes and no faster.
/// Thread-safe.
/// </summary>
public static class SnapshotImport
{
    private const string NotKnown = "It is none of .wvm, the JSON and CSV exports, and VMMap's .mmp and .csv.";

    // Far below 2^63, so that the sums of sums that pages work out cannot pass it either.
    private const long MaxSum = 1L << 61;

    /// <summary>Reads a file.</summary>
    /// <param name="data">All of it.</param>
    /// <param name="fileName">Its name, for messages, and for a process that the file does not name.</param>
    /// <param name="receivedAt">The time of snapshots whose file tells none.</param>
    /// <param name="limits">What is refused; the default where null.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="ImportException">It is no snapshot.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ImportedFile Read(
        ReadOnlyMemory<byte> data, string fileName, DateTimeOffset receivedAt, ImportLimits? limits = null, CancellationToken cancellation = default)
    {
        limits ??= ImportLimits.Default;
        var name = FileNameOf(fileName);
        if (data.Length > limits.MaxBytes)
        {
            throw TooLarge(name, limits);
        }
        try
        {
            var context = new ImportContext(name, receivedAt, limits, cancellation);
            var file = Read(context, data);
            foreach (var imported in file.Snapshots)
            {
                Check(imported.Snapshot);
            }
            return file;
        }
        catch (Exception wrong) when (wrong is InvalidDataException or JsonException or XmlException or OverflowException)
        {
            throw new ImportException($"'{name}' cannot be read as a snapshot. {Reason(wrong)} Take the file again from where it was exported.", wrong);
        }
    }

    /// <summary>The error for a file that has more bytes than are read.</summary>
    public static ImportException TooLarge(string fileName, ImportLimits limits) => new(
        $"'{FileNameOf(fileName)}' is larger than the {limits.MaxBytes / (1024 * 1024)} MiB that are read. Save it as .wvm, which takes a few bytes a region.")
    {
        IsTooLarge = true,
    };

    private static ImportedFile Read(ImportContext context, ReadOnlyMemory<byte> data) => FirstOf(data.Span) switch
    {
        'W' when data.Span.StartsWith("WVMS"u8) =>
            new ImportedFile(SnapshotFileFormat.Wvm, [new ImportedSnapshot(SnapshotCodec.Decode(data.Span), "", "")]),
        '{' or '[' => JsonSnapshotReader.Read(context, data.Span),
        '<' => MmpReader.Read(context, data),
        ' ' => throw new InvalidDataException("It is empty."),
        _ when data.Span.StartsWith("PK\u0003\u0004"u8) || data.Span.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) =>
            throw new InvalidDataException("It is an archive: unpack it first."),
        _ when LooksLikeText(data.Span) => CsvSnapshotReader.Read(context, data),
        _ => throw new InvalidDataException(NotKnown),
    };

    /// <summary>The first character that is no blank, past a byte order mark; a blank where there is none.</summary>
    private static char FirstOf(ReadOnlySpan<byte> data)
    {
        var head = FileText.Detect(data[..Math.Min(data.Length, 256)]).GetString(data[..Math.Min(data.Length, 256)]);
        var text = head.AsSpan().TrimStart('\uFEFF').TrimStart();
        return text.IsEmpty ? ' ' : text[0];
    }

    // A picture or a program begins with a control character soon.
    private static bool LooksLikeText(ReadOnlySpan<byte> data)
    {
        var head = data[..Math.Min(data.Length, 8)];
        return FileText.Detect(data) is System.Text.UnicodeEncoding || !head.ContainsAnyInRange((byte)0, (byte)8);
    }

    /// <summary>Refuses figures whose sums no process can have: they would wrap, and wrong figures be shown.</summary>
    private static void Check(Snapshot snapshot)
    {
        for (var metric = 0; metric < RegionTable.StoredMetrics; metric++)
        {
            var sum = 0L;
            foreach (var value in snapshot.Regions.Column((RegionMetric)metric))
            {
                sum = value <= MaxSum - sum
                    ? sum + value
                    : throw new InvalidDataException($"Its {(RegionMetric)metric} figures are larger than any process can have.");
            }
        }
        if (snapshot.Counters.PageTable > MaxSum || snapshot.Counters.PrivateCommit > MaxSum)
        {
            throw new InvalidDataException("Its counters are larger than any process can have.");
        }
    }

    private static string Reason(Exception wrong) => wrong switch
    {
        JsonException json => $"It is no valid JSON (line {json.LineNumber + 1}).",
        XmlException xml => $"It is no valid XML (line {Math.Max(1, xml.LineNumber)}), or declares a document type, which is not read.",
        OverflowException => "Its figures are larger than any process can have.",
        _ => wrong.Message,
    };

    /// <summary>The last part of a path, short and without what could steer a terminal.</summary>
    private static string FileNameOf(string fileName)
    {
        var name = fileName[(fileName.LastIndexOfAny(['/', '\\']) + 1)..];
        return ShownText.Of(name, 128);
    }
}
