using WebVmMap.Hub.Hosts;

namespace WebVmMap.Hub.Ingest;

/// <summary>What a request to an agent waits for. Thread-safe.</summary>
internal interface IPendingAnswer
{
    /// <summary>There is none; does nothing once there is one.</summary>
    void Fail(AgentFailure failure, string message);
}

/// <inheritdoc/>
internal class PendingAnswer<T> : IPendingAnswer
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The answer, or an <see cref="AgentRequestException"/>.</summary>
    public Task<T> Done => _done.Task;

    /// <summary>Hands the answer to whoever waits.</summary>
    public virtual void Complete(T answer) => _done.TrySetResult(answer);

    public void Fail(AgentFailure failure, string message) => _done.TrySetException(new AgentRequestException(failure, message));
}
