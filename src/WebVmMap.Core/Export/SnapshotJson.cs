using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Core.Export;

/// <summary>
/// A snapshot as JSON: sizes in bytes, addresses as hexadecimal texts, times in ISO 8601 UTC. The HTTP API answers with the
/// same fields, so a file and an answer are read alike. What the system does not tell is null, never 0.
/// </summary>
public static class SnapshotJson
{
    // Names of files hold '+' and letters of every script; in a file of its own there is no page that they could break.
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = false };

    /// <summary>Writes a whole document: what <see cref="WriteFields"/> writes, and <c>regions</c>.</summary>
    public static void Write(Stream output, Snapshot snapshot, SnapshotOrigin origin)
    {
        using var json = new Utf8JsonWriter(output, s_options);
        json.WriteStartObject();
        WriteFields(json, snapshot, origin);
        json.WriteStartArray("regions");
        for (var allocation = 0; allocation < snapshot.Allocations.Count; allocation++)
        {
            WriteAllocation(json, snapshot, allocation);
            if (json.BytesPending > 64 * 1024)
            {
                json.Flush();
            }
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes everything but the regions into the object that has been begun.</summary>
    public static void WriteFields(Utf8JsonWriter json, Snapshot snapshot, SnapshotOrigin origin)
    {
        json.WriteString("id", origin.Id);
        json.WriteString("host", origin.Host);
        json.WriteString("platform", snapshot.Platform.ToString());
        WriteProcess(json, snapshot.Process);
        json.WriteString("takenAt", snapshot.TakenAt.UtcDateTime);
        json.WriteString("label", origin.Label);
        json.WriteStartObject("cost");
        json.WriteNumber("elapsedMs", snapshot.Cost.ElapsedMs);
        json.WriteNumber("agentCpuMs", snapshot.Cost.AgentCpuMs);
        json.WriteEndObject();
        json.WriteStartArray("summary");
        foreach (var row in snapshot.Summary.Rows)
        {
            WriteSummaryRow(json, row);
        }
        json.WriteEndArray();
        json.WritePropertyName("total");
        WriteSummaryRow(json, snapshot.Summary.Total);
        WriteCounters(json, snapshot.Counters);
        json.WriteStartObject("bounds");
        json.WriteString("lowest", Address(snapshot.Bounds.Lowest));
        json.WriteString("end", Address(snapshot.Bounds.End));
        json.WriteNumber("granularity", snapshot.Bounds.Granularity);
        json.WriteEndObject();
        json.WriteStartArray("notes");
        foreach (var note in snapshot.Notes)
        {
            json.WriteStartObject();
            json.WriteString("kind", NoteKind(note.Kind));
            json.WriteString("text", note.Text);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>Writes one allocation with its blocks as <c>children</c>; one of a single block has none.</summary>
    public static void WriteAllocation(Utf8JsonWriter json, Snapshot snapshot, int allocation)
    {
        var allocations = snapshot.Allocations;
        var regions = snapshot.Regions;
        var first = allocations.FirstRegion[allocation];
        var end = allocations.FirstRegion[allocation + 1];
        json.WriteStartObject();
        json.WriteString("address", Address(regions.Addresses[first]));
        json.WriteString("allocationBase", Address(regions.AllocationBases[first]));
        WriteFigures(json, metric => allocations.Value(metric, allocation), allocations.Category(allocation), end - first);
        json.WriteString("protection", ProtectionText.Format(allocations.Protections[allocation], snapshot.Platform));
        json.WriteString("details", allocations.DetailText(allocation));
        json.WriteStartArray("children");
        for (var row = first; end - first > 1 && row < end; row++)
        {
            var region = row;
            json.WriteStartObject();
            json.WriteString("address", Address(regions.Addresses[row]));
            WriteFigures(json, metric => regions.Value(metric, region), regions.Categories[row], 1);
            json.WriteString("protection", ProtectionText.Format(regions.Protections[row], snapshot.Platform));
            json.WriteString("details", regions.DetailText(row));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteProcess(Utf8JsonWriter json, ProcessInfo process)
    {
        json.WriteStartObject("process");
        json.WriteNumber("pid", process.Key.Pid);
        json.WriteString("startTime", process.StartTime.UtcDateTime);
        // As text: it passes 2^53, beyond which the numbers of JavaScript are no longer whole.
        json.WriteString("startStamp", process.Key.StartStamp.ToString(CultureInfo.InvariantCulture));
        json.WriteString("name", process.Name);
        json.WriteString("commandLine", process.CommandLine);
        json.WriteNumber("parentPid", process.ParentPid);
        json.WriteString("user", process.User);
        json.WriteString("architecture", process.Architecture);
        json.WriteBoolean("managed", process.Managed);
        json.WriteNumber("privateBytes", process.PrivateBytes);
        json.WriteNumber("workingSetBytes", process.WorkingSetBytes);
        json.WriteString("limitation", process.Limitation);
        json.WriteEndObject();
    }

    private static void WriteSummaryRow(Utf8JsonWriter json, SummaryRow row)
    {
        json.WriteStartObject();
        json.WriteString("category", row.Name);
        json.WriteNumber("size", row.Size);
        json.WriteNumber("reserved", row.Reserved);
        json.WriteNumber("committed", row.Committed);
        json.WriteNumber("private", row.Private);
        json.WriteNumber("totalWs", row.TotalWs);
        json.WriteNumber("privateWs", row.PrivateWs);
        json.WriteNumber("shareableWs", row.ShareableWs);
        json.WriteNumber("sharedWs", row.SharedWs);
        json.WriteNumber("lockedWs", row.LockedWs);
        json.WriteNumber("pss", row.Pss);
        json.WriteNumber("swap", row.Swap);
        json.WriteNumber("blocks", row.Blocks);
        json.WriteNumber("largest", row.Largest);
        json.WriteEndObject();
    }

    private static void WriteFigures(Utf8JsonWriter json, Func<RegionMetric, long> value, RegionCategory category, int blocks)
    {
        json.WriteNumber("size", value(RegionMetric.Size));
        json.WriteString("category", category.DisplayName());
        json.WriteNumber("committed", value(RegionMetric.Committed));
        json.WriteNumber("private", value(RegionMetric.Private));
        json.WriteNumber("totalWs", value(RegionMetric.TotalWs));
        json.WriteNumber("privateWs", value(RegionMetric.PrivateWs));
        json.WriteNumber("shareableWs", value(RegionMetric.ShareableWs));
        json.WriteNumber("sharedWs", value(RegionMetric.SharedWs));
        json.WriteNumber("lockedWs", value(RegionMetric.LockedWs));
        json.WriteNumber("pss", value(RegionMetric.Pss));
        json.WriteNumber("swap", value(RegionMetric.Swap));
        json.WriteNumber("blocks", blocks);
    }

    private static void WriteCounters(Utf8JsonWriter json, ProcessCounters counters)
    {
        json.WriteStartObject("counters");
        WriteOptional(json, "workingSet", counters.WorkingSet);
        WriteOptional(json, "privateCommit", counters.PrivateCommit);
        WriteOptional(json, "residentAnonymous", counters.ResidentAnonymous);
        WriteOptional(json, "swap", counters.Swap);
        WriteOptional(json, "virtualSize", counters.VirtualSize);
        WriteOptional(json, "pageTable", counters.PageTable);
        json.WriteEndObject();
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } known)
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static string Address(ulong address) => string.Create(CultureInfo.InvariantCulture, $"0x{address:x}");

    private static string NoteKind(SnapshotNoteKind kind) => kind switch
    {
        SnapshotNoteKind.Method => "method",
        SnapshotNoteKind.Limitation => "limitation",
        SnapshotNoteKind.ChangedWhileRead => "changedWhileRead",
        _ => "unspecified",
    };
}
