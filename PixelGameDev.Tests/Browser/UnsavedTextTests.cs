using System.Text.Json;
using Microsoft.Playwright;
using PixelGameDev.Benchmarks.Network;
using PixelGameDev.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;
using static PixelGameDev.Tests.Browser.TextProbes;

namespace PixelGameDev.Tests.Browser;

/// <summary>
/// Tests that the browser keeps text that could not be saved, and that the text comes back, in the real page with the real Api.
/// </summary>
[Collection(BrowserCollection.Name)]
public sealed class UnsavedTextTests(SystemFixture system, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private async Task VisitAsync(Func<Visitor, Task> visit, [System.Runtime.CompilerServices.CallerMemberName] string test = "") =>
        await Visitor.VisitAsync(browser, (await system.GetAsync()).Address, visit, test: test);

    [Fact]
    public async Task What_was_typed_without_a_connection_outlives_a_killed_browser()
    {
        await using Relay proxy = new((await system.GetAsync()).Address);
        using TestDirectory directory = new();
        string profile = directory.Sub("profile");
        // Browsers write cookies to disk with a delay, or when they end. This visit stores the cookie of the guest.
        await using (IBrowserContext before = await browser.LaunchWithProfileAsync(profile, proxy.Address))
        {
            await OpenAsync(before);
        }

        IBrowserContext first = await browser.LaunchWithProfileAsync(profile, proxy.Address);
        IPage page = await OpenAsync(first);
        proxy.Cut();
        await TypeFirstLineAsync(page, "# typed before the battery was empty");
        await KeptAsync(page, "# typed before the battery was empty");
        TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
        first.Close += (_, _) => gone.TrySetResult();
        BrowserFixture.Kill(profile);
        await gone.Task.WaitAsync(Eventually.Limit);

        proxy.Mend();
        await using IBrowserContext second = await browser.LaunchWithProfileAsync(profile, proxy.Address);
        page = await OpenAsync(second);
        await Expect(page.GetByTestId("code")).ToContainTextAsync("# typed before the battery was empty");
        await Expect(page.GetByTestId("saved")).ToHaveAttributeAsync("data-state", "saved");
        string project = new Uri(page.Url).AbsolutePath.Split('/').Last();
        await Eventually.TrueAsync(
            async () => (await StoredAsync(page, project)).StartsWith("# typed before the battery was empty", StringComparison.Ordinal),
            "it is stored");
        // The copy is not needed any more.
        await NothingKeptAsync(page);

        static async Task<IPage> OpenAsync(IBrowserContext context)
        {
            IPage page = await context.NewPageAsync();
            await page.GotoAsync("/");
            await Expect(page.GetByTestId("code")).ToBeVisibleAsync();
            return page;
        }
    }

    [Fact]
    public async Task Two_windows_that_end_without_a_connection_both_come_back()
    {
        // Cuts the real connection: requests of a closing page get past the browser's "offline" mode.
        await using Relay cable = new((await system.GetAsync()).Address);
        await Visitor.VisitAsync(browser, cable.Address, async visitor =>
        {
            visitor.ExpectCuts();
            IBrowserContext context = visitor.Page.Context;
            string address = visitor.Page.Url;
            IPage other = await context.NewPageAsync();
            await other.GotoAsync(address);
            await Expect(other.GetByTestId("code")).ToBeVisibleAsync();
            IPage keeper = await context.NewPageAsync();
            await keeper.GotoAsync(address);
            await Expect(keeper.GetByTestId("code")).ToBeVisibleAsync();
            cable.Cut();
            await TypeFirstLineAsync(visitor.Page, "# from the first window");
            await KeptAsync(visitor.Page, "# from the first window");
            await TypeFirstLineAsync(other, "# from the second window");
            await KeptAsync(other, "# from the second window");
            await visitor.Page.CloseAsync();
            await other.CloseAsync();
            // A closed page lives on for a moment and would save its text if the connection were back.
            await Eventually.TrueAsync(
                async () => (await keeper.EvaluateAsync<JsonElement>("navigator.locks.query()")).GetProperty("held").GetArrayLength() == 1,
                "both windows have gone");
            cable.Mend();

            await keeper.GotoAsync(address);
            // The editor shows the newest text; the page offers the other one.
            await Expect(keeper.GetByTestId("code")).ToContainTextAsync("# from the second window");
            await Expect(keeper.GetByTestId("draft-offer")).ToContainTextAsync("# from the first window");
            await keeper.GetByTestId("draft-keep").ClickAsync();
            await Expect(keeper.GetByTestId("file:main-2.py")).ToBeVisibleAsync();
            await Expect(keeper.GetByTestId("code")).ToContainTextAsync("# from the first window");
            string project = new Uri(address).AbsolutePath.Split('/').Last();
            await Eventually.TrueAsync(
                async () => (await StoredAsync(keeper, project)).StartsWith("# from the second window", StringComparison.Ordinal),
                "the newest is stored");
            Assert.StartsWith("# from the first window", await StoredAsync(keeper, project, "main-2.py"), StringComparison.Ordinal);
            await NothingKeptAsync(keeper);
        });
    }

    [Fact]
    public Task What_a_window_leaves_unsaved_is_offered_in_the_one_that_stays() => VisitAsync(async visitor =>
    {
        // A text in conflict with another one is not saved until the person chooses, whatever a closing page sends.
        visitor.ExpectStatus(412);
        visitor.ExpectCuts();
        string game = visitor.Project;
        await visitor.Page.EvaluateAsync(
            "project => fetch(`/api/projects/${project}/files/main.py`, { method: 'PUT', body: '# from elsewhere' })", game);
        await TypeFirstLineAsync(visitor.Page, "# not saved here");
        await Expect(visitor.Page.GetByTestId("conflict")).ToBeVisibleAsync();
        await KeptAsync(visitor.Page, "# not saved here");
        IPage other = await visitor.Page.Context.NewPageAsync();
        await other.GotoAsync(visitor.Page.Url);
        await Expect(other.GetByTestId("code")).ToContainTextAsync("# from elsewhere");
        await Expect(other.GetByTestId("code")).ToHaveAttributeAsync("contenteditable", "true");
        // The first window is open, so its text is not offered here.
        await Expect(other.GetByTestId("draft-offer")).ToBeHiddenAsync();

        await visitor.Page.CloseAsync();
        await Expect(other.GetByTestId("draft-offer")).ToContainTextAsync("# not saved here");
        await other.GetByTestId("draft-keep").ClickAsync();
        await Expect(other.GetByTestId("file:main-2.py")).ToBeVisibleAsync();
        Assert.StartsWith("# not saved here", await StoredAsync(other, game, "main-2.py"), StringComparison.Ordinal);
        Assert.Equal("# from elsewhere", await StoredAsync(other, game));
    });

    [Fact]
    public Task Text_that_does_not_fit_waits_in_the_browser_while_another_game_is_open() => VisitAsync(async visitor =>
    {
        visitor.ExpectStatus(413);
        IPage page = visitor.Page;
        string first = visitor.Project;
        await page.RouteAsync("**/files/main.py", async route =>
        {
            if (route.Request.Method == "PUT")
            {
                await route.FulfillAsync(new RouteFulfillOptions
                {
                    Status = 413,
                    ContentType = "application/problem+json",
                    Body = """{"detail":"Your games are full.","code":"storage_full"}""",
                });
            }
            else
            {
                await route.ContinueAsync();
            }
        });
        await TypeFirstLineAsync(page, "# this does not fit");
        await Expect(visitor.Saved).ToHaveAttributeAsync("data-state", "refused");
        await Expect(page.GetByTestId("toast")).ToContainTextAsync("Your games are full. What you typed is kept in this browser.");

        await page.GetByTestId("menu").ClickAsync();
        await page.GetByTestId("menu-new").ClickAsync();
        await page.GetByTestId("template-starter").ClickAsync();
        await Eventually.TrueAsync(() => Task.FromResult(visitor.Project != first), "another game is open");
        await Expect(visitor.Code).Not.ToContainTextAsync("# this does not fit");

        await page.UnrouteAllAsync();
        await page.GotoAsync($"/projects/{first}");
        await Expect(visitor.Code).ToContainTextAsync("# this does not fit");
        await Eventually.TrueAsync(
            async () => (await StoredAsync(page, first)).StartsWith("# this does not fit", StringComparison.Ordinal),
            "it is saved when there is room");
    });
}
