using System.Text.Json;
using WebVmMap.Core.Formats;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Core.Import;

/// <summary>Reads the JSON that <see cref="Export.SnapshotJson"/> writes. Properties that are not known are passed over.</summary>
internal ref struct JsonSnapshotReader
{
    private readonly ImportContext _context;
    private readonly RegionTableBuilder _table = new();
    private readonly StringTable _texts = new();
    private readonly List<SnapshotNote> _notes = [];
    private Utf8JsonReader _json;
    private long _textBytes;
    private bool _hasRegions;
    private HostPlatform _platform;
    private ProcessInfo? _process;
    private DateTimeOffset? _takenAt;
    private SnapshotCost _cost;
    private ProcessCounters _counters;
    private AddressSpaceBounds? _bounds;
    private string _host = "";
    private string _label = "";

    private JsonSnapshotReader(ImportContext context, ReadOnlySpan<byte> data)
    {
        _context = context;
        _json = new Utf8JsonReader(data, new JsonReaderOptions { MaxDepth = context.Limits.MaxDepth });
    }

    /// <exception cref="InvalidDataException">It is no snapshot.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static ImportedFile Read(ImportContext context, ReadOnlySpan<byte> data)
    {
        var reader = new JsonSnapshotReader(context, data.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? data[3..] : data);
        try
        {
            return new ImportedFile(SnapshotFileFormat.Json, [reader.Read()]);
        }
        catch (InvalidOperationException broken)
        {
            // Half of a pair of surrogates or bytes that are no UTF-8, which JSON can write and no text can hold.
            throw new InvalidDataException("It holds a text that is no valid Unicode.", broken);
        }
    }

    private ImportedSnapshot Read()
    {
        JsonFields.Begin(ref _json, JsonTokenType.StartObject, "document");
        while (NextProperty() is { } name)
        {
            ReadProperty(name);
        }
        // Nothing may follow; the reader throws at anything but blanks.
        _json.Read();
        if (!_hasRegions || _process is null || _bounds is null || _platform == HostPlatform.Unspecified)
        {
            throw new InvalidDataException(_process is null || _hasRegions
                ? "It is JSON, but not a snapshot: it needs platform, process, bounds and regions."
                : "It holds a snapshot's summary without its regions, which format=json of the export has.");
        }
        var snapshot = new Snapshot(_table.Build(_texts.Seal()), _bounds.Value)
        {
            Platform = _platform,
            Process = _process,
            TakenAt = _takenAt ?? _context.ReceivedAt,
            Cost = _cost,
            Counters = _counters,
            Notes = ImportNotes.With(_notes, _takenAt is null ? [ImportNotes.NoTime] : []),
        };
        return new ImportedSnapshot(snapshot, _host, _label);
    }

    private void ReadProperty(string name)
    {
        switch (name)
        {
            case "host":
                _host = JsonFields.Text(ref _json, name);
                break;
            case "label":
                _label = JsonFields.Text(ref _json, name);
                break;
            case "platform":
                var platform = JsonFields.Text(ref _json, name);
                _platform = platform switch
                {
                    nameof(HostPlatform.Linux) => HostPlatform.Linux,
                    nameof(HostPlatform.Windows) => HostPlatform.Windows,
                    _ => throw JsonFields.Wrong(name, "Linux or Windows"),
                };
                break;
            case "process":
                ReadProcess();
                break;
            case "takenAt":
                _takenAt = JsonFields.Time(ref _json, name) is var time && time >= DateTimeOffset.UnixEpoch
                    ? time
                    : throw JsonFields.Wrong(name, "a time from 1970 on");
                break;
            case "cost":
                ReadCost();
                break;
            case "counters":
                ReadCounters();
                break;
            case "bounds":
                ReadBounds();
                break;
            case "notes":
                ReadNotes();
                break;
            case "regions":
                ReadRegions();
                break;
            default:
                _json.Skip();
                break;
        }
    }

    /// <summary>The next property of the object, or null at its end.</summary>
    private string? NextProperty()
    {
        _json.Read();
        return _json.TokenType == JsonTokenType.EndObject ? null : JsonNames.Of(ref _json);
    }

    /// <summary>Moves to the next object of the list; false at the end of the list.</summary>
    private bool NextObject(string name)
    {
        _json.Read();
        return _json.TokenType switch
        {
            JsonTokenType.EndArray => false,
            JsonTokenType.StartObject => true,
            _ => throw JsonFields.Wrong(name, "a list of objects"),
        };
    }

    private void ReadProcess()
    {
        var process = new ProcessInfo { Key = default, Name = "" };
        JsonFields.Begin(ref _json, JsonTokenType.StartObject, "process");
        while (NextProperty() is { } name)
        {
            switch (name)
            {
                case "pid":
                    process = process with { Key = process.Key with { Pid = Pid(name) } };
                    break;
                case "startStamp":
                    var stamp = JsonFields.Text(ref _json, name);
                    process = process with
                    {
                        Key = process.Key with { StartStamp = long.TryParse(stamp, out var ticks) ? ticks : throw JsonFields.Wrong(name, "a number as text") },
                    };
                    break;
                case "startTime":
                    process = process with { StartTime = JsonFields.Time(ref _json, name) };
                    break;
                case "name":
                    process = process with { Name = JsonFields.Text(ref _json, name) };
                    break;
                case "commandLine":
                    process = process with { CommandLine = JsonFields.Text(ref _json, name) };
                    break;
                case "parentPid":
                    process = process with { ParentPid = Pid(name) };
                    break;
                case "user":
                    process = process with { User = JsonFields.Text(ref _json, name) };
                    break;
                case "architecture":
                    process = process with { Architecture = JsonFields.Text(ref _json, name) };
                    break;
                case "managed":
                    process = process with { Managed = JsonFields.Flag(ref _json, name) };
                    break;
                case "privateBytes":
                    process = process with { PrivateBytes = JsonFields.Number(ref _json, name) };
                    break;
                case "workingSetBytes":
                    process = process with { WorkingSetBytes = JsonFields.Number(ref _json, name) };
                    break;
                case "limitation":
                    process = process with { Limitation = JsonFields.Text(ref _json, name) };
                    break;
                default:
                    _json.Skip();
                    break;
            }
        }
        _process = process;
    }

    private int Pid(string name) => JsonFields.Number(ref _json, name) is var pid and <= int.MaxValue ? (int)pid : throw JsonFields.Wrong(name, "the id of a process");

    private void ReadCost()
    {
        JsonFields.Begin(ref _json, JsonTokenType.StartObject, "cost");
        while (NextProperty() is { } name)
        {
            switch (name)
            {
                case "elapsedMs":
                    _cost = _cost with { ElapsedMs = JsonFields.Milliseconds(ref _json, name) };
                    break;
                case "agentCpuMs":
                    _cost = _cost with { AgentCpuMs = JsonFields.Milliseconds(ref _json, name) };
                    break;
                default:
                    _json.Skip();
                    break;
            }
        }
    }

    private void ReadCounters()
    {
        JsonFields.Begin(ref _json, JsonTokenType.StartObject, "counters");
        while (NextProperty() is { } name)
        {
            switch (name)
            {
                case "workingSet":
                    _counters = _counters with { WorkingSet = JsonFields.Optional(ref _json, name) };
                    break;
                case "privateCommit":
                    _counters = _counters with { PrivateCommit = JsonFields.Optional(ref _json, name) };
                    break;
                case "residentAnonymous":
                    _counters = _counters with { ResidentAnonymous = JsonFields.Optional(ref _json, name) };
                    break;
                case "swap":
                    _counters = _counters with { Swap = JsonFields.Optional(ref _json, name) };
                    break;
                case "virtualSize":
                    _counters = _counters with { VirtualSize = JsonFields.Optional(ref _json, name) };
                    break;
                case "pageTable":
                    _counters = _counters with { PageTable = JsonFields.Optional(ref _json, name) };
                    break;
                default:
                    _json.Skip();
                    break;
            }
        }
    }

    private void ReadBounds()
    {
        var bounds = default(AddressSpaceBounds);
        JsonFields.Begin(ref _json, JsonTokenType.StartObject, "bounds");
        while (NextProperty() is { } name)
        {
            switch (name)
            {
                case "lowest":
                    bounds = bounds with { Lowest = JsonFields.Address(ref _json, name) };
                    break;
                case "end":
                    bounds = bounds with { End = JsonFields.Address(ref _json, name) };
                    break;
                case "granularity":
                    bounds = bounds with { Granularity = (int)Math.Min(JsonFields.Number(ref _json, name), int.MaxValue) };
                    break;
                default:
                    _json.Skip();
                    break;
            }
        }
        _bounds = bounds.Broken() is { } broken ? throw new InvalidDataException(broken) : bounds;
    }

    private void ReadNotes()
    {
        JsonFields.Begin(ref _json, JsonTokenType.StartArray, "notes");
        while (NextObject("notes"))
        {
            var (kind, text) = (SnapshotNoteKind.Limitation, "");
            while (NextProperty() is { } name)
            {
                switch (name)
                {
                    case "kind":
                        kind = JsonFields.Text(ref _json, name) switch
                        {
                            "method" => SnapshotNoteKind.Method,
                            "changedWhileRead" => SnapshotNoteKind.ChangedWhileRead,
                            _ => SnapshotNoteKind.Limitation,
                        };
                        break;
                    case "text":
                        text = JsonFields.Text(ref _json, name);
                        break;
                    default:
                        _json.Skip();
                        break;
                }
            }
            if (_notes.Count == FormatLimits.MaxNotes - ImportNotes.Most)
            {
                throw new InvalidDataException($"It holds more than {_notes.Count} notes.");
            }
            _notes.Add(new SnapshotNote(kind, text));
        }
    }

    private void ReadRegions()
    {
        JsonFields.Begin(ref _json, JsonTokenType.StartArray, "regions");
        _hasRegions = true;
        while (NextObject("regions"))
        {
            ReadRegion(null);
        }
    }

    /// <summary>Reads an allocation, or with its allocation's base a block.</summary>
    private void ReadRegion(ulong? allocation)
    {
        _context.CountRow();
        var region = new Region { Address = 0, Size = 0, AllocationBase = 0, Category = RegionCategory.Unspecified };
        ulong? ownBase = null;
        var hasBlocks = false;
        while (NextProperty() is { } name)
        {
            switch (name)
            {
                case "address":
                    region = region with { Address = JsonFields.Address(ref _json, name) };
                    break;
                case "allocationBase":
                    ownBase = JsonFields.Address(ref _json, name);
                    break;
                case "category":
                    region = region with { Category = Category(name) };
                    break;
                case "protection":
                    region = region with { Protection = Protected(name) };
                    break;
                case "details":
                    region = region with { Detail = ImportContext.Intern(_texts, JsonFields.Text(ref _json, name), ref _textBytes) };
                    break;
                case "children" when allocation is null:
                    hasBlocks = ReadBlocks(ownBase ?? region.Address);
                    break;
                default:
                    region = ReadFigure(region, name);
                    break;
            }
        }
        if (!hasBlocks && !region.Category.IsGap())
        {
            Add(region with { AllocationBase = allocation ?? ownBase ?? region.Address });
        }
    }

    private Region ReadFigure(in Region region, string name)
    {
        switch (name)
        {
            case "size":
                return region with { Size = JsonFields.Number(ref _json, name) };
            case "committed":
                return region with { Committed = JsonFields.Number(ref _json, name) };
            case "private":
                return region with { Private = JsonFields.Number(ref _json, name) };
            case "privateWs":
                return region with { PrivateWs = JsonFields.Number(ref _json, name) };
            case "shareableWs":
                return region with { ShareableWs = JsonFields.Number(ref _json, name) };
            case "sharedWs":
                return region with { SharedWs = JsonFields.Number(ref _json, name) };
            case "lockedWs":
                return region with { LockedWs = JsonFields.Number(ref _json, name) };
            case "pss":
                return region with { Pss = JsonFields.Number(ref _json, name) };
            case "swap":
                return region with { Swap = JsonFields.Number(ref _json, name) };
            default:
                _json.Skip();
                return region;
        }
    }

    private bool ReadBlocks(ulong allocation)
    {
        JsonFields.Begin(ref _json, JsonTokenType.StartArray, "children");
        var any = false;
        while (NextObject("children"))
        {
            ReadRegion(allocation);
            any = true;
        }
        return any;
    }

    private void Add(in Region region)
    {
        try
        {
            _table.Add(region);
        }
        catch (ArgumentException broken)
        {
            throw new InvalidDataException(ImportContext.Sentence(broken), broken);
        }
    }

    private RegionCategory Category(string name) =>
        RegionCategories.TryParse(JsonFields.Text(ref _json, name), out var category) && category != RegionCategory.PageTable
            ? category
            : throw JsonFields.Wrong(name, "that of a region");

    private Protection Protected(string name) =>
        ProtectionText.TryParse(JsonFields.Text(ref _json, name), out var protection) ? protection : throw JsonFields.Wrong(name, "one that exists");
}
