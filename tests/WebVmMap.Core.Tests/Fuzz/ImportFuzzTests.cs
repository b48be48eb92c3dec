using System.Text;
using WebVmMap.Core.Import;
using WebVmMap.Core.Snapshots;
using WebVmMap.Core.Tests.Import;
using WebVmMap.Core.Tests.Malformed;

namespace WebVmMap.Core.Tests.Fuzz;

/// <summary>
/// Whatever a file holds, reading it gives snapshots that can be stored, or one clear error, in memory that grows with the file and no
/// faster. Nothing here measures time: every reader goes over its input once, and sorts at most its rows.
/// </summary>
public sealed class ImportFuzzTests
{
    // Buffers, tables of 1,024 rows to begin with, the decoders' own.
    private const long Floor = 4 * 1024 * 1024;

    // The worst of what is meant to be read: a row of a dozen bytes becomes one of a table, of a sorted copy and of the completed table.
    private const long PerByte = 128;

    // What a .wvm may unpack to whatever its size: the largest body that no ratio is asked of, each byte of it a region.
    private const long Unpacked = 256 * 1024 * 1024;

    private static readonly Dictionary<string, byte[]> s_files = Files();

    public static TheoryData<string> Formats => [.. s_files.Keys];

    public static TheoryData<string> Hostile => [.. HostileFiles.All.Keys];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Read_MutatedFile_IsSnapshotsOrOneError(string format) => Fuzz(format, firstSeed: 0, seeds: 400);

    /// <summary>On demand and for as long as one likes: WEBVMMAP_FUZZ_SEEDS, 100,000 of each format by default.</summary>
    [Theory(Explicit = true)]
    [MemberData(nameof(Formats))]
    public void Read_MutatedFileForLong_IsSnapshotsOrOneError(string format) =>
        Fuzz(format, firstSeed: 1_000_000, seeds: int.TryParse(Environment.GetEnvironmentVariable("WEBVMMAP_FUZZ_SEEDS"), out var seeds) ? seeds : 100_000);

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Read_HostileFile_IsSnapshotsOrOneErrorInBoundedMemory(string name) => AssertIsRead(HostileFiles.All[name](), name);

    /// <summary>The files that are mutated are themselves read, or the mutations would test nothing but the first line.</summary>
    [Theory]
    [MemberData(nameof(Formats))]
    public void Read_FileAsItStands_IsASnapshot(string format) => Assert.NotEmpty(Importing.Read(s_files[format]).Snapshots);

    private static void Fuzz(string format, int firstSeed, int seeds)
    {
        var (read, refused) = (0, 0);
        for (var seed = firstSeed; seed < firstSeed + seeds; seed++)
        {
            if (AssertIsRead(new Mutator(seed).Mutate(s_files[format]), $"{format}, seed {seed}"))
            {
                read++;
            }
            else
            {
                refused++;
            }
        }
        // Mutations that all ended alike would not have reached the inside of the reader.
        Assert.True(read > 0 && refused > 0, $"{read} read, {refused} refused");
    }

    private static bool AssertIsRead(byte[] data, string what)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var (file, error) = Read(data, what);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        var unpacked = data.AsSpan().StartsWith("WVMS"u8) ? Unpacked : 0;
        Assert.True(allocated <= Floor + unpacked + PerByte * data.Length, $"{what}: {allocated} bytes allocated for {data.Length}");
        if (file is null)
        {
            Assert.Matches("^'fuzz' cannot be read as a snapshot\\. [A-Z'].*\\. Take the file again from where it was exported\\.$", error);
            Assert.InRange(error!.Length, 60, 600);
            return false;
        }
        foreach (var imported in file.Snapshots)
        {
            // What can be stored comes back as it was; the sums of it are those of no wrapped number.
            var snapshot = imported.Snapshot;
            var stored = SnapshotCodec.Decode(SnapshotCodec.Encode(snapshot));
            Assert.Equal(snapshot.Regions.Count, stored.Regions.Count);
            Assert.Equal(snapshot.Summary.Total, stored.Summary.Total);
            Assert.All(snapshot.Summary.Rows, row => Assert.True(row.Size >= 0 && row.Committed >= 0 && row.TotalWs >= 0, what));
        }
        return true;
    }

    private static (ImportedFile? File, string? Error) Read(byte[] data, string what)
    {
        try
        {
            return (SnapshotImport.Read(data, "fuzz", Importing.ReceivedAt, cancellation: TestContext.Current.CancellationToken), null);
        }
        catch (ImportException refused)
        {
            return (null, refused.Message);
        }
        catch (Exception other) when (other is not OperationCanceledException)
        {
            Assert.Fail($"{what}: {other}");
            throw;
        }
    }

    private static Dictionary<string, byte[]> Files()
    {
        var snapshot = SnapshotCodec.Decode(new RawSnapshot().ToBytes());
        var windows = Assert.Single(Importing.Read(VmMapFiles.Csv()).Snapshots).Snapshot;
        return new()
        {
            ["wvm"] = SnapshotCodec.Encode(windows),
            ["wvm, uncompressed"] = new RawSnapshot().ToBytes(),
            ["json"] = Importing.Json(windows),
            ["csv"] = Importing.Csv(windows),
            ["csv of Linux"] = Importing.Csv(snapshot),
            ["mmp"] = Importing.Mmp(windows),
            ["VMMap's csv"] = CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetBytes(VmMapFiles.Csv(thousands: "\u00A0")),
            ["VMMap's csv, UTF-16"] = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(VmMapFiles.Csv(';', "."))],
            ["VMMap's mmp"] = Encoding.UTF8.GetBytes(VmMapFiles.Mmp(nested: true, 134_083_008_000_000_000)),
            ["VMMap's mmp, flat"] = Encoding.UTF8.GetBytes(VmMapFiles.Mmp(nested: false, 134_083_008_000_000_000, 134_083_009_000_000_000)),
        };
    }
}
