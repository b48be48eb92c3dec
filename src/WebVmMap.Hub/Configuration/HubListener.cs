namespace WebVmMap.Hub.Configuration;

/// <summary>Which of the hub's two ports a connection came in by. A feature of the connection, so no header can pretend otherwise.</summary>
internal sealed record HubListener(bool ForAgents)
{
    /// <summary>The listener of a request.</summary>
    public static HubListener Of(HttpContext context) => context.Features.Get<HubListener>() ?? Pages;

    public static HubListener Pages { get; } = new(false);

    public static HubListener Agents { get; } = new(true);
}
