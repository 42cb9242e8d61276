using Microsoft.Playwright;
using PixelGameDev.Tests.Api;

namespace PixelGameDev.Tests.Browser;

/// <summary>Tests that a guest keeps its games. It needs the page and the Api, and runs no games.</summary>
public sealed class AccountTests(ApiFixture fixture, BrowserFixture browser) : IClassFixture<ApiFixture>, IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task A_guest_makes_an_account_signs_out_and_finds_its_game_again()
    {
        await fixture.Api.WaitUntilHealthyAsync();
        await using IBrowserContext context = await browser.Browser.NewContextAsync();
        IPage page = await context.NewPageAsync();
        page.SetDefaultTimeout(BrowserFixture.TimeoutMillis);
        await page.GotoAsync(fixture.Api.Address.ToString());
        // The name of the starter game arrives later and would overwrite text that is typed before.
        await Assertions.Expect(page.GetByTestId("project-name")).Not.ToHaveValueAsync("");
        await page.GetByTestId("project-name").FillAsync("Owl Race");
        await page.GetByTestId("project-name").PressAsync("Enter");
        string name = $"o{Guid.NewGuid():N}"[..12];

        await page.GetByTestId("menu").ClickAsync();
        await page.GetByTestId("menu-sign-up").ClickAsync();
        // What is typed is hidden until somebody wants to see it.
        ILocator typed = page.GetByTestId("account-password");
        await typed.FillAsync("password");
        await Assertions.Expect(typed).ToHaveAttributeAsync("type", "password");
        await typed.PressAsync("Tab");
        await Assertions.Expect(page.GetByTestId("show-password")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(typed).ToHaveAttributeAsync("type", "text");
        await Axe.CheckAsync(page, "sign-up with a visible password");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(typed).ToHaveAttributeAsync("type", "password");
        await SubmitAsync("password");
        await Assertions.Expect(page.GetByTestId("account-refusal")).ToContainTextAsync("harder to guess");
        await SubmitAsync("seven small owls");
        await Assertions.Expect(page.GetByTestId("account-dialog")).ToHaveCountAsync(0);

        await page.GetByTestId("menu").ClickAsync();
        await Assertions.Expect(page.GetByTestId("menu-sign-out")).ToContainTextAsync(name);
        await page.GetByTestId("menu-sign-out").ClickAsync();
        await Assertions.Expect(page.GetByTestId("project-name")).Not.ToHaveValueAsync("Owl Race");
        await Assertions.Expect(page.GetByTestId("project-name")).Not.ToHaveValueAsync("");

        await page.GetByTestId("menu").ClickAsync();
        await page.GetByTestId("menu-sign-in").ClickAsync();
        await SubmitAsync("seven small owls");
        await Assertions.Expect(page.GetByTestId("project-name")).ToHaveValueAsync("Owl Race");

        async Task SubmitAsync(string password)
        {
            await page.GetByTestId("account-name").FillAsync(name);
            await page.GetByTestId("account-password").FillAsync(password);
            await page.GetByTestId("account-submit").ClickAsync();
        }
    }
}
