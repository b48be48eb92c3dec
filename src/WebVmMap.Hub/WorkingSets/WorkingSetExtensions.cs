namespace WebVmMap.Hub.WorkingSets;

/// <summary>Puts the emptying of working sets together.</summary>
internal static class WorkingSetExtensions
{
    public static IServiceCollection AddHubWorkingSets(this IServiceCollection services) => services.AddSingleton<IWorkingSets, WorkingSets>();
}
