using Xunit;

namespace WebVmMap.Hub.Tests.Hosting;

/// <summary>Waits for a state by being woken, the way a page does.</summary>
internal static class Signal
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>Done when the condition holds, which is looked at now and after every wake.</summary>
    public static async Task When(Func<Action, IDisposable> subscribe, Func<bool> condition)
    {
        var holds = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (condition())
            {
                holds.TrySetResult();
            }
        }
        using var subscription = subscribe(Look);
        Look();
        await holds.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken);
    }
}
