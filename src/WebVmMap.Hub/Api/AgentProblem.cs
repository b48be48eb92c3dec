using Microsoft.AspNetCore.Http.HttpResults;
using WebVmMap.Hub.Hosts;

namespace WebVmMap.Hub.Api;

/// <summary>What an agent did not do, as problem details.</summary>
internal static class AgentProblem
{
    public static ProblemHttpResult Of(AgentRequestException exception, string title) => Problem.Of(
        exception.Failure switch
        {
            AgentFailure.NotFound or AgentFailure.NoAddressSpace or AgentFailure.Gone or AgentFailure.Replaced => StatusCodes.Status404NotFound,
            AgentFailure.Denied => StatusCodes.Status403Forbidden,
            AgentFailure.Busy => StatusCodes.Status429TooManyRequests,
            AgentFailure.TimedOut => StatusCodes.Status504GatewayTimeout,
            AgentFailure.Disconnected => StatusCodes.Status409Conflict,
            _ => StatusCodes.Status502BadGateway,
        },
        title, exception.Message);
}
