namespace WebVmMap.Hub.Processes;

/// <summary>Puts the process lists together.</summary>
internal static class ProcessExtensions
{
    public static IServiceCollection AddHubProcesses(this IServiceCollection services) =>
        services.AddSingleton<IProcessDirectory, ProcessDirectory>();
}
