using System.Globalization;
using System.Text;
using WebVmMap.Core.Export;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Api;

/// <summary>The files that a snapshot can be had as.</summary>
internal static class SnapshotExports
{
    private static readonly SnapshotExport[] s_all =
    [
        new("csv", "text/csv; charset=utf-8", WriteCsv),
        new("json", "application/json", static (output, snapshot, stored) => SnapshotJson.Write(output, snapshot, Origin(stored))),
        new("mmp", "application/xml", static (output, snapshot, stored) => SnapshotMmp.Write(output, snapshot, Named(stored))),
        new("wvm", "application/octet-stream", static (output, snapshot, _) => output.Write(SnapshotCodec.Encode(snapshot))),
    ];

    /// <summary>The names, for a message.</summary>
    public static string Names { get; } = string.Join(", ", s_all.Select(export => export.Name));

    /// <summary>The one of that name, or null.</summary>
    public static SnapshotExport? Find(string name) => Array.Find(s_all, export => export.Name == name);

    /// <summary>A name that tells process and time, in characters that every system takes.</summary>
    public static string FileName(StoredSnapshot stored, SnapshotExport export) => $"{FileStem(stored)}.{export.Name}";

    /// <summary>The same without an ending.</summary>
    public static string FileStem(StoredSnapshot stored)
    {
        var process = new string([.. stored.Process.Name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_').Take(64)]);
        return string.Create(CultureInfo.InvariantCulture, $"{process}-{stored.Process.Key.Pid}-{stored.TakenAt.UtcDateTime:yyyyMMdd-HHmmss}");
    }

    // People read these two; the fields of the JSON are those of the API, which has the host's id.
    private static SnapshotOrigin Named(StoredSnapshot stored) => Origin(stored) with { Host = stored.HostName };

    private static SnapshotOrigin Origin(StoredSnapshot stored) => new(stored.Id, stored.HostId, stored.Label);

    private static void WriteCsv(Stream output, Snapshot snapshot, StoredSnapshot stored)
    {
        using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true);
        SnapshotCsv.Write(writer, snapshot, Named(stored));
    }
}
