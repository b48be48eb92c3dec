using Microsoft.Extensions.DependencyInjection;
using WebVmMap.Hub.Components.Layout;
using WebVmMap.Hub.Configuration;

namespace WebVmMap.Components.Tests.Layout;

public sealed class OpenHubBannerTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Render_ShowsTheWarningOnlyWithoutSignIn(bool anonymous)
    {
        using var context = new BunitContext();
        context.Services.AddSingleton(new HubOptions { AllowAnonymous = anonymous });
        var warnings = context.Render<OpenHubBanner>().FindAll(".banner.severe");
        Assert.Equal(anonymous ? 1 : 0, warnings.Count);
        Assert.All(warnings, w => Assert.Contains("Whoever reaches this port sees the memory of every process", w.TextContent, StringComparison.Ordinal));
    }
}
