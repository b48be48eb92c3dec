namespace WebVmMap.Hub.Api;

/// <summary>What this moment of a recording is called.</summary>
internal sealed record NewRecordingMarkDto(string? Label);
