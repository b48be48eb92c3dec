namespace WebVmMap.Hub.Components.Recordings;

/// <summary>The function whose callers and callees are looked at.</summary>
/// <param name="Function">Its name, as the call tree has it.</param>
/// <param name="Module">Path of its module; empty for none.</param>
public sealed record CallFocus(string Function, string Module);
