using WebVmMap.Core.Processes;

namespace WebVmMap.Agent.Sampling;

/// <summary>What a watch costs, and of whom it is.</summary>
/// <param name="Process">The process, as the last full pass saw it.</param>
/// <param name="EffectiveInterval">How far apart full passes really are; zero by hand.</param>
/// <param name="CpuShare">Of one core: 0.01 is 1 %.</param>
internal readonly record struct WatchCost(ProcessInfo Process, TimeSpan EffectiveInterval, double CpuShare);
