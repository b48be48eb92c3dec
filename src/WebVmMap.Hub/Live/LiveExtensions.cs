using MessagePack;
using MessagePack.Resolvers;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.Extensions.Options;
using WebVmMap.Hub.Recordings;

namespace WebVmMap.Hub.Live;

/// <summary>Puts live watching together.</summary>
internal static class LiveExtensions
{
    public const string Path = "/live";

    public static IServiceCollection AddHubLive(this IServiceCollection services)
    {
        services.AddSingleton<LiveProcesses>();
        services.AddSingleton<ILiveProcesses>(provider => provider.GetRequiredService<LiveProcesses>());
        services.AddSingleton<ISampleFeeds>(provider => provider.GetRequiredService<LiveProcesses>());
        services.AddSingleton<CallTrees>();
        services.AddSingleton<CallTreeFeed>();
        services.AddSignalR(Configure).AddMessagePackProtocol(protocol =>
            // Only what has its keys written down, with the guard against hash collisions: requests come from outside.
            protocol.SerializerOptions = MessagePackSerializerOptions.Standard
                .WithResolver(StandardResolver.Instance)
                .WithSecurity(MessagePackSecurity.UntrustedData));
        return services;
    }

    public static void MapLive(this IEndpointRouteBuilder routes) => routes.MapHub<LiveHub>(Path, connection =>
    {
        connection.Transports = HttpTransportType.WebSockets;
        connection.TransportSendTimeout = routes.ServiceProvider.GetRequiredService<IOptions<LiveTransportOptions>>().Value.SendTimeout;
        connection.CloseOnAuthenticationExpiration = true;
    });

    private static void Configure(Microsoft.AspNetCore.SignalR.HubOptions options)
    {
        // Requests are small; what is large goes the other way.
        options.MaximumReceiveMessageSize = 4 * 1024;
        options.EnableDetailedErrors = false;
    }
}
