using WebVmMap.Hub.Store.Records;

namespace WebVmMap.Hub.Schedules;

/// <summary>A schedule in words.</summary>
internal static class ScheduleText
{
    private const double BytesPerMib = 1 << 20;

    /// <summary>What it watches and when it takes a snapshot.</summary>
    public static string Of(Schedule schedule) => $"{Process(schedule)} on {schedule.HostId}: {When(schedule)}";

    /// <summary>What it watches.</summary>
    public static string Process(Schedule schedule) =>
        schedule.Pid is { } pid ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{schedule.ProcessName} ({pid})") : $"every {schedule.ProcessName}";

    /// <summary>When it takes a snapshot.</summary>
    public static string When(Schedule schedule) => schedule.Trigger switch
    {
        ScheduleTrigger.Interval => $"every {Minutes(schedule.Minutes)}",
        ScheduleTrigger.PrivateAbove => $"private bytes above {Mib(schedule.LimitBytes)}, at most every {Minutes(schedule.Minutes)}",
        _ => $"growth above {Mib(schedule.LimitBytes)} per hour, at most every {Minutes(schedule.Minutes)}",
    };

    private static string Minutes(int minutes) => minutes % 60 == 0 ? $"{minutes / 60} h" : $"{minutes} min";

    private static string Mib(long bytes) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{bytes / BytesPerMib:0.##} MiB");
}
