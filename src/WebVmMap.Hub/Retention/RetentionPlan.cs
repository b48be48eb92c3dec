namespace WebVmMap.Hub.Retention;

/// <summary>Which snapshots of one host are over the limits.</summary>
internal static class RetentionPlan
{
    /// <summary>Those that go, oldest first.</summary>
    /// <param name="newestFirst">The host's snapshots that are not pinned.</param>
    /// <param name="settings">The limits.</param>
    /// <param name="now">The present.</param>
    public static IReadOnlyList<(KeptSnapshot Snapshot, RetentionReason Reason)> Excess(
        IReadOnlyList<KeptSnapshot> newestFirst, RetentionSettings settings, DateTimeOffset now)
    {
        var excess = new List<(KeptSnapshot, RetentionReason)>();
        var (count, bytes) = (0, 0L);
        foreach (var snapshot in newestFirst)
        {
            if (settings.Days > 0 && now - snapshot.TakenAt > TimeSpan.FromDays(settings.Days))
            {
                excess.Add((snapshot, RetentionReason.Age));
            }
            else if (settings.CountPerHost > 0 && count >= settings.CountPerHost)
            {
                excess.Add((snapshot, RetentionReason.Count));
            }
            // Once one does not fit, no older one stays in its place; the newest stays even when it alone is too large.
            else if (settings.BytesPerHost > 0 && count > 0 && bytes + snapshot.StoredBytes > settings.BytesPerHost)
            {
                bytes = settings.BytesPerHost;
                excess.Add((snapshot, RetentionReason.Size));
            }
            else
            {
                count++;
                bytes += snapshot.StoredBytes;
            }
        }
        excess.Reverse();
        return excess;
    }
}
