using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Recordings;
using WebVmMap.Hub.Tests.Hosting;
using Xunit;

namespace WebVmMap.Hub.Tests.Recordings;

/// <summary>What is read of a recording of a whole day, by the count: how long that takes is for the benchmark to say.</summary>
public sealed class RecordedDayTests
{
    private const string Id = "day";
    // A key frame and the segments until the next one.
    private const int RowsOfAnEnd = 1 + (RecordingStore.KeyIntervals / RecordingStore.SegmentIntervals);

    [Fact]
    public async Task Day_Opened_ReadsKeyFramesAndAnySpanFewSegmentsAndEveryFigureIsExact()
    {
        using var folder = new TestFolder();
        await using (var recorder = await TestHub.StartAsync(folder: folder))
        {
            await RecordedDay.StoreAsync(recorder.Get<RecordingStore>(), Id, RecordingFixture.Stop);
        }
        await using var hub = await TestHub.StartAsync(folder: folder);
        var recordings = hub.Get<IRecordings>();
        var reads = hub.Get<RecordingStore>().Reads;
        // What is known of it without what is in it costs a script that asks every second nothing.
        var known = await RecordingFixture.GetAsync(hub.Api, Id);
        Assert.Equal((RecordedDay.Intervals, 0L), (known.GetProperty("intervals").GetInt32(), reads.Rows));
        var stored = recordings.Find(Id)!.StoredBytes;

        var loaded = await hub.Get<LoadedRecordings>().GetAsync(Id, RecordedDay.Intervals, RecordingFixture.Stop);
        var (moments, times, footprint, ledger) = loaded.Read(state => (state.Timeline.Count, state.Ends.Count, state.Footprint, state.Ledger));
        Assert.Equal(footprint, loaded.Footprint);
        const int Keys = (RecordedDay.Intervals + RecordingStore.KeyIntervals - 1) / RecordingStore.KeyIntervals;
        Assert.Equal((RecordedDay.Intervals, Keys + 1L), (times, reads.Rows));
        Assert.InRange(reads.Bytes, 1, stored / 20);
        Assert.InRange(moments, RecordingTimeline.MaxMoments / 4, RecordingTimeline.MaxMoments);
        Assert.InRange(footprint, 1, 32 * 1024 * 1024);
        // More is kept of the day than births are told apart for one by one: of what is new they are.
        var width = ledger.Width;
        Assert.InRange(width, 2, 1024);
        Assert.InRange(ledger.Aged, RecordedDay.Intervals / 2, RecordedDay.Intervals - 20_002);

        const int Day = RecordedDay.Intervals;
        (int From, int To, int Exact)[] spans =
        [
            (0, Day, 0),
            (0, 200_001, 0),
            (width * 100, Day, width * 100),
            // As long as this, it begins at the last birth that is told apart.
            ((width * 100) + 1, Day, width * 100),
            (Day - 20_001, Day, Day - 20_001),
            (200_001, 200_001 + SpanReader.FineIntervals, 200_001),
            (Day - 2401, Day, Day - 2401),
            (100_001, 100_003, 100_001),
            (5_001, 5_001, 5_001),
        ];
        foreach (var (from, to, exact) in spans)
        {
            var before = reads.Rows;
            var span = await recordings.ReadSpanAsync(Id, _ => (from, to), (_, totals) => (totals.From, totals.To, totals.AskedFrom, Sites: totals.Sites.ToArray()), RecordingFixture.Stop);
            Assert.Equal((exact, to, from), (span.From, span.To, span.AskedFrom));
            Assert.InRange(reads.Rows - before, 0, Math.Max(2 * RowsOfAnEnd, (2 * SpanReader.FineIntervals / RecordingStore.SegmentIntervals) + 1));
            for (var site = 0; site < RecordedDay.Sites; site++)
            {
                Assert.Equal(RecordedDay.Count(site, exact, to), span.Sites[site]);
            }
        }
        // Asked again, as a page does with every moment, a span is not read again.
        var rows = new List<long>();
        for (var again = 0; again < 2; again++)
        {
            await recordings.ReadSpanAsync(Id, _ => (width * 100, Day), (_, totals) => totals.To, RecordingFixture.Stop);
            rows.Add(reads.Rows);
        }
        Assert.Equal(rows[0], rows[1]);
    }

    [Fact]
    public async Task Recording_ThatRunsAndGoesOnAfterRestart_GetsKeyFramesAndReadsNothingOlder()
    {
        const int Count = RecordingStore.KeyIntervals + 3;
        using var folder = new TestFolder();
        string id;
        await using (var hub = await TestHub.StartAsync(folder: folder))
        {
            await using var agent = await RecordingFixture.AgentAsync(hub);
            id = await RecordingFixture.StartAsync(hub.Api, agent);
            using var stream = agent.StreamRecording();
            await stream.OpenAsync(id);
            for (var i = 0; i < Count; i++)
            {
                await stream.SendAsync(RecordedScript.Interval(i));
            }
        }
        await using var restarted = await TestHub.StartAsync(folder: folder);
        var reads = restarted.Get<RecordingStore>().Reads;
        var total = await restarted.Get<IRecordings>().ReadAsync(id, state => state.Total, RecordingFixture.Stop);
        Assert.Equal(new AllocationFigures((100L * Count) + 20, Count + 2, 120L * Count, 3L * Count, 20L * (Count - 1), 2L * (Count - 1)), total);
        // What is new with the key frame, what it counted, and three intervals.
        Assert.Equal(5, reads.Rows);
        await using var again = await RecordingFixture.AgentAsync(restarted);
        using var goingOn = again.StreamRecording();
        Assert.Equal((uint)Count, await goingOn.OpenAsync(id));
        await goingOn.SendAsync(RecordedScript.Interval(Count));
        await goingOn.EndAsync();
        await RecordingFixture.WhenAsync(restarted, id, recording => recording.Phase == RecordingPhase.Stopped);
        Assert.Equal(
            new AllocationFigures(620, 8, 720, 18, 120, 12),
            await restarted.Get<IRecordings>().ReadSpanAsync(id, _ => (Count - 5, Count + 1), (_, span) => span.Sites[0] + span.Sites[1], RecordingFixture.Stop));
    }
}
