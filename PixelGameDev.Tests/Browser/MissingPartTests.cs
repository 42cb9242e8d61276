using Microsoft.Playwright;
using PixelGameDev.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace PixelGameDev.Tests.Browser;

/// <summary>
/// Tests what a person sees when code of the page cannot be fetched: without a connection, or after an upgrade, when an open page asks for
/// files that are no longer there.
/// </summary>
[Collection(BrowserCollection.Name)]
public sealed class MissingPartTests(SystemFixture system, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Theory]
    [InlineData("connection")]
    [InlineData("upgrade")]
    public async Task A_part_that_cannot_be_fetched_is_told_and_comes_with_a_new_page(string reason)
    {
        await Visitor.VisitAsync(browser, (await system.GetAsync()).Address, async visitor =>
        {
            await visitor.UseProgramAsync("print('kept')");
            const string Parts = "**/assets/{studioPage,menuDialogs,historyDialog}-*.js";
            visitor.ExpectCuts();
            visitor.ExpectStatus(404);
            await visitor.Page.RouteAsync(Parts, route => reason == "connection"
                ? route.AbortAsync("internetdisconnected")
                : route.FulfillAsync(new() { Status = 404, ContentType = "text/html", Body = "No such file." }));
            ILocator bar = visitor.Page.GetByTestId("missing-part");

            // A dialog of an open page.
            await visitor.Code.ClickAsync();
            await visitor.Page.Keyboard.InsertTextAsync("# typed before\n");
            await visitor.Page.GetByTestId("menu").ClickAsync();
            await visitor.Page.GetByTestId("menu-history").ClickAsync();
            await Expect(bar).ToContainTextAsync("A part of this page could not be fetched.");
            await Expect(visitor.Page.GetByTestId("toast")).ToHaveCountAsync(0);
            await Expect(visitor.Code).ToContainTextAsync("# typed before");

            await Expect(visitor.Saved).ToHaveAttributeAsync("data-state", "saved");
            // The bar covers no button.
            await visitor.PressRunAsync();
            await Expect(visitor.Console).ToContainTextAsync("kept");
            await Expect(bar).ToBeVisibleAsync();

            // The largest part of a new page.
            await visitor.Page.ReloadAsync();
            await Expect(bar).ToBeVisibleAsync();
            await Expect(visitor.Code).ToHaveCountAsync(0);

            await visitor.Page.UnrouteAsync(Parts);
            await bar.GetByRole(AriaRole.Button).ClickAsync();
            await Expect(visitor.Code).ToContainTextAsync("# typed before");
            await Expect(bar).ToHaveCountAsync(0);
        });
    }
}
