using Microsoft.Playwright;
using PixelGameDev.Tests.Api;
using static Microsoft.Playwright.Assertions;

namespace PixelGameDev.Tests.Browser;

/// <summary>
/// Tests that the page uses the language of the browser or the chosen one. It needs the page and the Api, and runs no games.
/// </summary>
public sealed class LanguageTests(ApiFixture fixture, BrowserFixture browser) : IClassFixture<ApiFixture>, IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task A_German_browser_gets_German_and_keeps_the_language_that_was_chosen()
    {
        await fixture.Api.WaitUntilHealthyAsync();
        await using IBrowserContext context = await browser.Browser.NewContextAsync(
            new BrowserNewContextOptions { BaseURL = fixture.Api.Address.ToString(), Locale = "de-DE" });
        IPage page = await context.NewPageAsync();
        page.SetDefaultTimeout(BrowserFixture.TimeoutMillis);
        await page.GotoAsync("/");
        await Expect(page.GetByTestId("stop")).ToHaveTextAsync("Stopp");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "de");

        // The page words the server's refusal itself. The guest must exist first.
        await Expect(page.GetByTestId("project-name")).ToHaveValueAsync("Sternenf\u00e4nger");
        await Expect(page.GetByTestId("code")).ToContainTextAsync("flieg mit den Pfeiltasten");
        // German words are longer. On a school laptop no heading is cut.
        await page.SetViewportSizeAsync(1366, 768);
        Assert.Empty(await page.EvaluateAsync<string[]>(
            """
            async () => {
              await document.fonts.ready;
              return [...document.querySelectorAll('h1, h2, h3')]
                .filter((heading) => heading.clientWidth > 1 && heading.scrollWidth > heading.clientWidth)
                .map((heading) => heading.textContent);
            }
            """));
        await page.GetByTestId("menu").ClickAsync();
        await page.GetByTestId("menu-sign-up").ClickAsync();
        await page.GetByTestId("account-name").FillAsync("Eule");
        await page.GetByTestId("account-password").FillAsync("password");
        await page.GetByTestId("account-submit").ClickAsync();
        await Expect(page.GetByTestId("account-refusal")).ToContainTextAsync("Drei Wörter hintereinander");
        await page.Keyboard.PressAsync("Escape");

        await page.GetByTestId("menu").ClickAsync();
        await page.GetByTestId("language-en").ClickAsync();
        await Expect(page.GetByTestId("stop")).ToHaveTextAsync("Stop");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "en");
        await page.ReloadAsync();
        await Expect(page.GetByTestId("stop")).ToHaveTextAsync("Stop");
    }
}
