namespace WebVmMap.Hub.Schedules;

/// <summary>When an interval is due: at fixed moments counted from when it was made, so that a late run does not shift those after it.</summary>
internal static class ScheduleSlots
{
    /// <summary>True when a moment has come that was not tried yet.</summary>
    public static bool IsDue(Schedule schedule, DateTimeOffset now) =>
        schedule.LastTriedAt is not { } last || Slot(schedule, now) > Slot(schedule, last);

    /// <summary>How many moments passed untried before the one that is due now.</summary>
    public static long Missed(Schedule schedule, DateTimeOffset now) =>
        schedule.LastTriedAt is { } last ? Math.Max(0, Slot(schedule, now) - Slot(schedule, last) - 1) : 0;

    /// <summary>The next moment after now.</summary>
    public static DateTimeOffset Next(Schedule schedule, DateTimeOffset now) =>
        schedule.LastTriedAt is null ? now : schedule.CreatedAt + (Slot(schedule, now) + 1) * TimeSpan.FromMinutes(schedule.Minutes);

    // Rounds down also where the clock was set back to before the schedule was made.
    private static long Slot(Schedule schedule, DateTimeOffset at) =>
        (long)Math.Floor((at - schedule.CreatedAt) / TimeSpan.FromMinutes(schedule.Minutes));
}
