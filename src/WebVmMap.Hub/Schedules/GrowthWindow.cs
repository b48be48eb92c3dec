namespace WebVmMap.Hub.Schedules;

/// <summary>
/// The private bytes of one process over the last hour, and how fast they grow: the slope of the straight line that fits them best,
/// so that neither a burst nor one collection of garbage counts as growth. Not thread-safe.
/// </summary>
internal sealed class GrowthWindow
{
    /// <summary>How far back it looks.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromHours(1);

    /// <summary>How long it looks before it tells a slope.</summary>
    public static readonly TimeSpan Minimum = TimeSpan.FromMinutes(10);

    // A check a minute makes 61.
    private const int MaximumSamples = 128;

    private readonly Queue<(DateTimeOffset At, long Bytes)> _samples = new();

    /// <summary>Adds what was seen at a moment, later than those before.</summary>
    public void Add(DateTimeOffset at, long bytes)
    {
        _samples.Enqueue((at, bytes));
        while (_samples.Count > MaximumSamples || at - _samples.Peek().At > Length)
        {
            _samples.Dequeue();
        }
    }

    /// <summary>Bytes per hour; null before <see cref="Minimum"/> has been seen.</summary>
    public double? BytesPerHour()
    {
        if (_samples.Count < 3)
        {
            return null;
        }
        var begin = _samples.Peek().At;
        var (n, sumX, sumY, sumXX, sumXY, last) = (0, 0.0, 0.0, 0.0, 0.0, 0.0);
        var origin = _samples.Peek().Bytes;
        foreach (var (at, bytes) in _samples)
        {
            var x = (at - begin).TotalHours;
            // From the first one on: differences keep their digits where the bytes themselves are huge.
            double y = bytes - origin;
            (n, sumX, sumY, sumXX, sumXY, last) = (n + 1, sumX + x, sumY + y, sumXX + x * x, sumXY + x * y, x);
        }
        return last < Minimum.TotalHours ? null : (n * sumXY - sumX * sumY) / (n * sumXX - sumX * sumX);
    }
}
