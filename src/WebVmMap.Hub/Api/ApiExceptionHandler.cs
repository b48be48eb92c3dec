using Microsoft.AspNetCore.Diagnostics;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Api;

/// <summary>Turns what an endpoint throws into problem details, without a word of how the program is made.</summary>
internal sealed partial class ApiExceptionHandler(ILogger<ApiExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        switch (exception)
        {
            case BadHttpRequestException bad:
                await Problem.WriteAsync(httpContext, bad.StatusCode, "Bad request",
                    bad.InnerException is System.Text.Json.JsonException json ? $"The body is no valid JSON for this request: {json.Message}" : bad.Message).ConfigureAwait(false);
                return true;
            case StoreException store:
                Log.StoreRefused(logger, store.Message);
                await Problem.WriteAsync(httpContext, StatusCodes.Status507InsufficientStorage, "The store refused", store.Message).ConfigureAwait(false);
                return true;
            case OperationCanceledException when httpContext.RequestAborted.IsCancellationRequested:
                return true;
            default:
                await Problem.WriteAsync(httpContext, StatusCodes.Status500InternalServerError, "The hub failed", "Something went wrong in the hub; its log says what.").ConfigureAwait(false);
                return true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 50, EventName = "StoreRefused", Level = LogLevel.Error, Message = "The store refused. {Reason}")]
        public static partial void StoreRefused(ILogger logger, string reason);
    }
}
