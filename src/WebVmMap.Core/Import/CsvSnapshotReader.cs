using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Core.Import;

/// <summary>
/// Reads VMMap's CSV and ours: lines about the process, the summary, the details with blocks below their allocation. VMMap's is in KB,
/// in the code page and with the separators of the machine it ran on; ours says that it is in bytes.
/// </summary>
internal sealed class CsvSnapshotReader
{
    private readonly ImportContext _context;
    private readonly DelimitedReader _csv;
    private readonly bool _guessedText;
    private readonly CsvHead _head = new();
    private readonly CsvSummary _summary = new();
    private readonly List<string> _notes = [];
    private int _unknownTypes;

    private CsvSnapshotReader(ImportContext context, TextReader text, bool guessedText)
    {
        _context = context;
        _csv = new DelimitedReader(text, context.Limits.MaxLineChars);
        _guessedText = guessedText;
    }

    private long Unit => _head.IsOurs ? 1 : 1024;

    /// <exception cref="InvalidDataException">It is no snapshot.</exception>
    public static ImportedFile Read(ImportContext context, ReadOnlyMemory<byte> data)
    {
        var encoding = FileText.Detect(data.Span);
        using var text = FileText.Open(data, encoding);
        return new CsvSnapshotReader(context, text, FileText.IsGuess(encoding)).Read();
    }

    private ImportedFile Read()
    {
        var details = ReadToDetails();
        var rows = new ImportedRows(_context, mergeDetails: !_head.IsOurs);
        var platform = _head.Platform;
        while (_csv.Read())
        {
            ReadRow(rows, details, ref platform);
        }
        platform = platform == HostPlatform.Unspecified ? HostPlatform.Windows : platform;
        var regions = rows.Build(platform);
        if (regions.Count == 0 && !rows.HasGaps)
        {
            throw new InvalidDataException("Its table of regions is empty.");
        }
        var bounds = Bounds(platform, rows);
        var snapshot = Finish(new Snapshot(regions, bounds)
        {
            Platform = platform,
            Process = Process(),
            TakenAt = _head.Time("Taken at") ?? _context.ReceivedAt,
            Counters = new ProcessCounters { PageTable = _summary.PageTable is > 0 and var bytes ? bytes : null },
        }, rows);
        return new ImportedFile(
            _head.IsOurs ? SnapshotFileFormat.Csv : SnapshotFileFormat.VmMapCsv,
            [new ImportedSnapshot(snapshot, _head.Value("Host"), _head.Value("Label"))]);
    }

    private CsvColumns ReadToDetails()
    {
        CsvColumns? summary = null;
        while (_csv.Read())
        {
            if (CsvColumns.Of(_csv, "Address") is { } details)
            {
                return details;
            }
            if (summary is not null)
            {
                _summary.Add(_csv, summary, Unit);
            }
            else if ((summary = CsvColumns.Of(_csv, "Type")) is null)
            {
                _context.CountRow();
                _head.Add(_csv[0], _csv[1]);
            }
        }
        throw new InvalidDataException("It has no table of regions, which begins with the columns Address, Type and Size.");
    }

    private void ReadRow(ImportedRows rows, CsvColumns columns, ref HostPlatform platform)
    {
        if (!ImportedNumber.TryHex(_csv[columns.Address], out var address))
        {
            throw new InvalidDataException($"Its line {_csv.Line} has '{ShownText.Of(_csv[columns.Address])}' where an address belongs.");
        }
        var category = VmMapTypes.Category(_csv[columns.Type]);
        if (category == RegionCategory.PageTable)
        {
            return;
        }
        if (category == RegionCategory.Unspecified)
        {
            _unknownTypes++;
            category = RegionCategory.PrivateData;
        }
        var protectionText = Text(columns.Protection);
        if (!ProtectionText.TryParse(protectionText, out var protection))
        {
            throw new InvalidDataException($"Its line {_csv.Line} has the protection '{ShownText.Of(protectionText)}', which does not exist.");
        }
        if (platform == HostPlatform.Unspecified && !category.IsGap())
        {
            platform = ProtectionText.IsLinux(protectionText) ? HostPlatform.Linux : HostPlatform.Windows;
        }
        rows.Add(new ImportedRow
        {
            Address = address,
            Size = CsvColumns.Figure(_csv, columns.Size, Unit),
            Category = category,
            Protection = protection,
            Detail = rows.Text(Text(columns.Details)),
            Committed = CsvColumns.Figure(_csv, columns.Committed, Unit),
            Private = CsvColumns.Figure(_csv, columns.Private, Unit),
            PrivateWs = CsvColumns.Figure(_csv, columns.PrivateWs, Unit),
            ShareableWs = CsvColumns.Figure(_csv, columns.ShareableWs, Unit),
            SharedWs = CsvColumns.Figure(_csv, columns.SharedWs, Unit),
            LockedWs = CsvColumns.Figure(_csv, columns.LockedWs, Unit),
            Pss = CsvColumns.Figure(_csv, columns.Pss, Unit),
            Swap = CsvColumns.Figure(_csv, columns.Swap, Unit),
        });
    }

    /// <summary>A text as it was before it was guarded against spreadsheets: <c>---p</c> looks like a formula.</summary>
    private ReadOnlySpan<char> Text(int column) => _head.IsOurs ? Export.FormulaGuard.Remove(_csv[column]) : _csv[column];

    private AddressSpaceBounds Bounds(HostPlatform platform, ImportedRows rows)
    {
        if (_head.Bounds() is { } stated)
        {
            return stated;
        }
        if (rows.HasGaps)
        {
            return ImportedBounds.OfGaps(platform, rows);
        }
        if (_summary.Free is > 0 && ImportedBounds.OfSizes(platform, rows, _summary.AddressSpace) is { } summed)
        {
            return summed;
        }
        _notes.Add(ImportNotes.GuessedBounds);
        return ImportedBounds.Guess(platform, rows);
    }

    private ProcessInfo Process()
    {
        var name = _head.Value("Process");
        var pid = _head.Pid;
        if (!_head.IsOurs && name.Length == 0 && pid == 0)
        {
            _notes.Add(ImportNotes.NoProcess);
            name = Path.GetFileNameWithoutExtension(_context.FileName);
        }
        return new ProcessInfo
        {
            Key = new ProcessKey(pid, _head.StartStamp),
            Name = name,
            CommandLine = _head.Value("Command line"),
            User = _head.Value("User"),
            Architecture = _head.Value("Architecture"),
            StartTime = _head.Time("Started at") ?? default,
        };
    }

    private Snapshot Finish(Snapshot snapshot, ImportedRows rows)
    {
        _notes.Insert(0, _head.IsOurs ? ImportNotes.Csv : ImportNotes.VmMapCsv);
        if (_head.Time("Taken at") is null)
        {
            _notes.Add(ImportNotes.NoTime);
        }
        if (_guessedText)
        {
            _notes.Add(ImportNotes.GuessedText);
        }
        _notes.AddRange(ImportNotes.OfRows(rows, _unknownTypes));
        _notes.AddRange(_summary.Differences(snapshot.Summary).Take(3));
        return snapshot.WithNotes(ImportNotes.With(_head.Notes, _notes));
    }
}
