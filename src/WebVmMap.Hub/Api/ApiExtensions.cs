using System.Text.Json;
using System.Text.Json.Serialization;

namespace WebVmMap.Hub.Api;

/// <summary>Puts the HTTP API together.</summary>
internal static class ApiExtensions
{
    private const string Root = "/api/v1";

    public static IServiceCollection AddHubApi(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        });
        // In every environment, so that a body that cannot be read is answered with what is wrong with it.
        services.Configure<RouteHandlerOptions>(route => route.ThrowOnBadRequest = true);
        services.AddProblemDetails();
        services.AddExceptionHandler<ApiExceptionHandler>();
        services.AddOpenApi("v1", OpenApiDescription.Configure);
        return services;
    }

    /// <summary>Gives errors of the API that have no body yet their problem details; pages have their own.</summary>
    public static void UseHubStatusCodes(this IApplicationBuilder app) => app.UseWhen(
        static context => context.Request.Path.StartsWithSegments("/api"),
        static api => api.UseStatusCodePages(static context => Problem.WriteAsync(
            context.HttpContext,
            context.HttpContext.Response.StatusCode,
            Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(context.HttpContext.Response.StatusCode),
            context.HttpContext.Response.StatusCode switch
            {
                StatusCodes.Status404NotFound => $"There is nothing at {context.HttpContext.Request.Path}: /openapi/v1.json lists what there is.",
                StatusCodes.Status405MethodNotAllowed => $"{context.HttpContext.Request.Method} is not served at {context.HttpContext.Request.Path}.",
                StatusCodes.Status413PayloadTooLarge => "The request is too large.",
                StatusCodes.Status415UnsupportedMediaType => "Send JSON, as Content-Type: application/json.",
                _ => "The request was refused.",
            })));

    public static void MapHubApi(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi("/openapi/{documentName}.json");
        routes.MapHealth();
        var api = routes.MapGroup(Root);
        api.MapHosts();
        api.MapSnapshots();
        api.MapDiffs();
        api.MapTrend();
        api.MapSnapshotKeeping();
        api.MapSchedules();
        api.MapRetention();
        api.MapWorkingSets();
        api.MapRecordings();
        api.MapShareLinks();
    }
}
