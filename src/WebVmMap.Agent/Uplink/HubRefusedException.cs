namespace WebVmMap.Agent.Uplink;

/// <summary>The hub refuses this agent for good: dialling again would change nothing. The message says why and what to do.</summary>
internal sealed class HubRefusedException(string message) : Exception(message);
