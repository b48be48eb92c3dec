namespace WebVmMap.Hub.Retention;

/// <summary>Puts retention together.</summary>
internal static class RetentionExtensions
{
    public static IServiceCollection AddHubRetention(this IServiceCollection services)
    {
        services.AddSingleton<DatabaseSpace>();
        services.AddSingleton<IRetention, RetentionBook>();
        services.AddSingleton<RetentionKeeper>();
        services.AddHostedService(provider => provider.GetRequiredService<RetentionKeeper>());
        return services;
    }
}
