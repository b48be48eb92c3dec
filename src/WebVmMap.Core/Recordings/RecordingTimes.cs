using System.Collections;

namespace WebVmMap.Core.Recordings;

/// <summary>When each interval of a recording ended, to the millisecond: eight bytes each, for a day of them is kept. Not thread-safe.</summary>
public sealed class RecordingTimes : IReadOnlyList<DateTimeOffset>
{
    private readonly List<long> _milliseconds = [];

    /// <inheritdoc/>
    public int Count => _milliseconds.Count;

    /// <inheritdoc/>
    public DateTimeOffset this[int index] => DateTimeOffset.FromUnixTimeMilliseconds(_milliseconds[index]);

    /// <inheritdoc/>
    public IEnumerator<DateTimeOffset> GetEnumerator()
    {
        for (var index = 0; index < Count; index++)
        {
            yield return this[index];
        }
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Add(DateTimeOffset time) => _milliseconds.Add(time.ToUnixTimeMilliseconds());
}
