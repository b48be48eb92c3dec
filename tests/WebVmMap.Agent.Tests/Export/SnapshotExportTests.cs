using System.Text.Json;
using WebVmMap.Core.Export;
using WebVmMap.Core.Snapshots;
using WebVmMap.Testing.Probes;

namespace WebVmMap.Agent.Tests.Export;

public sealed class SnapshotExportTests
{
    private static readonly SnapshotOrigin s_origin = new("id-1", "host, \"one\"", "=1+1");

    [Fact]
    public void Json_Snapshot_HasTheFieldsOfTheApiAndSumsThatAgree()
    {
        var snapshot = Take(process => process.MapMany(10));
        using var stream = new MemoryStream();

        SnapshotJson.Write(stream, snapshot, s_origin);

        using var json = JsonDocument.Parse(stream.ToArray());
        var root = json.RootElement;
        Assert.Equal("id-1", root.GetProperty("id").GetString());
        Assert.Equal("=1+1", root.GetProperty("label").GetString());
        Assert.Equal(7, root.GetProperty("process").GetProperty("pid").GetInt32());
        Assert.EndsWith("Z", root.GetProperty("takenAt").GetString(), StringComparison.Ordinal);
        Assert.True(root.GetProperty("counters").GetProperty("swap").ValueKind == JsonValueKind.Null);
        var regions = root.GetProperty("regions").EnumerateArray().ToArray();
        Assert.Equal(snapshot.Allocations.Count, regions.Length);
        Assert.Equal(
            snapshot.Summary.Total.Size,
            regions.Where(region => region.GetProperty("category").GetString() != "Free").Sum(region => region.GetProperty("size").GetInt64()));
        Assert.Contains(regions, region => region.GetProperty("address").GetString() == "0x70000000");
    }

    [Theory]
    [InlineData("=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\"")]
    [InlineData("+1", "\"'+1\"")]
    [InlineData("-1", "\"'-1\"")]
    [InlineData("@SUM(A1)", "\"'@SUM(A1)\"")]
    [InlineData("\tx", "\"'\tx\"")]
    [InlineData("say \"hi\", please", "\"say \"\"hi\"\", please\"")]
    [InlineData("a=b", "\"a=b\"")]
    public void Csv_TextThatASpreadsheetWouldRun_IsMadeAText(string detail, string expected)
    {
        var snapshot = Take(process => process.Map(0x20000, 4096, detail));
        using var text = new StringWriter();

        SnapshotCsv.Write(text, snapshot, s_origin);

        Assert.Contains($"\"0x20000\",\"Private Data\",4096,4096,4096,4096,4096,0,0,0,1,\"rw-p\",{expected},0,0,0\r\n", text.ToString(), StringComparison.Ordinal);
    }

    private static Snapshot Take(Action<FakeProcess> prepare)
    {
        var host = new FakeHostProbe();
        prepare(host.Add(new FakeProcess(7)));
        Assert.True(host.Open(7, null).TryGet(out var probe));
        Assert.True(probe.TakeSnapshot(TestContext.Current.CancellationToken).TryGet(out var snapshot));
        return snapshot;
    }
}
