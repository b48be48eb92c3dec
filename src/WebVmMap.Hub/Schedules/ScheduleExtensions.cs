namespace WebVmMap.Hub.Schedules;

/// <summary>Puts the schedules together.</summary>
internal static class ScheduleExtensions
{
    public static IServiceCollection AddHubSchedules(this IServiceCollection services)
    {
        services.AddSingleton<ScheduleBook>();
        services.AddSingleton<ISchedules>(provider => provider.GetRequiredService<ScheduleBook>());
        services.AddSingleton<ScheduleRunner>();
        services.AddHostedService(provider => provider.GetRequiredService<ScheduleRunner>());
        return services;
    }
}
