using WebVmMap.Hub.Hosts;

namespace WebVmMap.Hub.Live;

/// <summary>Where samples enter. Thread-safe.</summary>
internal interface ISampleFeeds
{
    /// <summary>The feed of a watch, or null when nobody watches under that id (any more).</summary>
    Task<ISampleFeed?> OpenAsync(string watchId, CancellationToken cancellation);

    /// <summary>A watch could not begin.</summary>
    void Failed(string watchId, AgentFailure failure, string message);
}
