using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Recordings;

/// <summary>Puts the recordings together.</summary>
internal static class RecordingExtensions
{
    public static IServiceCollection AddHubRecordings(this IServiceCollection services)
    {
        services.AddSingleton<RecordingStore>();
        services.AddSingleton(provider => new LoadedRecordings(provider.GetRequiredService<RecordingStore>()));
        services.AddSingleton<SpanReader>();
        services.AddSingleton<BigReads>();
        services.AddSingleton<EndBlocks>();
        services.AddSingleton<RecordedBlocks>();
        services.AddSingleton<RecordingBook>();
        services.AddSingleton<IRecordings>(provider => provider.GetRequiredService<RecordingBook>());
        services.AddSingleton<IRecordingReader>(provider => provider.GetRequiredService<RecordingBook>());
        services.AddSingleton<RecordingSources>();
        services.AddSingleton<SnapshotBlocks>();
        services.AddSingleton<ISnapshotRecordings>(provider => provider.GetRequiredService<SnapshotBlocks>());
        services.AddSingleton<ISnapshotBlocks>(provider => provider.GetRequiredService<SnapshotBlocks>());
        services.AddSingleton<IRecordingFeeds>(provider => provider.GetRequiredService<RecordingBook>());
        services.AddHostedService(provider => provider.GetRequiredService<RecordingBook>());
        return services;
    }
}
