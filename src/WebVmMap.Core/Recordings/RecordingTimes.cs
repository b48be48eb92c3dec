using System.Collections;

namespace WebVmMap.Core.Recordings;

/// <summary>When each interval of a recording ended, to the millisecond: eight bytes each, for a day of them is kept. Not thread-safe.</summary>
public sealed class RecordingTimes : IReadOnlyList<DateTimeOffset>
{
    private readonly GrowingList<long> _milliseconds;

    /// <summary>None yet.</summary>
    public RecordingTimes()
        : this(new())
    {
    }

    private RecordingTimes(GrowingList<long> milliseconds) => _milliseconds = milliseconds;

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

    /// <summary>The times as they are now, which never change.</summary>
    internal RecordingTimes View() => new(_milliseconds.View());

    internal void Add(DateTimeOffset time) => _milliseconds.Add(time.ToUnixTimeMilliseconds());
}
