using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace WebVmMap.Agent.Tests.Hub;

/// <summary>A hub on a real port whose every step a test takes by hand.</summary>
internal sealed class TestHub : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestHub(WebApplication app, ScriptedAgentLink link)
    {
        _app = app;
        Link = link;
    }

    /// <summary>What agents called.</summary>
    public ScriptedAgentLink Link { get; }

    public string Url => _app.Urls.Single();

    /// <summary>Starts one.</summary>
    /// <param name="certificate">For TLS; null for clear text.</param>
    public static async Task<TestHub> StartAsync(X509Certificate2? certificate = null)
    {
        var link = new ScriptedAgentLink();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // Small, so that a hub that does not read is felt soon.
            kestrel.Limits.Http2.InitialStreamWindowSize = 96 * 1024;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                if (certificate is not null)
                {
                    listen.UseHttps(certificate);
                }
            });
        });
        // Needed for UseHttps with the slim builder.
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(link);
        var app = builder.Build();
        app.MapGrpcService<ScriptedAgentLink>();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TestHub(app, link);
    }

    /// <summary>The next agent that has said Hello.</summary>
    public Task<AgentCall> NextAgentAsync() => Next(Link.Agents);

    /// <summary>The next agent, welcomed.</summary>
    public async Task<AgentCall> WelcomeNextAgentAsync(uint heartbeatSeconds = 0)
    {
        var agent = await NextAgentAsync();
        await agent.SendAsync(new() { Welcome = new() { HostId = "host-1", HeartbeatSeconds = heartbeatSeconds, HubVersion = "9.9" } });
        return agent;
    }

    /// <summary>The next stream of samples.</summary>
    public Task<SampleCall> NextSamplesAsync() => Next(Link.Samples);

    /// <summary>The next stream of a recording.</summary>
    public Task<RecordingCall> NextRecordingAsync() => Next(Link.Recordings);

    /// <summary>The next snapshot that was uploaded whole.</summary>
    public Task<(string RequestId, byte[] Data, int LargestChunk)> NextUploadAsync() => Next(Link.Uploads);

    public async ValueTask DisposeAsync()
    {
        Link.EndAll();
        await _app.StopAsync(TestContext.Current.CancellationToken);
        await _app.DisposeAsync();
    }

    private static async Task<T> Next<T>(Channel<T> channel) => await channel.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
}
