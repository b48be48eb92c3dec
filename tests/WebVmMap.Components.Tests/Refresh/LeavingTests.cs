using WebVmMap.Hub.Components.Refresh;

namespace WebVmMap.Components.Tests.Refresh;

public sealed class LeavingTests
{
    [Fact]
    public async Task Token_AskedForAfterLeaving_IsCancelled()
    {
        var leaving = new Leaving();
        Assert.False(leaving.Begun);
        await leaving.DisposeAsync();
        Assert.True(leaving.Begun);
        Assert.True(leaving.Token.IsCancellationRequested);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(Timeout.Infinite, leaving.Token));
    }
}
