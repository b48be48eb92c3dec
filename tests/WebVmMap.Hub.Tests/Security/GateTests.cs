using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using Grpc.Core;
using WebVmMap.Hub.Tests.Hosting;
using WebVmMap.Tests.Shared;
using Xunit;

namespace WebVmMap.Hub.Tests.Security;

public sealed class GateTests
{
    private const string Evil = "http://evil.example";

    [Fact]
    public async Task Request_UnknownHostName_Is400()
    {
        await using var hub = await TestHub.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/healthz") { Headers = { Host = "evil.example" } };
        using var answer = await hub.Api.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Request_GivenHostName_IsServed()
    {
        await using var hub = await TestHub.StartAsync(options => options with { HostNames = ["maps.example"] });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/healthz") { Headers = { Host = "maps.example:1234" } };
        using var answer = await hub.Api.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("/live/negotiate?negotiateVersion=1")]
    [InlineData("/_blazor/negotiate?negotiateVersion=1")]
    [InlineData("/logout")]
    public async Task Post_FromAnotherSite_Is403(string path)
    {
        await using var hub = await TestHub.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Headers = { { "Cookie", await hub.CookieAsync() }, { "Origin", Evil } } };
        using var client = hub.Client();
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Negotiate_FromOwnPage_IsServed()
    {
        await using var hub = await TestHub.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/live/negotiate?negotiateVersion=1")
        {
            Headers = { { "Cookie", await hub.CookieAsync() }, { "Origin", hub.Pages.GetLeftPart(UriPartial.Authority) } },
        };
        using var client = hub.Client();
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("/live", Evil, HttpStatusCode.Forbidden)]
    [InlineData("/_blazor", Evil, HttpStatusCode.Forbidden)]
    [InlineData("/live", "null", HttpStatusCode.Forbidden)]
    [InlineData("/live", null, HttpStatusCode.SwitchingProtocols)]
    [InlineData("/_blazor", null, HttpStatusCode.SwitchingProtocols)]
    public async Task WebSocket_ByOrigin_IsRefusedOrServed(string path, string? origin, HttpStatusCode expected)
    {
        await using var hub = await TestHub.StartAsync();
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("Cookie", await hub.CookieAsync());
        socket.Options.SetRequestHeader("Origin", origin ?? hub.Pages.GetLeftPart(UriPartial.Authority));
        try
        {
            await socket.ConnectAsync(new UriBuilder(hub.Pages) { Scheme = "ws", Path = path }.Uri, TestContext.Current.CancellationToken);
        }
        catch (WebSocketException)
        {
            // The status below says why.
        }
        Assert.Equal(expected, socket.HttpStatusCode);
    }

    [Theory]
    [InlineData("/api/v1/hosts")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/live")]
    [InlineData("/")]
    [InlineData("/hosts/alpha/processes/1")]
    public async Task Get_NotSignedIn_Is401(string path)
    {
        await using var hub = await TestHub.StartAsync();
        using var client = hub.Client();
        using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task Api_WrongKey_Is401WithProblem()
    {
        await using var hub = await TestHub.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/hosts") { Headers = { { "Authorization", $"Bearer {TestHub.ApiKey}x" } } };
        using var client = hub.Client();
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal(401, problem.GetProperty("status").GetInt32());
        Assert.Contains("api-key create", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Forbidden)]
    [InlineData("own", HttpStatusCode.NotFound)]
    public async Task Post_ByCookie_NeedsOrigin(string? origin, HttpStatusCode expected)
    {
        await using var hub = await TestHub.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/hosts/nowhere/processes/1/snapshots") { Headers = { { "Cookie", await hub.CookieAsync() } } };
        if (origin is not null)
        {
            request.Headers.Add("Origin", hub.Pages.GetLeftPart(UriPartial.Authority));
        }
        using var client = hub.Client();
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task AgentPort_Pages_AreNotThere()
    {
        await using var hub = await TestHub.StartAsync();
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(hub.Agents, "/healthz"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task PagesPort_GrpcOverHttp1_IsNotThere()
    {
        await using var hub = await TestHub.StartAsync();
        using var content = new ByteArrayContent([]) { Headers = { ContentType = new("application/grpc") } };
        using var answer = await hub.Api.PostAsync("/webvmmap.v1.AgentLink/Connect", content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Answer_Always_CarriesPolicy()
    {
        await using var hub = await TestHub.StartAsync();
        using var client = hub.Client();
        using var answer = await client.GetAsync("/", TestContext.Current.CancellationToken);
        Assert.Contains("script-src 'self'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
    }

    [Fact]
    public async Task Connect_FromAnotherMachineWithoutKey_SaysHowToGetOne()
    {
        await using var hub = await TestHub.StartAsync(configure: RemotePeer.Pretend);
        await using var agent = ScriptedAgent.Dial(hub.Agents);
        var status = await agent.Ended;
        Assert.Equal(StatusCode.Unauthenticated, status.StatusCode);
        Assert.Contains("agent-key create", status.Detail, StringComparison.Ordinal);
    }
}
