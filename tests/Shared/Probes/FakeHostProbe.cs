using System.Collections.Concurrent;
using WebVmMap.Core.Processes;
using WebVmMap.Probes;

namespace WebVmMap.Testing.Probes;

/// <summary>A machine whose processes a test makes up. Thread-safe.</summary>
public sealed class FakeHostProbe : IHostProbe
{
    private readonly ConcurrentDictionary<int, FakeProcess> _processes = new();
    private int _lists;

    public HostDescription Host { get; init; } = new("machine-1", "fake-host", HostPlatform.Linux, "Fake Linux 1", "x64", ["cannot see root's processes: run the agent as root"]);

    /// <summary>What the next lists throw; null for nothing.</summary>
    public Exception? ListException { get; set; }

    /// <summary>How often a list was made.</summary>
    public int Lists => _lists;

    public FakeProcess Add(FakeProcess process)
    {
        _processes[process.Key.Pid] = process;
        return process;
    }

    public IReadOnlyList<ProcessInfo> ListProcesses()
    {
        Interlocked.Increment(ref _lists);
        return ListException is { } exception ? throw exception : [.. _processes.Values.Select(process => process.Info)];
    }

    public ProbeResult<IProcessProbe> Open(int pid, long? startStamp)
    {
        if (!_processes.TryGetValue(pid, out var process))
        {
            return new ProbeFailure(ProbeOutcome.NotFound, $"There is no process {pid}.");
        }
        return startStamp is { } stamp && stamp != process.Key.StartStamp
            ? new ProbeFailure(ProbeOutcome.Replaced, $"Process {pid} is another one now.")
            : ProbeResult(process.Open());
    }

    // An interface has no implicit conversions; through a type parameter it has.
    private static ProbeResult<T> ProbeResult<T>(T value)
        where T : notnull => value;
}
