namespace WebVmMap.Hub.Store;

/// <summary>How far the reading of a trend is.</summary>
/// <param name="Read">Snapshots that have been read.</param>
/// <param name="Of">Snapshots that will be.</param>
public readonly record struct TrendProgress(int Read, int Of);
