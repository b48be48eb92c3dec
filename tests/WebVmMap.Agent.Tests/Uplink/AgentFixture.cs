using WebVmMap.Agent.Policy;
using WebVmMap.Agent.Tests.Hub;
using WebVmMap.Agent.Tests.Recordings;
using WebVmMap.Agent.Uplink;
using WebVmMap.Testing;
using WebVmMap.Testing.Probes;

namespace WebVmMap.Agent.Tests.Uplink;

/// <summary>A running agent on a made-up machine, connected to a <see cref="TestHub"/>, on a clock that the test moves.</summary>
internal sealed class AgentFixture : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();

    public AgentFixture(string hubUrl, string? pin = null, string? key = null, AgentLimits? limits = null, AgentPermissions permissions = default, string? name = null)
    {
        Assert.True(HubAddress.TryParse(hubUrl, pin, out var hub, out var error), error);
        var options = new UplinkOptions { Hub = hub, Key = key, Name = name, Permissions = permissions, Limits = (limits ?? new AgentLimits()) with { Grace = TimeSpan.FromMilliseconds(200) } };
        Context = new AgentContext(options, Host, Recorders, Time, Log);
        // Never any jitter: the first pause is one second, and so are all that follow.
        Running = new HubUplink(Context, new ReconnectBackoff(() => 0)).RunAsync(_stop.Token);
    }

    public FakeHostProbe Host { get; } = new();

    public ScriptedRecorders Recorders { get; } = new();

    public DrivenTime Time { get; } = new();

    public ErrorLog Log { get; } = new();

    public AgentContext Context { get; }

    public Task Running { get; }

    public Task StopAsync() => _stop.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Context.Recordings.DisposeAsync();
        _stop.Dispose();
    }
}
