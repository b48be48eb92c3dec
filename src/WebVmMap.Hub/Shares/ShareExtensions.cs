namespace WebVmMap.Hub.Shares;

/// <summary>Puts share links together.</summary>
internal static class ShareExtensions
{
    public static IServiceCollection AddHubShares(this IServiceCollection services)
    {
        services.AddSingleton<RedactedSnapshots>();
        services.AddSingleton<ShareMisses>();
        services.AddSingleton<Shares>();
        services.AddSingleton<IShares>(provider => provider.GetRequiredService<Shares>());
        services.AddHostedService<ShareWatchdog>();
        return services;
    }
}
