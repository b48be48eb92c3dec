using System.Collections.Immutable;
using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Components.Text;

namespace WebVmMap.Hub.Components.Recordings;

/// <summary>What the figures of a recording are called, on pages, in addresses and towards the canvas.</summary>
internal static class MetricWords
{
    private static readonly (AllocationMetric Metric, string Key, string Title, string Meaning)[] s_words =
    [
        (AllocationMetric.LiveBytes, "liveBytes", "Live", "Bytes that were allocated in the span and are not freed at its end."),
        (AllocationMetric.LiveBlocks, "liveBlocks", "Blocks", "Blocks that were allocated in the span and are not freed at its end."),
        (AllocationMetric.AllocatedBytes, "allocatedBytes", "Allocated", "Bytes that were allocated in the span, freed since or not."),
        (AllocationMetric.Allocations, "allocations", "Allocations", "How many blocks were allocated in the span."),
        (AllocationMetric.FreedBytes, "freedBytes", "Freed", "Bytes that were freed in the span, whenever they were allocated."),
        (AllocationMetric.Frees, "frees", "Frees", "How many blocks were freed in the span."),
        (AllocationMetric.TemporaryBytes, "temporaryBytes", "Temporary", "Bytes that were freed in the span soon after they were allocated: how soon is chosen above."),
        (AllocationMetric.Temporaries, "temporaries", "Temporaries", "How many blocks were freed in the span soon after they were allocated."),
    ];

    /// <summary>All figures, in the order of the columns.</summary>
    public static ImmutableArray<AllocationMetric> All { get; } = [.. s_words.Select(word => word.Metric)];

    /// <summary>Its word in addresses and towards the canvas.</summary>
    public static string Key(AllocationMetric metric) => s_words[(int)metric].Key;

    /// <summary>The column's head.</summary>
    public static string Title(AllocationMetric metric) => s_words[(int)metric].Title;

    /// <summary>What it means, in one sentence.</summary>
    public static string Meaning(AllocationMetric metric) => s_words[(int)metric].Meaning;

    /// <summary>For a menu: "live bytes".</summary>
    public static string Lower(AllocationMetric metric) => metric == AllocationMetric.LiveBlocks ? "live blocks" : IsBytes(metric) ? $"{Title(metric).ToLowerInvariant()} bytes" : Title(metric).ToLowerInvariant();

    /// <summary>Whether its unit is bytes; else it is a count.</summary>
    public static bool IsBytes(AllocationMetric metric) => metric is AllocationMetric.LiveBytes or AllocationMetric.AllocatedBytes or AllocationMetric.FreedBytes or AllocationMetric.TemporaryBytes;

    /// <summary>A figure in a cell: rounded, nothing for zero.</summary>
    public static string Cell(AllocationMetric metric, long value) => IsBytes(metric) ? ByteText.Cell(value) : ByteText.CountCell(value);

    /// <summary>A figure in a sentence.</summary>
    public static string Text(AllocationMetric metric, long value) => IsBytes(metric) ? ByteText.Rounded(value) : ByteText.Count(value);

    /// <summary>How much a figure grew, in a cell: with its sign, nothing for zero.</summary>
    public static string Growth(AllocationMetric metric, long value) => value == 0 ? "" : $"{(value > 0 ? "+" : "\u2212")}{Cell(metric, Math.Abs(value))}";

    /// <summary>Reads <see cref="Key"/>.</summary>
    public static bool TryParse(string? key, out AllocationMetric metric)
    {
        var at = Array.FindIndex(s_words, word => word.Key == key);
        metric = at < 0 ? default : s_words[at].Metric;
        return at >= 0;
    }
}
