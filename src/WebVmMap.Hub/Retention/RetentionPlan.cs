namespace WebVmMap.Hub.Retention;

/// <summary>Which snapshots, or which recordings, of one host are over the limits.</summary>
internal static class RetentionPlan
{
    /// <summary>Those that go, oldest first.</summary>
    /// <param name="newestFirst">Those of the host that are not pinned.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="now">The present.</param>
    public static IReadOnlyList<(KeptItem Item, RetentionReason Reason)> Excess(
        IReadOnlyList<KeptItem> newestFirst, RetentionLimits limits, DateTimeOffset now)
    {
        var excess = new List<(KeptItem, RetentionReason)>();
        var (count, bytes) = (0, 0L);
        foreach (var item in newestFirst)
        {
            if (limits.Days > 0 && now - item.TakenAt > TimeSpan.FromDays(limits.Days))
            {
                excess.Add((item, RetentionReason.Age));
            }
            else if (limits.CountPerHost > 0 && count >= limits.CountPerHost)
            {
                excess.Add((item, RetentionReason.Count));
            }
            // Once one does not fit, no older one stays in its place; the newest stays even when it alone is too large.
            else if (limits.BytesPerHost > 0 && count > 0 && bytes + item.StoredBytes > limits.BytesPerHost)
            {
                bytes = limits.BytesPerHost;
                excess.Add((item, RetentionReason.Size));
            }
            else
            {
                count++;
                bytes += item.StoredBytes;
            }
        }
        excess.Reverse();
        return excess;
    }
}
