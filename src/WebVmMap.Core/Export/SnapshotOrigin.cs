namespace WebVmMap.Core.Export;

/// <summary>What an export says of a snapshot beyond what the snapshot itself holds.</summary>
/// <param name="Id">Its id in a hub's store; null for one that was never stored.</param>
/// <param name="Host">The host it was taken on.</param>
/// <param name="Label">The user's words for it; empty when none.</param>
public sealed record SnapshotOrigin(string? Id, string Host, string Label);
