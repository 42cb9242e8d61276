using System.Text.RegularExpressions;
using Microsoft.Playwright;
using PixelGameDev.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace PixelGameDev.Tests.Browser;

/// <summary>Tests that a person shows a game in the gallery, and that a stranger finds it there, plays it and makes a remix.</summary>
[Collection(BrowserCollection.Name)]
public sealed partial class GalleryTests(SystemFixture system, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Password = "seven small owls";

    [Fact]
    public async Task A_game_is_published_found_by_a_stranger_played_and_taken_out()
    {
        Uri address = (await system.GetAsync()).Address;
        await Visitor.VisitAsync(browser, address, async owner =>
        {
            IPage page = owner.Page;
            await PublishAsync(owner, "Quiet Owl", "Moon Garden");
            await Looks.SaveAsync(page, "publish");
            await page.SetViewportSizeAsync(390, 844);
            await Looks.SaveAsync(page, "publish-phone");
            await page.SetViewportSizeAsync(1366, 768);
            await OnPhoneAsync(address, stranger => FindAndPlayAsync(stranger, "Moon Garden"));

            // On a computer, the recording moves for whoever looks at the card.
            // The check of accessibility asks for no movement.
            await page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.NoPreference });
            await page.GotoAsync("/gallery");
            ILocator card = page.GetByTestId("gallery:Moon Garden");
            await card.GetByRole(AriaRole.Link).HoverAsync();
            await Expect(card.GetByTestId("replay")).ToHaveAttributeAsync("data-state", "playing");
            await Looks.SaveAsync(page, "gallery");
            await Axe.CheckAsync(page, "the gallery");
            await page.GetByLabel("Games with the tag stars").ClickAsync();
            await Expect(page.GetByTestId("gallery-search")).ToHaveValueAsync("stars");
            await Expect(card).ToBeVisibleAsync();
            await page.GetByTestId("gallery-search").FillAsync("nothing like this");
            await Expect(page.GetByTestId("gallery-empty")).ToContainTextAsync("No game has these words");

            await page.GotoAsync("/");
            await OpenShareAsync(page);
            await page.GetByTestId("unpublish").ClickAsync();
            await page.GetByTestId("publish").GetByRole(AriaRole.Button, new() { Name = "Take it out", Exact = true }).ClickAsync();
            await Expect(page.GetByTestId("published")).ToHaveCountAsync(0);
            await Expect(page.GetByTestId("publish-send")).ToBeVisibleAsync();
            await page.GotoAsync("/gallery");
            await page.GetByTestId("gallery-search").FillAsync("moon");
            await Expect(page.GetByTestId("gallery-empty")).ToBeVisibleAsync();
        });
    }

    /// <summary>Signs up, records the game and shows it in the gallery, with its code.</summary>
    private static async Task PublishAsync(Visitor owner, string name, string title)
    {
        IPage page = owner.Page;
        await page.EvaluateAsync(
            """
            async ([name, password, title]) => {
              const send = async (method, url, body) => {
                const answer = await fetch(url, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
                if (!answer.ok) throw new Error(await answer.text());
              };
              await send('POST', '/api/account/sign-up', { name, password });
              await send('PATCH', `/api/projects/${location.pathname.split('/').pop()}`, { name: title });
            }
            """,
            new[] { name, Password, title });
        await page.ReloadAsync();
        await Expect(owner.Code).ToContainTextAsync("import pygame");
        await owner.PressRunAsync();
        await page.GetByTestId("record").ClickAsync();
        await Expect(page.GetByTestId("record")).ToHaveClassAsync(Recording);
        await Eventually.TrueAsync(
            async () => int.Parse((await page.GetByTestId("game").GetAttributeAsync("data-frames"))!, provider: null) > 60, "it plays");
        await page.GetByTestId("record").ClickAsync();
        await Expect(page.GetByTestId("toast")).ToContainTextAsync("The recording is kept.");
        await owner.Stop.ClickAsync();
        await Expect(owner.Stage).ToHaveAttributeAsync("data-state", "ended");

        await OpenShareAsync(page);
        await page.GetByTestId("publish-how").FillAsync("Move with the arrow keys.\nCatch all stars before the night ends.");
        await page.GetByTestId("publish-tags").FillAsync("Stars, #night");
        await page.GetByTestId("share-gallery-code-yes").CheckAsync();
        await page.GetByTestId("publish-send").ClickAsync();
        await Expect(page.GetByTestId("published")).ToBeVisibleAsync();
        await Axe.CheckAsync(page, "a published game");
    }

    /// <summary>Finds the game without an account, with a thumb, plays it and makes a remix.</summary>
    private static async Task FindAndPlayAsync(IPage page, string title)
    {
        await page.GotoAsync("/gallery");
        ILocator card = page.GetByTestId($"gallery:{title}");
        await Expect(card).ToContainTextAsync("by Quiet Owl");
        // The visit alone makes no account.
        Assert.Empty(await page.Context.CookiesAsync());
        await page.GetByTestId("gallery-search").FillAsync("gar nig");
        await Expect(card).ToContainTextAsync("Catch all stars");
        Assert.True(await Looks.FitsAsync(page));
        await Looks.SaveAsync(page, "gallery-phone");
        await card.GetByRole(AriaRole.Link).TapAsync();
        await Expect(page.GetByTestId("shared-title")).ToHaveTextAsync(title);
        await Expect(page.GetByTestId("shared-how")).ToContainTextAsync("Move with the arrow keys.");
        await Expect(page.GetByTestId("replay")).ToHaveAttributeAsync("data-state", "playing");
        await Looks.SaveAsync(page, "gallery-game-phone");
        await Axe.CheckAsync(page, "a published game on a phone");
        await page.GetByTestId("play").TapAsync();
        await Expect(page.Locator(".stage")).ToHaveAttributeAsync("data-state", "playing");
        await page.GetByTestId("stop").TapAsync();
        await Expect(page.GetByTestId("play-again")).ToBeVisibleAsync();
        await RemixAsync(page, title);
    }

    private static async Task OpenShareAsync(IPage page)
    {
        await page.GetByTestId("menu").ClickAsync();
        await page.GetByTestId("menu-share").ClickAsync();
        await Expect(page.GetByTestId("publish")).ToBeVisibleAsync();
    }

    private async Task OnPhoneAsync(Uri address, Func<IPage, Task> visit)
    {
        await using IBrowserContext context = await browser.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = address.ToString(),
            ViewportSize = new ViewportSize { Width = Device.Phone.Width, Height = Device.Phone.Height },
            HasTouch = true,
            IsMobile = true,
            Locale = "en-GB",
        });
        context.SetDefaultTimeout(BrowserFixture.TimeoutMillis);
        await visit(await context.NewPageAsync());
    }

    [GeneratedRegex("recording")]
    private static partial Regex Recording { get; }
}
