using System.Text.Json.Serialization;

namespace WebVmMap.Hub.Api;

/// <summary>A wish for a share link; everything may be left out.</summary>
/// <param name="ExpiresIn"><c>7d</c> (the default), <c>12h</c>, <c>30m</c>; an ISO 8601 duration as <c>P7D</c> or <c>PT12H</c>; or a number of seconds. At most 90 days.</param>
/// <param name="Name">What the receiver reads above the picture.</param>
/// <param name="Note">Your own words about the link; the receiver does not see them.</param>
/// <param name="View">How the receiver is to see it at first: the query of a page's address.</param>
/// <param name="CompareWith">Id of a newer snapshot: the link then shows the comparison. Not for recordings.</param>
/// <param name="Redact">What the receiver does not get; all of it unless said otherwise.</param>
internal sealed record ShareDto(
    [property: JsonConverter(typeof(LifetimeJsonConverter))] string? ExpiresIn = null,
    string? Name = null, string? Note = null, string? View = null, string? CompareWith = null, RedactDto? Redact = null);
