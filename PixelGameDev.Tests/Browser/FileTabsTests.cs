using Microsoft.Playwright;
using PixelGameDev.Tests.Api;
using PixelGameDev.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace PixelGameDev.Tests.Browser;

/// <summary>Tests the tabs of open files above the code.</summary>
[Collection(BrowserCollection.Name)]
public sealed class FileTabsTests(ApiFixture fixture, BrowserFixture browser) : IClassFixture<ApiFixture>, IClassFixture<BrowserFixture>
{
    [Fact]
    public Task Closing_a_tab_loses_no_text_even_if_it_is_not_saved() => StudioVisit.RunAsync(fixture, browser, async page =>
    {
        ILocator tabs = page.GetByRole(AriaRole.Tab);
        await Expect(page.GetByTestId("file-tabs")).ToHaveCountAsync(0);
        await AddAsync(page, "enemy");
        await AddAsync(page, "boss");
        await ExpectTabsAsync(page, "boss.py", "main.py", "enemy.py", "boss.py");

        // The server does not take what is typed now.
        await page.RouteAsync("**/files/**", static route => route.Request.Method == "PUT" ? route.AbortAsync() : route.ContinueAsync());
        await StudioVisit.WriteAsync(page, "lives = 3");
        await page.Keyboard.PressAsync("Alt+W");
        await ExpectTabsAsync(page, "enemy.py", "main.py", "enemy.py");
        await Expect(page.GetByTestId("code")).Not.ToContainTextAsync("lives");
        await Expect(page.GetByTestId("code")).ToBeFocusedAsync();
        await FileButton(page, "boss.py").ClickAsync();
        await Expect(page.GetByTestId("code")).ToContainTextAsync("lives = 3");
        await page.GetByTestId("code").FocusAsync();
        await page.Keyboard.PressAsync("Control+Z");
        await Expect(page.GetByTestId("code")).Not.ToContainTextAsync("lives");
        await page.Keyboard.PressAsync("Control+Y");
        await page.GetByLabel("Close boss.py").ClickAsync();
        await ExpectTabsAsync(page, "enemy.py", "main.py", "enemy.py");
        await page.UnrouteAllAsync();
        await page.EvaluateAsync("() => dispatchEvent(new Event('online'))");
        await Expect(page.GetByTestId("saved")).ToHaveAttributeAsync("data-state", "saved");
        Assert.Equal("lives = 3", await TextProbes.StoredAsync(page, new Uri(page.Url).AbsolutePath.Split('/').Last(), "boss.py"));

        // A single file needs no tab, and the visible file stays.
        await page.GetByTestId("file-tab:enemy.py").ClickAsync(new LocatorClickOptions { Button = MouseButton.Middle });
        await Expect(page.GetByTestId("file-tabs")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Alt+W");
        await Expect(page.GetByTestId("code")).ToContainTextAsync("Star Catcher");
        await Expect(tabs.Filter(new LocatorFilterOptions { HasText = ".py" })).ToHaveCountAsync(0);
    });

    [Fact]
    public Task The_tabs_are_used_with_the_keyboard_and_are_there_after_a_reload() => StudioVisit.RunAsync(fixture, browser, async page =>
    {
        await AddAsync(page, "enemy");
        await AddAsync(page, "boss");
        await page.GetByTestId("file-tab:boss.py").FocusAsync();
        await PressAsync("ArrowRight", "main.py");
        await PressAsync("ArrowLeft", "boss.py");
        await PressAsync("Home", "main.py");
        await PressAsync("ArrowRight", "enemy.py");
        await PressAsync("End", "boss.py");
        await Axe.CheckAsync(page, "tabs of files");
        // Tab goes on to the button of this tab, and not to the other tabs.
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.GetByLabel("Close boss.py")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Shift+Tab");
        await PressAsync("Delete", "enemy.py");
        await ExpectTabsAsync(page, "enemy.py", "main.py", "enemy.py");

        await FileButton(page, "enemy.py").FocusAsync();
        await page.Keyboard.PressAsync("F2");
        await page.Keyboard.TypeAsync("giant");
        await page.Keyboard.PressAsync("Enter");
        await ExpectTabsAsync(page, "giant.py", "main.py", "giant.py");
        await page.ReloadAsync();
        await Expect(page.GetByTestId("code")).ToContainTextAsync("Star Catcher");
        await ExpectTabsAsync(page, "main.py", "main.py", "giant.py");

        async Task PressAsync(string key, string expected)
        {
            await page.Keyboard.PressAsync(key);
            await Expect(page.GetByTestId($"file-tab:{expected}")).ToBeFocusedAsync();
            await Expect(page.GetByTestId($"file-tab:{expected}")).ToHaveAttributeAsync("aria-selected", "true");
        }
    });

    [Theory]
    [InlineData("desktop", 1366, 768, false)]
    [InlineData("tablet", 768, 1024, true)]
    [InlineData("phone", 390, 844, true)]
    public Task Many_tabs_scroll_and_the_page_does_not(string device, int width, int height, bool touch) => StudioVisit.RunAsync(
        fixture, browser,
        async page =>
        {
            await AddAsync(page, "a_long_name_of_a_file");
            await page.GetByTestId("file-tab:main.py").ClickAsync();
            await ScreenshotAsync(page, device);
            foreach (string name in new[] { "enemies/boss", "enemies/slime", "levels/one", "levels/two", "levels/three", "sounds/all" })
            {
                await AddAsync(page, name);
            }

            ILocator bar = page.GetByTestId("file-tabs");
            await Expect(page.GetByTestId("file-tab:sounds/all.py"))
                .ToBeInViewportAsync(new LocatorAssertionsToBeInViewportOptions { Ratio = 1 });
            Assert.True(await bar.EvaluateAsync<bool>("bar => bar.scrollWidth > bar.clientWidth"), "the tabs are wider than their room");
            Assert.True(
                await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), "the page is not wider");
            await ScreenshotAsync(page, $"{device}-many");
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
            await ScreenshotAsync(page, $"{device}-dark");
            await Axe.CheckAsync(page, $"many tabs, {device}");
        },
        width, height, touch);

    private static async Task ExpectTabsAsync(IPage page, string selected, params string[] tabs)
    {
        await Expect(page.GetByTestId("file-tabs").GetByRole(AriaRole.Tab)).ToHaveTextAsync(tabs);
        await Expect(page.GetByTestId($"file-tab:{selected}")).ToHaveAttributeAsync("aria-selected", "true");
    }

    private static ILocator FileButton(IPage page, string path) => page.GetByTestId($"file:{path}").Locator(".file-open");

    private static async Task AddAsync(IPage page, string name)
    {
        await page.GetByTestId("add-file").ClickAsync();
        await page.Keyboard.TypeAsync(name);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId($"file-tab:{name}.py")).ToHaveAttributeAsync("aria-selected", "true");
    }

    /// <summary>Keeps a picture for people to look at.</summary>
    private static async Task ScreenshotAsync(IPage page, string name)
    {
        string folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "TestResults", "browser")).FullName;
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"look-tabs-{name}.png") });
    }
}
