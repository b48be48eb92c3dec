using WebVmMap.Core.Processes;
using WebVmMap.Hub.Live;
using WebVmMap.Hub.WorkingSets;

namespace WebVmMap.Components.Tests.Fakes;

/// <summary>Working sets that empty as a test says.</summary>
internal sealed class FakeWorkingSets : IWorkingSets
{
    /// <summary>What was asked for.</summary>
    public List<LiveProcessAddress> Asked { get; } = [];

    /// <summary>What every request answers.</summary>
    public Func<Task<EmptiedWorkingSet>> Answer { get; set; } = () => Task.FromResult(new EmptiedWorkingSet(58 << 20, 3 << 20, ["Libraries stay."]));

    public Task<EmptiedWorkingSet> EmptyAsync(LiveProcessAddress address, string who, CancellationToken cancellation)
    {
        Asked.Add(address);
        return Answer();
    }
}
