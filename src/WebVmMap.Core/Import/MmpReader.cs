using System.Globalization;
using System.Xml;
using WebVmMap.Core.Export;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Core.Import;

/// <summary>
/// Reads VMMap's <c>.mmp</c>: <c>root</c>, <c>Snapshots</c>, a <c>Snapshot</c> for each moment of a timeline, <c>MemoryRegions</c>,
/// <c>Region</c>. By the names of elements and attributes wherever they stand; what is missing is 0, what is not known is passed over.
/// </summary>
internal sealed class MmpReader
{
    private static readonly long s_lastTime = DateTime.MaxValue.ToFileTimeUtc();

    private readonly ImportContext _context;
    private readonly XmlReader _xml;
    private readonly List<ImportedSnapshot> _snapshots = [];
    private MmpInstruction _ours = MmpInstruction.None;
    private string _process = "";
    private int _pid;

    private MmpReader(ImportContext context, XmlReader xml)
    {
        _context = context;
        _xml = xml;
    }

    /// <exception cref="InvalidDataException">It is no snapshot.</exception>
    /// <exception cref="XmlException">It is no XML, or declares a document type.</exception>
    public static ImportedFile Read(ImportContext context, ReadOnlyMemory<byte> data)
    {
        // The text is decoded here, not by the reader: it knows no code pages. Entities cannot be declared without a document type.
        using var text = FileText.Open(data, FileText.Detect(data.Span));
        using var xml = XmlReader.Create(text, new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreWhitespace = true,
        });
        return new MmpReader(context, xml).Read();
    }

    private ImportedFile Read()
    {
        var isMap = false;
        while (_xml.Read())
        {
            if (_xml.Depth > _context.Limits.MaxDepth)
            {
                throw new InvalidDataException($"Its elements nest deeper than {_context.Limits.MaxDepth}.");
            }
            if (_xml.NodeType == XmlNodeType.ProcessingInstruction && _xml.Name == MmpNames.Instruction)
            {
                _ours = MmpInstruction.Parse(_xml.Value);
            }
            else if (_xml.NodeType == XmlNodeType.Element)
            {
                if (_xml.Name == "Snapshot")
                {
                    ReadSnapshot();
                    isMap = true;
                }
                else
                {
                    ReadProcess();
                }
            }
        }
        return _snapshots.Count > 0
            ? new ImportedFile(SnapshotFileFormat.Mmp, [.. _snapshots])
            : throw new InvalidDataException(isMap
                ? "None of its snapshots holds a region."
                : "It is XML, but not of VMMap: it has no element Snapshot.");
    }

    private void ReadSnapshot()
    {
        ReadProcess();
        var time = FileTime(Number("Timestamp"));
        var pageTable = Number("PageTableSize");
        var rows = new ImportedRows(_context, mergeDetails: !_ours.IsThere);
        var platform = _ours.IsThere ? _ours.Platform : HostPlatform.Windows;
        var unknownTypes = 0;
        var (isEmpty, depth) = (_xml.IsEmptyElement, _xml.Depth);
        while (!isEmpty && _xml.Read() && _xml.Depth > depth)
        {
            if (_xml.Depth > _context.Limits.MaxDepth)
            {
                throw new InvalidDataException($"Its elements nest deeper than {_context.Limits.MaxDepth}.");
            }
            if (_xml.NodeType == XmlNodeType.Element && _xml.Name == "Region")
            {
                ReadRegion(rows, platform, ref pageTable, ref unknownTypes);
            }
        }
        var regions = rows.Build(platform);
        if (regions.Count > 0 || rows.HasGaps)
        {
            Add(regions, rows, platform, time, pageTable, unknownTypes);
        }
    }

    private void ReadRegion(ImportedRows rows, HostPlatform platform, ref long pageTable, ref int unknownTypes)
    {
        var useType = Number("UseType", MmpNames.None);
        var category = MmpNames.Category(useType);
        if (category == RegionCategory.Unspecified && useType != MmpNames.Unknown)
        {
            // The word of the same row may be known.
            category = VmMapTypes.Category(_xml.GetAttribute("Type"));
        }
        if (category == RegionCategory.PageTable)
        {
            pageTable = Math.Max(pageTable, Number("Size"));
            return;
        }
        if (category == RegionCategory.Unspecified)
        {
            if (useType == MmpNames.Unknown || Number("Size") == 0)
            {
                return;
            }
            unknownTypes++;
            category = RegionCategory.PrivateData;
        }
        var committed = Number("Commit");
        rows.Add(new ImportedRow
        {
            Address = Address(),
            Size = Number("Size"),
            Category = category,
            Protection = Protected(committed, platform),
            Detail = rows.Text(_xml.GetAttribute("Details")),
            Committed = committed,
            Private = Number("PrivateBytes"),
            PrivateWs = Number("PrivateWS"),
            ShareableWs = Number("ShareableWS"),
            SharedWs = Number("SharedWS"),
            // Not seen in any file, but it is a column of VMMap's.
            LockedWs = Number("LockedWS"),
        });
    }

    private Protection Protected(long committed, HostPlatform platform)
    {
        var constant = (uint)Math.Min(Number("Protection"), uint.MaxValue);
        // What is reserved has no protection in Windows; a file may give it that of its allocation all the same.
        return constant == 0 || (committed == 0 && platform == HostPlatform.Windows)
            ? Regions.Protection.Reserved
            : WindowsProtection.FromConstant(constant);
    }

    private void Add(RegionTable regions, ImportedRows rows, HostPlatform platform, DateTimeOffset? time, long pageTable, int unknownTypes)
    {
        if (_snapshots.Count == _context.Limits.MaxSnapshots)
        {
            throw new InvalidDataException($"It holds more than {_context.Limits.MaxSnapshots} snapshots.");
        }
        List<string> notes = [ImportNotes.Mmp];
        AddressSpaceBounds bounds;
        if (_ours.Bounds is { } stated)
        {
            bounds = stated;
        }
        else if (rows.HasGaps)
        {
            bounds = ImportedBounds.OfGaps(platform, rows);
        }
        else
        {
            bounds = ImportedBounds.Guess(platform, rows);
            notes.Add(ImportNotes.GuessedBounds);
        }
        if (time is null)
        {
            notes.Add(ImportNotes.NoTime);
        }
        if (_process.Length == 0 && _pid == 0)
        {
            notes.Add(ImportNotes.NoProcess);
        }
        notes.AddRange(ImportNotes.OfRows(rows, unknownTypes));
        var snapshot = new Snapshot(regions, bounds)
        {
            Platform = platform,
            Process = new ProcessInfo
            {
                Key = new ProcessKey(_pid, 0),
                Name = _process.Length > 0 ? _process : Path.GetFileNameWithoutExtension(_context.FileName),
                Architecture = _ours.Architecture,
            },
            TakenAt = time ?? _context.ReceivedAt,
            Counters = new ProcessCounters { PageTable = pageTable > 0 ? pageTable : null },
            Notes = ImportNotes.With([], notes),
        };
        _snapshots.Add(new ImportedSnapshot(snapshot, _ours.Host, _ours.Label));
    }

    /// <summary>Takes name and id of the process wherever a file has them: where VMMap does is not known.</summary>
    private void ReadProcess()
    {
        if (_ours.IsThere)
        {
            (_process, _pid) = (_ours.Name, _ours.Pid);
            return;
        }
        _process = _xml.GetAttribute("ProcessName") ?? _xml.GetAttribute("Process") ?? _process;
        var pid = _xml.GetAttribute("PID") ?? _xml.GetAttribute("Pid") ?? _xml.GetAttribute("ProcessId");
        if (int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            _pid = id;
        }
    }

    private ulong Address()
    {
        var text = _xml.GetAttribute("Address") ?? throw new InvalidDataException($"{Where()} a Region has no Address.");
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var address)
            || (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && ImportedNumber.TryHex(text, out address))
                ? address
                : throw new InvalidDataException($"{Where()} '{ShownText.Of(text)}' stands where an address belongs.");
    }

    private long Number(string name, long missing = 0)
    {
        if (_xml.GetAttribute(name) is not { Length: > 0 } text)
        {
            return missing;
        }
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && (value <= CsvFigure.Max || name == "Timestamp")
            ? value
            : throw new InvalidDataException($"{Where()} {name} is '{ShownText.Of(text)}', which is no number that can be true.");
    }

    private string Where() => _xml is IXmlLineInfo line && line.HasLineInfo()
        ? string.Create(CultureInfo.InvariantCulture, $"In its line {line.LineNumber}")
        : "In it";

    private static DateTimeOffset? FileTime(long time)
    {
        // From 1970, where the times of snapshots begin, to 9999.
        const long UnixEpoch = 116_444_736_000_000_000;
        return time >= UnixEpoch && time <= s_lastTime ? new DateTimeOffset(DateTime.FromFileTimeUtc(time)) : null;
    }
}
