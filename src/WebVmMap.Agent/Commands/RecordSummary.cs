using System.Globalization;
using System.Text;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Agent.Commands;

/// <summary>What <c>record</c> says of what it recorded.</summary>
internal static class RecordSummary
{
    private const int TopFunctions = 10;

    /// <summary>Of one process.</summary>
    public static string Of(RecordingState state)
    {
        var (total, health) = (state.Total, state.Health);
        var text = new StringBuilder();
        if (health.SampleBytes > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"Sampled, one allocation in {health.SampleBytes:N0} bytes on average: all figures are estimates.");
        }
        text.AppendLine(CultureInfo.InvariantCulture, $"{total.Allocations:N0} allocations, {total.AllocatedBytes:N0} bytes; {total.LiveBlocks:N0} blocks of {total.LiveBytes:N0} bytes live at the end.");
        if (health.Before == HeapBefore.Counted)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{state.Before.LiveBlocks:N0} blocks of {state.Before.LiveBytes:N0} bytes of them were there before the recording.");
        }
        else if (HeapBeforeWords.Reason(health.Before) is { Length: > 0 } reason)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"Before the recording: not counted, {reason}.");
        }
        if (health.BeforeUnwalkedBytes > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{health.BeforeUnwalkedBytes:N0} bytes of the heap could not be walked: what was there before is more by up to as much.");
        }
        if (health.DroppedEvents > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{health.DroppedEvents:N0} events were lost, and are missing from the figures.");
            if (health.LostBlocks > 0)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"But {health.LostBlocks:N0} allocations of {health.LostBytes:N0} bytes {(health.SampleBytes > 0 ? "that they stand for" : "among them")} count as allocated without a stack, and not as live.");
            }
        }
        foreach (var (function, blocks, bytes) in Leaders(state))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{bytes,15:N0} bytes live in {blocks,9:N0} blocks of {function}");
        }
        return text.ToString();
    }

    /// <summary>Of the processes that one started, one after the other as they came.</summary>
    /// <param name="pid">The first one.</param>
    /// <param name="children">What was recorded of them.</param>
    /// <param name="notFollowed">How many more there were.</param>
    public static string Of(int pid, IReadOnlyList<RecordedChild> children, long notFollowed)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Process {pid} and those that it started were {children.Count + 1:N0} in all:");
        foreach (var child in children)
        {
            var what = child.Error.Length > 0 ? child.Error
                : child.File.Length == 0 ? "nothing allocated, no file"
                : string.Create(CultureInfo.InvariantCulture, $"{child.Total.Allocations:N0} allocations, {child.Total.AllocatedBytes:N0} bytes in {child.File}");
            text.AppendLine(CultureInfo.InvariantCulture, $"{child.Pid,10} of {child.ParentPid}, {(child.Program.Length > 0 ? child.Program : "a program without a name")}: {what}");
            if (child.DroppedEvents > 0)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"{"",10} {child.DroppedEvents:N0} of its events were lost.");
            }
        }
        if (notFollowed > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{notFollowed:N0} more could not be followed: too many at once or in all{(OperatingSystem.IsWindows() ? ", or 32-bit, debugged or not this user's to open" : "")}.");
        }
        return text.ToString();
    }

    // The functions that allocated what is live. By the innermost frame alone: a whole tree of a hundred thousand stacks would take longer than some programs run.
    private static IEnumerable<(string Function, long Blocks, long Bytes)> Leaders(RecordingState state)
    {
        var totals = SpanTotals.Whole(state);
        var byFunction = new Dictionary<string, (long Blocks, long Bytes)>();
        for (var site = 0; site < state.Sites.Count; site++)
        {
            if (state.Sites[site].Kind == AllocationKind.Heap && totals.Sites[site] is { LiveBytes: > 0 } figures)
            {
                var function = SiteCalls.Innermost(state, site).Function;
                var (blocks, bytes) = byFunction.GetValueOrDefault(function);
                byFunction[function] = (blocks + figures.LiveBlocks, bytes + figures.LiveBytes);
            }
        }
        return byFunction.OrderByDescending(pair => pair.Value.Bytes).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(TopFunctions)
            .Select(pair => (pair.Key, pair.Value.Blocks, pair.Value.Bytes));
    }
}
