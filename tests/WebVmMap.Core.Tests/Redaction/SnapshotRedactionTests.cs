using CsCheck;
using WebVmMap.Core.Redaction;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Core.Tests.Generators;

namespace WebVmMap.Core.Tests.Redaction;

public sealed class SnapshotRedactionTests
{
    [Fact]
    public void Redact_Any_KeepsEveryFigureAndAddress() => SnapshotGen.Any.Sample(snapshot =>
    {
        var redacted = snapshot.Redact(RedactionRules.All);
        Assert.Equal(snapshot.Regions.Addresses.ToArray(), redacted.Regions.Addresses.ToArray());
        Assert.Equal(snapshot.Regions.AllocationBases.ToArray(), redacted.Regions.AllocationBases.ToArray());
        Assert.Equal(snapshot.Regions.Categories.ToArray(), redacted.Regions.Categories.ToArray());
        Assert.Equal(snapshot.Regions.Protections.ToArray(), redacted.Regions.Protections.ToArray());
        for (var metric = 0; metric < RegionTable.StoredMetrics; metric++)
        {
            Assert.Equal(snapshot.Regions.Column((RegionMetric)metric).ToArray(), redacted.Regions.Column((RegionMetric)metric).ToArray());
        }
        Assert.Equal(snapshot.Summary.Total, redacted.Summary.Total);
        Assert.Equal(("", ""), (redacted.Process.CommandLine, redacted.Process.User));
        // What is stored of it can be read again.
        Assert.Equal(redacted.Regions.Strings.Length, SnapshotCodec.Decode(SnapshotCodec.Encode(redacted)).Regions.Strings.Length);
    });

    [Fact]
    public void Redact_Any_EveryDetailIsTheRedactedOneOfItsRow() => SnapshotGen.Any.Sample(snapshot =>
    {
        var rules = new RedactionRules(false, true, true);
        var redactor = new TextRedactor(rules, snapshot.Process.User);
        var redacted = snapshot.Redact(rules);
        for (var row = 0; row < snapshot.Regions.Count; row++)
        {
            Assert.Equal(redactor.Apply(snapshot.Regions.DetailText(row)), redacted.Regions.DetailText(row));
        }
    });

    [Fact]
    public void Redact_Nothing_IsTheSame() => SnapshotGen.Any.Sample(snapshot => Assert.Same(snapshot, snapshot.Redact(default)));

    [Fact]
    public void WithTexts_TextsNobodyRefersTo_AreLeftOut()
    {
        var builder = new RegionTableBuilder();
        builder.Add(new Region { Address = 0x10000, Size = 4096, AllocationBase = 0x10000, Category = RegionCategory.Image, Detail = 2 });
        var table = builder.Build(["", "/secret", "/lib/x"]).WithTexts(text => text.ToUpperInvariant());
        Assert.Equal(["", "/LIB/X"], table.Strings);
        Assert.Equal("/LIB/X", table.DetailText(0));
    }
}
