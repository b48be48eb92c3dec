using Grpc.AspNetCore.Server;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Security;

namespace WebVmMap.Hub.Ingest;

/// <summary>Puts what agents talk to together.</summary>
internal static class IngestExtensions
{
    public static IServiceCollection AddHubIngest(this IServiceCollection services)
    {
        services.AddSingleton<AgentConnections>();
        services.AddSingleton<IAgentSessions>(provider => provider.GetRequiredService<AgentConnections>());
        services.AddSingleton<LandingPage>();
        services.AddSingleton<AgentCalls>();
        services.AddSingleton<ControlStream>();
        services.AddSingleton<SnapshotUpload>();
        services.AddSingleton<SampleStream>();
        services.AddSingleton<RecordingStream>();
        services.AddGrpc(Configure);
        return services;
    }

    public static void MapIngest(this IEndpointRouteBuilder routes) =>
        routes.MapGrpcService<AgentLinkService>().WithMetadata(AgentOnly.Instance).ExcludeFromDescription();

    private static void Configure(GrpcServiceOptions options)
    {
        options.MaxReceiveMessageSize = IngestLimits.MessageBytes;
        options.EnableDetailedErrors = false;
        // Otherwise the answer to an unknown service is an endpoint of its own, on both ports.
        options.IgnoreUnknownServices = true;
    }
}
