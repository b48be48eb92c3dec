namespace WebVmMap.Core.Tests.Import;

/// <summary>
/// On demand: a CSV that VMMap itself has written, named by WEBVMMAP_VMMAP_CSV, sums to the summary that VMMap wrote into it. None is kept
/// here, for a memory map tells much of the machine it is of.
/// </summary>
public sealed class RealFileTests
{
    [Fact(Explicit = true)]
    public void Import_CsvOfVmMap_SumsToItsOwnSummary()
    {
        var path = Environment.GetEnvironmentVariable("WEBVMMAP_VMMAP_CSV");
        Assert.True(File.Exists(path), "Set WEBVMMAP_VMMAP_CSV to a CSV file saved by VMMap.");

        var snapshot = Assert.Single(Importing.Read(File.ReadAllBytes(path), path).Snapshots).Snapshot;

        Assert.DoesNotContain(snapshot.Notes, note => note.Text.Contains("own summary", StringComparison.Ordinal));
        foreach (var row in snapshot.Summary.Rows.Append(snapshot.Summary.Total))
        {
            TestContext.Current.SendDiagnosticMessage(
                $"{row.Name}: {row.Size / 1024} {row.Committed / 1024} {row.Private / 1024} {row.TotalWs / 1024} {row.PrivateWs / 1024} {row.ShareableWs / 1024} {row.SharedWs / 1024} {row.Blocks} {row.Largest / 1024}");
        }
        foreach (var note in snapshot.Notes)
        {
            TestContext.Current.SendDiagnosticMessage(note.Text);
        }
    }
}
