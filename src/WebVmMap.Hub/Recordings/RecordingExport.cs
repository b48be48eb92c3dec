using System.Globalization;
using System.Text;
using WebVmMap.Core.Export;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Recordings;

/// <summary>The files that a recording can be had as.</summary>
/// <param name="Name">The format as a parameter.</param>
/// <param name="Ending">Of the file's name.</param>
/// <param name="ContentType">Of the answer.</param>
internal sealed record RecordingExport(string Name, string Ending, string ContentType)
{
    private static readonly RecordingExport[] s_all =
    [
        new("pprof", "pb.gz", "application/octet-stream"),
        new("folded", "folded", "text/plain; charset=utf-8"),
        new("speedscope", "speedscope.json", "application/json"),
        new("wvmr", "wvmr", "application/octet-stream"),
    ];

    /// <summary>The names, for a message.</summary>
    public static string Names { get; } = string.Join(", ", s_all.Select(export => export.Name));

    /// <summary>Whether it has all of a recording; else a span of it.</summary>
    public bool IsComplete => Name == "wvmr";

    /// <summary>The one of that name, or null.</summary>
    public static RecordingExport? Find(string name) => Array.Find(s_all, export => export.Name == name);

    /// <summary>The one whose files end so.</summary>
    public static RecordingExport OfEnding(string ending) => s_all.First(export => export.Ending == ending);

    /// <summary>A name that tells process and time, in characters that every system takes.</summary>
    public string FileName(Recording recording) =>
        string.Create(CultureInfo.InvariantCulture, $"recording-{recording.Pid}-{recording.StartedAt.UtcDateTime:yyyyMMdd-HHmmss}.{Ending}");

    /// <summary>Writes a recording whole, as it is read: a day of it is never in memory at once.</summary>
    public static async Task WriteCompleteAsync(Stream output, IAsyncEnumerable<RecordingInterval> intervals, CancellationToken cancellation)
    {
        var part = new MemoryStream();
        RecordingFile.Begin(part);
        await foreach (var interval in intervals.WithCancellation(cancellation).ConfigureAwait(false))
        {
            RecordingFile.Append(part, interval);
            await output.WriteAsync(part.GetBuffer().AsMemory(0, (int)part.Length), cancellation).ConfigureAwait(false);
            part.SetLength(0);
        }
        // A recording without an interval is its head alone.
        await output.WriteAsync(part.GetBuffer().AsMemory(0, (int)part.Length), cancellation).ConfigureAwait(false);
    }

    /// <summary>Reads a span of a recording as a file in one of the other formats.</summary>
    /// <returns>Null where there is no such recording.</returns>
    /// <exception cref="Store.StoreException">The database refused.</exception>
    public Task<MemoryStream?> ReadAsync(
        IRecordingReader recordings, Recording recording, Func<RecordingState, (int From, int To)> span, AllocationMetric? metric, CancellationToken cancellation) =>
        recordings.ReadSpanAsync(
            recording.Id,
            span,
            (state, totals) =>
            {
                var written = new MemoryStream();
                Write(written, state, totals, metric ?? AllocationMetric.LiveBytes, recording);
                written.Position = 0;
                return written;
            },
            cancellation);

    private void Write(Stream output, RecordingState state, SpanTotals span, AllocationMetric metric, Recording recording)
    {
        if (Name == "pprof")
        {
            var from = span.From == 0 ? recording.StartedAt : state.Ends[span.From - 1];
            var to = span.To == 0 ? from : state.Ends[span.To - 1];
            PprofProfile.Write(output, state, span, from, to > from ? to - from : TimeSpan.Zero);
            return;
        }
        var tree = CallTree.Of(state, span, new CallTreeOptions { Metric = metric, Kind = AllocationKind.Heap });
        if (Name == "speedscope")
        {
            SpeedscopeProfile.Write(output, tree, FileName(recording));
            return;
        }
        using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        FoldedStacks.Write(writer, tree);
    }
}
