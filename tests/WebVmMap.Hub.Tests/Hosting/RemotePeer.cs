using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace WebVmMap.Hub.Tests.Hosting;

/// <summary>Makes every connection look as if it came from another machine, so that a test needs no open port.</summary>
internal sealed class RemotePeer : IStartupFilter
{
    public static void Pretend(WebApplicationBuilder builder) => builder.Services.AddSingleton<IStartupFilter, RemotePeer>();

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, after) =>
        {
            context.Connection.RemoteIpAddress = IPAddress.Parse("203.0.113.5");
            return after(context);
        });
        next(app);
    };
}
