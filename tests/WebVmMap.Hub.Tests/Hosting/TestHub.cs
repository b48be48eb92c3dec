using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebVmMap.Hub.Configuration;
using WebVmMap.Hub.Security;
using WebVmMap.Tests.Shared;
using Xunit;

namespace WebVmMap.Hub.Tests.Hosting;

/// <summary>A real hub on ports that the system chooses, with a data folder of its own.</summary>
internal sealed class TestHub : IAsyncDisposable
{
    public const string ApiKey = "test-key-0123456789abcdef0123456789abcdef";

    private readonly WebApplication _app;
    private readonly LoggedErrors _errors;
    private readonly TestFolder? _ownFolder;
    private bool _errorsExpected;

    private TestHub(WebApplication app, LoggedErrors errors, TestFolder? ownFolder)
    {
        _app = app;
        _errors = errors;
        _ownFolder = ownFolder;
        var (pages, agents) = HubGreeting.Ports(app.Services);
        var scheme = app.Services.GetRequiredService<HubOptions>().Tls ? "https" : "http";
        Pages = new Uri($"{scheme}://127.0.0.1:{pages}");
        Agents = new Uri($"{scheme}://127.0.0.1:{agents}");
        Api = Client();
        Api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiKey);
    }

    public Uri Pages { get; }

    public Uri Agents { get; }

    /// <summary>A client with an administrator's key.</summary>
    public HttpClient Api { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<TestHub> StartAsync(
        Func<HubOptions, HubOptions>? options = null, Action<WebApplicationBuilder>? configure = null, TimeProvider? time = null, TestFolder? folder = null)
    {
        var own = folder is null ? new TestFolder() : null;
        var given = new HubOptions { Port = 0, DataDirectory = (folder ?? own)!.Path, ApiKey = ApiKey };
        var errors = new LoggedErrors();
        var app = await HubApplication.CreateAsync(options?.Invoke(given) ?? given, builder =>
        {
            builder.Logging.ClearProviders().AddProvider(errors);
            if (time is not null)
            {
                builder.Services.AddSingleton(time);
            }
            configure?.Invoke(builder);
        });
        await app.StartAsync();
        return new TestHub(app, errors, own);
    }

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>A client that keeps no cookies and follows no redirects.</summary>
    public HttpClient Client() => new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = Pages };

    public async Task<string> LoginTokenAsync() => await Get<LoginTokens>().CreateAsync(LoginTokens.StartLifetime, only: true, CancellationToken.None);

    /// <summary>Signs in and returns the cookie as a browser would send it.</summary>
    public async Task<string> CookieAsync()
    {
        using var client = Client();
        using var answer = await client.GetAsync($"/login?t={await LoginTokenAsync()}");
        return answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    public Task<ScriptedAgent> AgentAsync(string name = "alpha", string? machine = null, string? key = null) =>
        ScriptedAgent.ConnectAsync(Agents, ScriptedAgent.Hello(name, machine), key);

    /// <summary>This test makes the hub log errors, and says so.</summary>
    public void ExpectErrors() => _errorsExpected = true;

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _ownFolder?.Dispose();
        Assert.True(_errorsExpected || _errors.All.Count == 0, string.Join('\n', _errors.All));
    }
}
