using Microsoft.AspNetCore.SignalR;

namespace WebVmMap.Hub.Live;

/// <summary>The streams of one connection. Thread-safe.</summary>
internal sealed class StreamCount
{
    /// <summary>Most streams at a time over one connection: one page needs one.</summary>
    public const int Most = 8;

    private int _count;

    /// <summary>The count of a caller's connection.</summary>
    public static StreamCount Of(HubCallerContext context)
    {
        lock (context.Items)
        {
            if (context.Items.TryGetValue(typeof(StreamCount), out var kept) && kept is StreamCount count)
            {
                return count;
            }
            var made = new StreamCount();
            context.Items[typeof(StreamCount)] = made;
            return made;
        }
    }

    /// <summary>One more; false when there are as many as may be.</summary>
    public bool TryTake()
    {
        if (Interlocked.Increment(ref _count) <= Most)
        {
            return true;
        }
        Release();
        return false;
    }

    /// <summary>One has ended.</summary>
    public void Release() => Interlocked.Decrement(ref _count);
}
