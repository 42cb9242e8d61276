using Microsoft.Playwright;
using PixelGameDev.Tests.Api;
using static Microsoft.Playwright.Assertions;

namespace PixelGameDev.Tests.Browser;

/// <summary>Opens the studio of a new guest, for tests that need the page and the Api and run no games.</summary>
internal static class StudioVisit
{
    /// <summary>
    /// Time that choices must be visible before Enter takes one, in milliseconds: CodeMirror waits 75 ms, so that an Enter for a new line
    /// takes none that appears at the same moment.
    /// </summary>
    public const int ChoiceDelayMillis = 200;

    public static async Task RunAsync(
        ApiFixture fixture, BrowserFixture browser, Func<IPage, Task> visit, int width = 1366, int height = 768, bool touch = false)
    {
        await fixture.Api.WaitUntilHealthyAsync();
        await using IBrowserContext context = await browser.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = fixture.Api.Address.ToString(),
            ViewportSize = new ViewportSize { Width = width, Height = height },
            HasTouch = touch,
            IsMobile = touch,
            Locale = "en-GB",
        });
        IPage page = await context.NewPageAsync();
        page.SetDefaultTimeout(BrowserFixture.TimeoutMillis);
        await page.GotoAsync("/");
        await Expect(page.GetByTestId("project-name")).Not.ToHaveValueAsync("");
        await Expect(page.GetByTestId("code")).ToContainTextAsync("Star Catcher");
        await visit(page);
    }

    /// <summary>Replaces the text of the open file, as if it had been typed.</summary>
    public static async Task WriteAsync(IPage page, string text)
    {
        await page.GetByTestId("code").FocusAsync();
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.InsertTextAsync(text);
    }
}
