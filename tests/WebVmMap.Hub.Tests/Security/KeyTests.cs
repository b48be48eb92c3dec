using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using WebVmMap.Hub.Security;
using WebVmMap.Hub.Store.Records;
using WebVmMap.Hub.Tests.Hosting;
using WebVmMap.Protocol.V1;
using WebVmMap.Tests.Shared;
using Xunit;

namespace WebVmMap.Hub.Tests.Security;

public sealed class KeyTests
{
    [Fact]
    public async Task ApiKey_UntilRevoked_OpensApi()
    {
        await using var hub = await TestHub.StartAsync();
        var keys = hub.Get<KeyStore>();
        var secret = await keys.CreateAsync(KeyKind.Api, "ci", null, CancellationToken.None);
        Assert.Equal(HttpStatusCode.OK, await GetHostsAsync(hub, secret));
        Assert.True(await keys.RevokeAsync(KeyKind.Api, "ci", CancellationToken.None));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetHostsAsync(hub, secret));
    }

    [Fact]
    public async Task AgentKey_ForTheApi_IsRefused()
    {
        await using var hub = await TestHub.StartAsync();
        var secret = await hub.Get<KeyStore>().CreateAsync(KeyKind.Agent, "alpha", null, CancellationToken.None);
        Assert.Equal(HttpStatusCode.Unauthorized, await GetHostsAsync(hub, secret));
    }

    [Fact]
    public async Task Key_AtRest_IsAHashOnly()
    {
        using var folder = new TestFolder();
        string secret;
        await using (var hub = await TestHub.StartAsync(folder: folder))
        {
            secret = await hub.Get<KeyStore>().CreateAsync(KeyKind.Api, "ci", null, CancellationToken.None);
        }
        // The database with its log.
        var text = string.Concat(Directory.GetFiles(folder.Path, "webvmmap.db*").Select(file => System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file))));
        Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        Assert.Contains(SecretText.Hash(secret), text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_WithKeyFromAnotherMachine_IsLetInAndUseIsNoted()
    {
        await using var hub = await TestHub.StartAsync(configure: RemotePeer.Pretend);
        var keys = hub.Get<KeyStore>();
        var secret = await keys.CreateAsync(KeyKind.Agent, "alpha", null, CancellationToken.None);
        await using var agent = await hub.AgentAsync(key: secret);
        Assert.Equal("alpha", agent.HostId);
        var key = Assert.Single(await keys.ListAsync(KeyKind.Agent, CancellationToken.None));
        Assert.NotNull(key.LastUsedAt);
        Assert.Equal("alpha", key.BoundHostId);
    }

    [Fact]
    public async Task Connect_KeyOfAnotherHost_IsRefused()
    {
        await using var hub = await TestHub.StartAsync();
        var secret = await hub.Get<KeyStore>().CreateAsync(KeyKind.Agent, "alpha", null, CancellationToken.None);
        await using (await hub.AgentAsync("alpha", key: secret))
        {
        }
        await AssertDeniedAsync(hub, ScriptedAgent.Hello("beta"), secret);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connect_AsAHostThatHasAKey_NeedsThatKey(bool withOtherKey)
    {
        await using var hub = await TestHub.StartAsync();
        var keys = hub.Get<KeyStore>();
        var secret = await keys.CreateAsync(KeyKind.Agent, "alpha", null, CancellationToken.None);
        await using (await hub.AgentAsync("alpha", key: secret))
        {
        }
        var other = withOtherKey ? await keys.CreateAsync(KeyKind.Agent, "other", null, CancellationToken.None) : null;
        await AssertDeniedAsync(hub, ScriptedAgent.Hello("alpha"), other);
    }

    [Fact]
    public async Task Connect_SecondKeyMadeForTheHost_IsLetIn()
    {
        await using var hub = await TestHub.StartAsync();
        var keys = hub.Get<KeyStore>();
        await using (await hub.AgentAsync("alpha", key: await keys.CreateAsync(KeyKind.Agent, "old", null, CancellationToken.None)))
        {
        }
        await using var agent = await hub.AgentAsync("alpha", key: await keys.CreateAsync(KeyKind.Agent, "new", "alpha", CancellationToken.None));
        Assert.Equal("alpha", agent.HostId);
    }

    [Fact]
    public async Task Heartbeat_AfterKeyWasRevoked_EndsTheConnection()
    {
        await using var hub = await TestHub.StartAsync(time: new FakeTimeProvider(DateTimeOffset.UtcNow));
        var keys = hub.Get<KeyStore>();
        var secret = await keys.CreateAsync(KeyKind.Agent, "alpha", null, CancellationToken.None);
        await using var agent = await hub.AgentAsync(key: secret);
        await keys.RevokeAsync(KeyKind.Agent, "alpha", CancellationToken.None);
        await agent.SendAsync(new AgentMessage { Heartbeat = new Heartbeat() });
        Assert.Equal(StatusCode.PermissionDenied, (await agent.Ended).StatusCode);
    }

    private static async Task AssertDeniedAsync(TestHub hub, Hello hello, string? key)
    {
        await using var agent = ScriptedAgent.Dial(hub.Agents, key);
        await agent.SendAsync(new AgentMessage { Hello = hello });
        var status = await agent.Ended;
        Assert.Equal(StatusCode.PermissionDenied, status.StatusCode);
        Assert.Contains("agent-key", status.Detail, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> GetHostsAsync(TestHub hub, string key)
    {
        using var client = hub.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await client.GetAsync("/api/v1/hosts", TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
