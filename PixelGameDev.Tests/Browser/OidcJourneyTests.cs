using Microsoft.Playwright;
using PixelGameDev.Tests.Api;
using static Microsoft.Playwright.Assertions;

namespace PixelGameDev.Tests.Browser;

/// <summary>
/// Tests the way to the account of a school and back: the page, a real OpenID Connect provider with a page of its own, and the page again.
/// It runs no games.
/// </summary>
public sealed class OidcJourneyTests(ApiFixture fixture, BrowserFixture browser)
    : IClassFixture<ApiFixture>, IClassFixture<BrowserFixture>, IAsyncLifetime
{
    private const string Failed = "The sign-in did not work. Try again.";

    private OidcServer _provider = null!;
    private RunningApi _api = null!;

    public async Task InitializeAsync()
    {
        _provider = await OidcServer.StartAsync();
        _provider.Asks = true;
        _api = await RunningApi.StartAsync(await fixture.CreateDatabaseAsync(), fixture.Executor.Address, _provider.Settings);
        await _api.WaitUntilHealthyAsync();
    }

    public async Task DisposeAsync()
    {
        await _api.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task A_pupil_signs_in_with_the_schools_account_takes_the_game_along_and_finds_it_at_home()
    {
        await using IBrowserContext school = await NewBrowserAsync();
        IPage page = await PeopleTests.OpenAsync(school, "/");
        await PeopleTests.RenameGameAsync(page, "Owl Race");
        await PeopleTests.OpenSignInAsync(page);
        await Expect(page.GetByTestId("account-games")).ToContainTextAsync("Owl Race");
        await Expect(page.GetByTestId("account-provider")).ToHaveTextAsync("Sign in with Owl School");
        await Axe.CheckAsync(page, "sign-in with a provider");
        await ScreenshotAsync(page, "sign-in");
        await page.SetViewportSizeAsync(390, 844);
        await ScreenshotAsync(page, "sign-in-phone");
        await page.SetViewportSizeAsync(1280, 720);

        // Nobody leaves before it is known whose games these are.
        await page.GetByTestId("account-provider").ClickAsync();
        await Expect(page.GetByTestId("account-dialog")).ToBeVisibleAsync();
        await page.GetByTestId("account-bring").CheckAsync();
        await page.GetByTestId("account-provider").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Owl School" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Continue as ada" }).ClickAsync();
        await Expect(page.GetByTestId("project-name")).ToHaveValueAsync("Owl Race");
        await page.GetByTestId("menu").ClickAsync();
        await Expect(page.GetByTestId("menu-sign-out")).ToContainTextAsync("ada");
        await ScreenshotAsync(page, "signed-in");

        // There is no password to change and nothing to connect: the account is the school's.
        await page.GetByTestId("menu-account").ClickAsync();
        await Expect(page.GetByTestId("account-who")).ToContainTextAsync("You are signed in as ada.");
        await Expect(page.GetByTestId("export")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("password-form")).ToHaveCountAsync(0);
        await Expect(page.GetByTestId("link-provider")).ToHaveCountAsync(0);
        await Axe.CheckAsync(page, "account of a provider");
        await ScreenshotAsync(page, "account");

        // Signed out, the computer is that of a guest again.
        await page.GotoAsync("/");
        await page.GetByTestId("menu").ClickAsync();
        await page.GetByTestId("menu-sign-out").ClickAsync();
        await Expect(page.GetByTestId("project-name")).Not.ToHaveValueAsync("Owl Race");
        await page.GetByTestId("menu").ClickAsync();
        await Expect(page.GetByTestId("menu-sign-in")).ToBeVisibleAsync();

        // The same person at home. Nobody has changed the game of this guest, so nothing is asked.
        await using IBrowserContext home = await NewBrowserAsync();
        page = await PeopleTests.OpenAsync(home, "/");
        await PeopleTests.OpenSignInAsync(page);
        await Expect(page.GetByTestId("account-games")).ToHaveCountAsync(0);
        await page.GetByTestId("account-provider").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Continue as ada" }).ClickAsync();
        await Expect(page.GetByTestId("project-name")).ToHaveValueAsync("Owl Race");
    }

    [Fact]
    public async Task Who_cancels_or_comes_back_with_a_wrong_answer_reads_a_sentence_and_keeps_the_game()
    {
        await using IBrowserContext computer = await NewBrowserAsync();
        IPage page = await PeopleTests.OpenAsync(computer, "/");
        await PeopleTests.RenameGameAsync(page, "Owl Race");
        await PeopleTests.OpenSignInAsync(page);
        await page.GetByTestId("account-bring").CheckAsync();
        await page.GetByTestId("account-provider").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Cancel" }).ClickAsync();
        await SaysThatItFailedAsync();
        await ScreenshotAsync(page, "cancelled");

        // An answer to a question that this browser has not asked.
        await page.GotoAsync("/api/account/oidc/callback?code=abc&state=wrong");
        await SaysThatItFailedAsync();
        // Reloading does not say it again.
        await page.ReloadAsync();
        await Expect(page.GetByTestId("account-guest")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("toast")).ToHaveCountAsync(0);

        await page.GotoAsync("/");
        await Expect(page.GetByTestId("project-name")).ToHaveValueAsync("Owl Race");

        async Task SaysThatItFailedAsync()
        {
            await Expect(page.GetByTestId("account-guest")).ToBeVisibleAsync();
            await Expect(page.GetByTestId("toast")).ToContainTextAsync(Failed);
            Assert.Equal("/account", new Uri(page.Url).PathAndQuery);
        }
    }

    private Task<IBrowserContext> NewBrowserAsync() => browser.Browser.NewContextAsync(new BrowserNewContextOptions
    {
        BaseURL = _api.Address.ToString(),
        Locale = "en-GB",
    });

    /// <summary>Keeps a picture for people to look at.</summary>
    private static async Task ScreenshotAsync(IPage page, string name)
    {
        string folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "TestResults", "browser")).FullName;
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"look-oidc-{name}.png") });
    }
}
