using Microsoft.Playwright;

namespace WebVmMap.EndToEnd.Look;

public sealed class PhoneTests(DemoSystem demo) : ScreenTest(demo)
{
    [Theory]
    [MemberData(nameof(Screens.All), MemberType = typeof(Screens))]
    public async Task Screen_OnAPhone_NeedsNoSidewaysScroll(string name)
    {
        var page = await OpenScreenAsync(name, 390, 844);
        Assert.Equal(390, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Equal(390, await page.EvaluateAsync<int>("document.documentElement.clientWidth"));
    }

    [Fact]
    public async Task ProcessPage_OnAPhone_StacksItsPartsInOrder()
    {
        var page = new WorkbenchPage(await OpenScreenAsync("process", 390, 844));
        var parts = new[] { page.Overview, page.Summary, page.Page.GetByRole(AriaRole.Region, new() { Name = "Picture", Exact = true }), page.Details };
        var bottom = 0f;
        foreach (var part in parts)
        {
            var box = await part.BoundingBoxAsync();
            Assert.True(box!.Y >= bottom, $"{part} does not stand below the part before it.");
            Assert.InRange(box.Width, 300, 390);
            Assert.True(box.Height > 60, $"{part} is {box.Height} pixels high.");
            bottom = box.Y + box.Height;
        }
        Assert.True(await page.ColoursAsync() > 3, "The canvas is blank.");
    }
}
