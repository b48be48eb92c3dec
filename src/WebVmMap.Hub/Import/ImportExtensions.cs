using Microsoft.Extensions.DependencyInjection.Extensions;
using WebVmMap.Core.Import;

namespace WebVmMap.Hub.Import;

/// <summary>Puts the import of snapshots together.</summary>
internal static class ImportExtensions
{
    public static IServiceCollection AddHubImport(this IServiceCollection services)
    {
        services.TryAddSingleton(ImportLimits.Default);
        services.TryAddSingleton<ISnapshotImporter, SnapshotImporter>();
        return services;
    }
}
