using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace WebVmMap.Hub.Api;

/// <summary>What the OpenAPI document says beyond the endpoints themselves.</summary>
internal static class OpenApiDescription
{
    private const string Scheme = "bearer";

    public static void Configure(OpenApiOptions options)
    {
        options.ShouldInclude = description => description.RelativePath is { } path && (path.StartsWith("api/", StringComparison.Ordinal) || path == "healthz");
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "WebVmMap",
                Version = "v1",
                Description = "Hosts, processes and snapshots. Sizes are bytes, addresses hexadecimal texts, times ISO 8601 UTC; errors are RFC 9457 problem details.",
            };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = Scheme,
                Description = "An API key: webvmmap-hub api-key create NAME",
            };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
            // The address that a browser asked by is not that of every reader.
            document.Servers?.Clear();
            return Task.CompletedTask;
        });
    }
}
