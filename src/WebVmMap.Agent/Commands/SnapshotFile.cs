using System.Text;
using WebVmMap.Core.Export;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Agent.Commands;

/// <summary>Writes a snapshot to a file in the format that its extension names.</summary>
internal static class SnapshotFile
{
    /// <summary>The format that a path asks for.</summary>
    /// <exception cref="CommandException">Its extension is none that can be written.</exception>
    public static SnapshotFormat FormatOf(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".wvm" => SnapshotFormat.Wvm,
        ".csv" => SnapshotFormat.Csv,
        ".json" => SnapshotFormat.Json,
        ".mmp" => SnapshotFormat.Mmp,
        var other => throw CommandException.Usage($"'{path}' ends in '{other}', which is no format of a snapshot: name the file .wvm, .csv, .json or .mmp."),
    };

    /// <summary>Writes the file. One of that name is replaced, and only when the new one is complete.</summary>
    /// <exception cref="CommandException">It cannot be written.</exception>
    public static void Write(string path, SnapshotFormat format, Snapshot snapshot, SnapshotOrigin origin)
    {
        using var file = new PartialFile(path);
        file.Write(stream => Write(stream, format, snapshot, origin));
        file.Complete();
    }

    private static void Write(Stream file, SnapshotFormat format, Snapshot snapshot, SnapshotOrigin origin)
    {
        switch (format)
        {
            case SnapshotFormat.Wvm:
                file.Write(SnapshotCodec.Encode(snapshot));
                break;
            case SnapshotFormat.Csv:
                // A lone surrogate in a file name becomes U+FFFD rather than an error.
                using (var text = new StreamWriter(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 64 * 1024, leaveOpen: true))
                {
                    SnapshotCsv.Write(text, snapshot, origin);
                }
                break;
            case SnapshotFormat.Json:
                SnapshotJson.Write(file, snapshot, origin);
                break;
            case SnapshotFormat.Mmp:
                SnapshotMmp.Write(file, snapshot, origin);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format), format, null);
        }
    }
}
