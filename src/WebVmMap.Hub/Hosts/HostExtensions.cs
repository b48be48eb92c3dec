namespace WebVmMap.Hub.Hosts;

/// <summary>Puts the directory of hosts together.</summary>
internal static class HostExtensions
{
    public static IServiceCollection AddHubHosts(this IServiceCollection services)
    {
        services.AddSingleton<HostDirectory>();
        services.AddSingleton<IHostDirectory>(provider => provider.GetRequiredService<HostDirectory>());
        services.AddHostedService<LastSeenWriter>();
        return services;
    }
}
