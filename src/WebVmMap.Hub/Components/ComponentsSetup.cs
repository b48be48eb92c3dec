using Microsoft.Extensions.DependencyInjection.Extensions;
using MudBlazor;
using MudBlazor.Services;
using WebVmMap.Hub.Components.Interop;

namespace WebVmMap.Hub.Components;

/// <summary>Adds the pages to the application.</summary>
public static class ComponentsSetup
{
    /// <summary>Adds what the pages need, but for the live data and the store they read.</summary>
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddMudServices(options =>
        {
            options.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomRight;
            options.SnackbarConfiguration.PreventDuplicates = true;
            options.SnackbarConfiguration.VisibleStateDuration = 6000;
        });
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddScoped<PageInterop>();
        services.TryAddScoped<Hotkeys>();
        return services;
    }

    /// <summary>Serves the pages.</summary>
    /// <returns>For conventions such as authorisation.</returns>
    public static RazorComponentsEndpointConventionBuilder MapPages(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapRazorComponents<App>().AddInteractiveServerRenderMode();
}
