using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using WebVmMap.Hub.Components.Layout;

namespace WebVmMap.Components.Tests.Layout;

public sealed class TopBarTests : PagesContext
{
    [Theory]
    [InlineData(CookieAuthenticationDefaults.AuthenticationScheme, true)]
    [InlineData("Anonymous", false)]
    public async Task SignOut_IsOfferedToWhomSignedIn(string scheme, bool offered)
    {
        var user = new ClaimsPrincipal(new ClaimsIdentity([], scheme));
        var bar = Render<TopBar>(p => p.AddCascadingValue(Task.FromResult(new AuthenticationState(user))));
        await bar.Find("button[aria-label^=Theme]").ClickAsync(new());
        var items = Popovers.FindAll("[role=menuitem]");
        Assert.Equal(offered, items.Any(i => i.TextContent == "Sign out"));
        if (offered)
        {
            await items.Single(i => i.TextContent == "Sign out").ClickAsync(new());
            Assert.Contains(App.Invocations, i => i.Identifier == "signOut");
        }
    }
}
