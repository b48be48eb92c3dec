using System.Collections.Concurrent;
using WebVmMap.Core.Processes;
using WebVmMap.Hub.Processes;

namespace WebVmMap.Components.Tests.Fakes;

/// <summary>Process lists that a test sets.</summary>
internal sealed class FakeProcessLists : IProcessDirectory
{
    private readonly ConcurrentDictionary<string, ProcessListState> _lists = new();
    private readonly ConcurrentDictionary<string, Wakes> _wakes = new();

    public int Watchers(string hostId) => _wakes.TryGetValue(hostId, out var wakes) ? wakes.Count : 0;

    public Task<ProcessListState> ListAsync(string hostId, CancellationToken cancellation) => Task.FromResult(Current(hostId));

    public IProcessListLease Watch(string hostId, Action wake) => new Lease(this, hostId, _wakes.GetOrAdd(hostId, _ => new()).Add(wake));

    public void Set(string hostId, ProcessListState list)
    {
        _lists[hostId] = list;
        _wakes.GetOrAdd(hostId, _ => new()).WakeAll();
    }

    public void Set(string hostId, params ReadOnlySpan<ProcessInfo> processes) =>
        Set(hostId, new ProcessListState([.. processes], new DateTimeOffset(2026, 11, 22, 15, 5, 0, TimeSpan.Zero), ""));

    private ProcessListState Current(string hostId) => _lists.GetValueOrDefault(hostId, ProcessListState.Waiting);

    private sealed class Lease(FakeProcessLists lists, string hostId, IDisposable ending) : IProcessListLease
    {
        public ProcessListState Current => lists.Current(hostId);

        public void Dispose() => ending.Dispose();
    }
}
