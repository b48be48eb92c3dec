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
        // Unlike a fixed name in a folder that others may write to, this one cannot be prepared by them as a link.
        var partial = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            using (var file = new FileStream(partial, FileMode.CreateNew, FileAccess.Write))
            {
                Write(file, format, snapshot, origin);
            }
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Discard(partial);
            throw CommandException.Failed($"'{path}' cannot be written: {exception.Message}");
        }
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

    private static void Discard(string partial)
    {
        try
        {
            File.Delete(partial);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The error that brought us here is the one to tell.
        }
    }
}
