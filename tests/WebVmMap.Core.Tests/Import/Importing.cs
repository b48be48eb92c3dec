using System.Text;
using WebVmMap.Core.Export;
using WebVmMap.Core.Import;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Core.Tests.Import;

/// <summary>Writes snapshots as files and reads files as snapshots.</summary>
internal static class Importing
{
    public static readonly DateTimeOffset ReceivedAt = new(2026, 11, 22, 20, 0, 0, TimeSpan.Zero);
    public static readonly SnapshotOrigin Origin = new("id-1", "host, \"one\"?>", "=1+1");

    public static ImportedFile Read(byte[] data, string name = "file.bin") => SnapshotImport.Read(data, name, ReceivedAt, cancellation: TestContext.Current.CancellationToken);

    public static ImportedFile Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    /// <summary>The only snapshot of a file.</summary>
    public static Snapshot ReadOne(string text) => Assert.Single(Read(text).Snapshots).Snapshot;

    public static string Error(byte[] data) => Assert.Throws<ImportException>(() => Read(data)).Message;

    public static string Error(string text) => Error(Encoding.UTF8.GetBytes(text));

    public static byte[] Csv(Snapshot snapshot, SnapshotOrigin? origin = null)
    {
        using var text = new StringWriter();
        SnapshotCsv.Write(text, snapshot, origin ?? Origin);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    public static byte[] Json(Snapshot snapshot, SnapshotOrigin? origin = null) => Bytes(output => SnapshotJson.Write(output, snapshot, origin ?? Origin));

    public static byte[] Mmp(Snapshot snapshot, SnapshotOrigin? origin = null) => Bytes(output => SnapshotMmp.Write(output, snapshot, origin ?? Origin));

    private static byte[] Bytes(Action<Stream> write)
    {
        using var output = new MemoryStream();
        write(output);
        return output.ToArray();
    }
}
