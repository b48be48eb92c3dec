namespace WebVmMap.Hub.Store;

/// <summary>Who did what, when.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Who">Name of the person or key.</param>
/// <param name="Action">What was done: one of <see cref="AuditActions"/>.</param>
/// <param name="Target">Id of what it was done to.</param>
/// <param name="Details">In words.</param>
public sealed record AuditEntry(DateTimeOffset At, string Who, string Action, string Target, string Details);
