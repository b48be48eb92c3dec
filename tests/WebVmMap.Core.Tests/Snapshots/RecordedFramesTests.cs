using System.Text.Json;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Core.Tests.Snapshots;

/// <summary>
/// The bytes in tests/Shared/frames: they change only when the format does. After such a change run these tests once with
/// WEBVMMAP_RECORD=1, which writes the files anew, and read the difference.
/// </summary>
public sealed class RecordedFramesTests
{
    public static TheoryData<string> Names => [.. RecordedScenarios.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Encode_Scenario_GivesTheRecordedBytes(string name)
    {
        var made = JsonSerializer.Serialize(RecordedScenarios.All[name](), SharedFiles.Json) + "\n";
        var path = Path.Combine("frames", name);
        if (Environment.GetEnvironmentVariable("WEBVMMAP_RECORD") == "1")
        {
            File.WriteAllText(SharedFiles.PathOf(path), made);
        }
        Assert.Equal(SharedFiles.Read(path), made);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Apply_RecordedFrames_GivesTheRecordedRows(string name)
    {
        var stream = JsonSerializer.Deserialize<RecordedStream>(SharedFiles.Read(Path.Combine("frames", name)), SharedFiles.Json)!;
        Assert.Equal(RecordedStream.RowColumns, stream.Columns);
        var decoder = new FrameDecoder(new ProcessInfo { Key = new ProcessKey(1, 1), Name = "" });
        foreach (var frame in stream.Frames)
        {
            var bytes = Convert.FromBase64String(frame.Base64);
            Assert.Equal(FrameOutcome.Applied, decoder.Apply(bytes));
            Assert.Equivalent(frame, RecordedStream.Expect(bytes, decoder.Sequence, decoder.Current!, stream.IncludeGaps), strict: true);
        }
        Assert.Contains(stream.Frames, frame => !frame.Key);
    }
}
