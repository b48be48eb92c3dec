namespace WebVmMap.Hub.Api;

/// <summary>What to change about a schedule or rule; what is absent stays.</summary>
/// <param name="Enabled">False pauses it, true goes on.</param>
/// <param name="EveryMinutes">Of a schedule, how often.</param>
/// <param name="PrivateAbove">Of a rule for private bytes, the limit.</param>
/// <param name="GrowthPerHourAbove">Of a rule for growth, the limit.</param>
/// <param name="CoolDownMinutes">Of a rule, the least time between two snapshots of one process.</param>
/// <param name="Label">Label of the snapshots.</param>
internal sealed record ChangeScheduleDto(bool? Enabled, int? EveryMinutes, long? PrivateAbove, long? GrowthPerHourAbove, int? CoolDownMinutes, string? Label);
