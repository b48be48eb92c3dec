using System.Net.Mime;
using Microsoft.AspNetCore.Authorization;
using WebVmMap.Hub.Api;
using WebVmMap.Hub.Components;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Import;
using WebVmMap.Hub.Ingest;
using WebVmMap.Hub.Live;
using WebVmMap.Hub.Processes;
using WebVmMap.Hub.Recordings;
using WebVmMap.Hub.Retention;
using WebVmMap.Hub.Schedules;
using WebVmMap.Hub.Security;
using WebVmMap.Hub.Shares;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.WorkingSets;

namespace WebVmMap.Hub.Configuration;

/// <summary>Composes the hub from its parts; the tests start it the same way as the program does.</summary>
internal static class HubApplication
{
    /// <summary>Builds a hub that is ready to be started.</summary>
    /// <param name="options">Checked options.</param>
    /// <param name="configure">What a test replaces or adds before the hub is built.</param>
    /// <exception cref="InvalidDataException">The certificate cannot be used.</exception>
    /// <exception cref="StoreException">The database cannot be used.</exception>
    public static async Task<WebApplication> CreateAsync(HubOptions options, Action<WebApplicationBuilder>? configure = null)
    {
        var folder = DataFolder.Create(options.DataDirectory);
        var certificate = HubCertificate.Load(options, folder, TimeProvider.System);
        // Files are served from beside the program, wherever it was started from.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(HubApplication).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.ConfigureKestrel(kestrel => HubKestrel.Configure(kestrel, options, certificate));
        builder.WebHost.UseStaticWebAssets();
        AddLogging(builder.Logging);
        AddServices(builder.Services, options, folder);
        if (certificate is not null)
        {
            builder.Services.AddSingleton(certificate);
        }
        configure?.Invoke(builder);
        var app = builder.Build();
        try
        {
            await app.Services.GetRequiredService<DatabasePreparation>().PrepareAsync(CancellationToken.None).ConfigureAwait(false);
            await app.Services.GetRequiredService<HostDirectory>().LoadAsync(CancellationToken.None).ConfigureAwait(false);
            await app.Services.GetRequiredService<ScheduleBook>().LoadAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        UsePipeline(app, options);
        return app;
    }

    // Standard output is for the one line that scripts wait for.
    private static void AddLogging(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-dd HH:mm:ss ";
        });
        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        logging.AddFilter("Grpc", LogLevel.Warning);
        // What the database refuses is told once, as a StoreException, and not a second time with a stack.
        logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Critical);
        // Its warning is that keys rest unencrypted: they do, in a folder that only its owner may read.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
    }

    private static void AddServices(IServiceCollection services, HubOptions options, DataFolder folder)
    {
        services.AddSingleton(options);
        services.AddSingleton(folder);
        services.AddSingleton(TimeProvider.System);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        services.AddHubStore(DatabaseTarget.Of(options, folder));
        services.AddHubImport();
        services.AddHubHosts();
        services.AddHubProcesses();
        services.AddHubWorkingSets();
        services.AddHubSchedules();
        services.AddHubRecordings();
        services.AddHubRetention();
        services.AddHubShares();
        services.AddHubLive();
        services.AddHubIngest();
        services.AddHubSecurity(options, folder);
        services.AddHubApi();
        services.AddCascadingAuthenticationState();
        services.AddPages();
    }

    private static void UsePipeline(WebApplication app, HubOptions options)
    {
        app.UseMiddleware<HubGate>();
        app.UseExceptionHandler();
        app.UseHubStatusCodes();
        // An address that leads nowhere gets the page that says so, not an empty answer.
        app.UseWhen(
            static context => HttpMethods.IsGet(context.Request.Method) && !context.Request.Path.StartsWithSegments("/api")
                && context.Request.Headers.Accept.ToString().Contains(MediaTypeNames.Text.Html, StringComparison.OrdinalIgnoreCase),
            static pages => pages.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true));
        if (options is { Tls: true, CertificatePath: not null })
        {
            // Never with a self-signed certificate: a browser would then let nobody past its warning.
            app.UseHsts();
        }
        app.UseWebSockets();
        app.UseRouting();
        app.UseMiddleware<PortGate>();
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseMiddleware<OwnPageGate>();
        app.UseAntiforgery();

        app.MapStaticAssets().AllowAnonymous();
        app.MapLogin();
        app.MapHubApi();
        app.MapLive();
        app.MapIngest();
        app.MapShares();
        // A shared page needs a circuit too. Which page a circuit shows is decided when the page is served, not by who connects.
        app.MapPages().Add(static endpoint =>
        {
            if (endpoint is RouteEndpointBuilder { RoutePattern.RawText: { } path } && path.TrimStart('/').StartsWith("_blazor", StringComparison.Ordinal))
            {
                endpoint.Metadata.Add(new AuthorizeAttribute(ShareTicketScheme.Policy));
            }
        });
    }
}
