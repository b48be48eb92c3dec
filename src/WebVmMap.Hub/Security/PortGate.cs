using WebVmMap.Hub.Configuration;

namespace WebVmMap.Hub.Security;

/// <summary>Keeps the two ports apart: what is for agents is not found on the pages' port, and the other way round.</summary>
internal sealed class PortGate(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var forAgents = context.GetEndpoint()?.Metadata.GetMetadata<AgentOnly>() is not null;
        if (forAgents == HubListener.Of(context).ForAgents)
        {
            return next(context);
        }
        context.SetEndpoint(null);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return context.Response.CompleteAsync();
    }
}
