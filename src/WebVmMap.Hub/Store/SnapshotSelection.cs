using System.Linq.Expressions;
using WebVmMap.Hub.Store.Records;

namespace WebVmMap.Hub.Store;

/// <summary>A <see cref="SnapshotQuery"/> as the database runs it.</summary>
internal static class SnapshotSelection
{
    // More words than anybody types, fewer than would cost the database much.
    private const int MaximumWords = 16;

    public static IQueryable<SnapshotRecord> Matching(this IQueryable<SnapshotRecord> snapshots, SnapshotQuery query)
    {
        if (query.HostId is { } host)
        {
            snapshots = snapshots.Where(s => s.HostId == host);
        }
        if (query.Pid is { } pid)
        {
            snapshots = snapshots.Where(s => s.Pid == pid);
        }
        if (query.StartStamp is { } stamp)
        {
            snapshots = snapshots.Where(s => s.StartStamp == stamp);
        }
        if (query.StartTime is { } start)
        {
            snapshots = snapshots.Where(s => s.StartTime == start);
        }
        if (query.ProcessName is { } process)
        {
            snapshots = snapshots.Where(s => s.ProcessName == process);
        }
        if (query.From is { } from)
        {
            snapshots = snapshots.Where(s => s.TakenAt >= from);
        }
        if (query.To is { } to)
        {
            snapshots = snapshots.Where(s => s.TakenAt < to);
        }
        if (query.Pinned is { } pinned)
        {
            snapshots = snapshots.Where(s => s.Pinned == pinned);
        }
        if (query.Cause is { } cause)
        {
            snapshots = snapshots.Where(s => s.Cause == cause);
        }
        if (query.ScheduleId is { } schedule)
        {
            snapshots = snapshots.Where(s => s.ScheduleId == schedule);
        }
        foreach (var word in SearchText.Fold(query.Name ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(MaximumWords))
        {
            snapshots = snapshots.Where(s => s.SearchText.Contains(word));
        }
        return snapshots;
    }

    public static IQueryable<SnapshotRecord> Ordered(this IQueryable<SnapshotRecord> snapshots, SnapshotQuery query) => query.Order switch
    {
        SnapshotOrder.Process => snapshots.By(s => s.ProcessName, query.Ascending),
        SnapshotOrder.Host => snapshots.By(s => s.HostName, query.Ascending),
        SnapshotOrder.Private => snapshots.By(s => s.Private, query.Ascending),
        SnapshotOrder.Committed => snapshots.By(s => s.Committed, query.Ascending),
        SnapshotOrder.TotalWs => snapshots.By(s => s.TotalWs, query.Ascending),
        SnapshotOrder.StoredBytes => snapshots.By(s => s.StoredBytes, query.Ascending),
        _ when query.Ascending => snapshots.OrderBy(s => s.TakenAt).ThenBy(s => s.Id),
        _ => snapshots.OrderByDescending(s => s.TakenAt).ThenByDescending(s => s.Id),
    };

    private static IQueryable<SnapshotRecord> By<T>(this IQueryable<SnapshotRecord> snapshots, Expression<Func<SnapshotRecord, T>> key, bool ascending) =>
        (ascending ? snapshots.OrderBy(key) : snapshots.OrderByDescending(key)).ThenByDescending(s => s.TakenAt).ThenByDescending(s => s.Id);
}
