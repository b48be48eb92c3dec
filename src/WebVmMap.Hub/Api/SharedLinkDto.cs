using WebVmMap.Hub.Shares;

namespace WebVmMap.Hub.Api;

/// <summary>A share link, without its secret.</summary>
/// <param name="Id">By which it is revoked.</param>
/// <param name="Snapshot">The snapshot that it shows; null for a recording.</param>
/// <param name="CompareWith">For a comparison, the newer snapshot.</param>
/// <param name="Recording">The recording that it shows; null for a snapshot.</param>
/// <param name="Name">What the receiver reads.</param>
/// <param name="Note">What the receiver does not read.</param>
/// <param name="Redact">What the receiver does not get.</param>
/// <param name="State"><c>valid</c>, <c>expired</c> or <c>revoked</c>.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="CreatedBy">Who made it.</param>
/// <param name="ExpiresAt">When it ends by itself, UTC.</param>
/// <param name="RevokedAt">When it was revoked, UTC.</param>
/// <param name="OpenedCount">How often it was opened.</param>
/// <param name="LastOpenedAt">When it was opened last, UTC.</param>
internal sealed record SharedLinkDto(
    string Id, string? Snapshot, string? CompareWith, string? Recording, string Name, string Note, RedactDto Redact, string State, DateTime CreatedAt, string CreatedBy,
    DateTime ExpiresAt, DateTime? RevokedAt, long OpenedCount, DateTime? LastOpenedAt)
{
    public static SharedLinkDto Of(SharedLink link, DateTimeOffset now) => new(
        link.Id, link.Subject.RecordingId is null ? link.Subject.SnapshotId : null, link.Subject.SecondSnapshotId, link.Subject.RecordingId, link.Name, link.Note, RedactDto.Of(link.Redaction),
        link.RevokedAt is not null ? "revoked" : link.IsValid(now) ? "valid" : "expired",
        link.CreatedAt.UtcDateTime, link.CreatedBy, link.ExpiresAt.UtcDateTime, link.RevokedAt?.UtcDateTime, link.OpenedCount, link.LastOpenedAt?.UtcDateTime);
}
