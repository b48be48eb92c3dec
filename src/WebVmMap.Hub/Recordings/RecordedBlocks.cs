using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Hosts;

namespace WebVmMap.Hub.Recordings;

/// <summary>
/// The live blocks of recordings, for pages and scripts alike: what is asked in a person's terms becomes a question of sites and intervals, and
/// what is found gets its time and its stack. Thread-safe.
/// </summary>
public sealed class RecordedBlocks(IRecordingReader recordings, TimeProvider time)
{
    /// <summary>Most blocks that may be skipped and asked for together.</summary>
    public const int MaximumDepth = 100_000;

    /// <summary>Most bounds of groups.</summary>
    public const int MaximumBounds = 200_000;

    /// <summary>The blocks that fit, of now or of the recording's end.</summary>
    /// <returns>Null where there is no such recording.</returns>
    /// <exception cref="ArgumentException">The question is none; the message says why.</exception>
    /// <exception cref="AgentRequestException">The agent did not tell, or nothing was kept; the message says why.</exception>
    /// <exception cref="Store.StoreException">The database refused.</exception>
    public async Task<BlockList?> FindAsync(string id, BlockListQuestion question, CancellationToken cancellation)
    {
        if (recordings.Find(id) is not { } recording)
        {
            return null;
        }
        if (question.Call.Length > 0 && !CallTreeTokens.TryRead(question.Call, out _))
        {
            throw new ArgumentException($"\"{question.Call}\" is no call of a call tree.");
        }
        if ((long)question.Skip + question.Top > MaximumDepth || question.Bounds.Length > MaximumBounds || question.Ranges.Length > MaximumBounds / 2)
        {
            throw new ArgumentException($"At most the first {MaximumDepth} blocks can be told one by one, and {MaximumBounds} groups or half as many ranges be asked for.");
        }
        var asked = await recordings.ReadAsync(id, state => Translate(recording, state, question), cancellation).ConfigureAwait(false);
        if (asked is null)
        {
            return null;
        }
        var found = await recordings.FindBlocksAsync(id, asked, cancellation).ConfigureAwait(false);
        return await recordings.ReadAsync(id, state => new BlockList(
            [.. found.Found.Blocks.Select(block => RecordedBlock.Of(state, block))],
            found.Found.Count,
            found.Found.Bytes,
            found.Found.Groups,
            found.IsLive,
            found.IsLive || state.Intervals == 0 ? time.GetUtcNow() : state.Ends[^1],
            found.LeftOutBlocks,
            found.LeftOutBytes), cancellation).ConfigureAwait(false);
    }

    private static BlockQuestion Translate(Recording recording, RecordingState state, BlockListQuestion question)
    {
        var calls = question.Calls;
        var sites = Sites(state, question);
        return new BlockQuestion
        {
            Address = question.Address,
            Ranges = question.Ranges,
            Sites = sites,
            // The end of the span is no bound of its own: what was allocated in it and is live.
            Born = calls.From.Length + calls.To.Length == 0 ? null : SpanOfTime.Find(recording, state.Ends, calls.From, calls.To),
            MinSize = question.MinSize,
            Order = question.Order,
            Skip = question.Skip,
            Top = question.Top,
            Bounds = question.Bounds,
        };
    }

    private static SiteSet? Sites(RecordingState state, BlockListQuestion question)
    {
        var calls = question.Calls;
        SiteSet? under = null;
        if (question.Call.Length > 0 || calls.Kind is not null || calls.Size is not null)
        {
            CallTreeTokens.TryRead(question.Call, out var call);
            under = CallSites.Under(
                state,
                new CallTreeOptions { View = calls.View, Kind = calls.Kind, SizeClass = calls.Size, CollapseRecursion = calls.CollapseRecursion, MergeLines = !calls.SplitLines },
                calls.HideSystem ? place => state.IsSystem(place.Module) : null,
                call);
        }
        if (question.Function.Length == 0)
        {
            return under;
        }
        var through = CallSites.Through(state, place => place.Function == question.Function);
        return under is null ? through : SiteSet.Of(state.Sites.Count, site => under.Contains(site) && through.Contains(site));
    }
}
