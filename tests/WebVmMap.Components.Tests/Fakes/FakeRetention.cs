using WebVmMap.Hub.Retention;

namespace WebVmMap.Components.Tests.Fakes;

/// <summary>Limits in memory, over figures that a test sets.</summary>
internal sealed class FakeRetention : IRetention
{
    public RetentionState State { get; set; } = new(new RetentionSettings(), [], [], new StoreSpace(4096, 0, true), 0);

    public Task<RetentionState> StateAsync(CancellationToken cancellation) => Task.FromResult(State);

    public Task SetAsync(RetentionSettings settings, string who, CancellationToken cancellation)
    {
        State = State with { Settings = settings };
        return Task.CompletedTask;
    }
}
