using System.Net.Http.Json;
using Microsoft.Playwright;
using PixelGameDev.Tests.Api;
using PixelGameDev.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace PixelGameDev.Tests.Browser;

/// <summary>Tests the journeys of people with their accounts. It needs the page and the Api, and runs no games.</summary>
public sealed class PeopleTests(ApiFixture fixture, BrowserFixture browser) : IClassFixture<ApiFixture>, IClassFixture<BrowserFixture>
{
    private const string Password = "seven small owls";
    private static readonly ViewportSize Phone = new() { Width = 390, Height = 844 };

    [Fact]
    public async Task At_a_shared_computer_nobody_takes_or_sees_the_games_of_another()
    {
        await fixture.Api.WaitUntilHealthyAsync();
        string name = await NewAccountAsync();
        await using IBrowserContext computer = await NewBrowserAsync();
        IPage page = await OpenAsync(computer, "/");
        await RenameGameAsync(page, "Owl Race");

        // The next pupil signs in, and is asked first.
        await OpenSignInAsync(page);
        await Expect(page.GetByTestId("account-games")).ToContainTextAsync("Owl Race");
        await Axe.CheckAsync(page, "sign-in");
        await FillAsync(page, name, Password);
        await page.GetByTestId("account-submit").ClickAsync();
        // Without an answer the browser does not send the form.
        await Expect(page.GetByTestId("account-dialog")).ToBeVisibleAsync();
        await page.GetByTestId("account-leave").CheckAsync();
        await page.GetByTestId("account-submit").ClickAsync();
        await Expect(page.GetByTestId("account-dialog")).ToHaveCountAsync(0);
        await Expect(page.GetByTestId("project-name")).Not.ToHaveValueAsync("");
        await Expect(page.GetByTestId("project-name")).Not.ToHaveValueAsync("Owl Race");
        await page.GetByTestId("menu").ClickAsync();
        await page.GetByTestId("menu-sign-out").ClickAsync();
        await Expect(page.GetByTestId("project-name")).ToHaveValueAsync("Owl Race");

        // The first one leaves, and leaves nothing.
        await page.GetByTestId("menu").ClickAsync();
        await page.GetByTestId("menu-account").ClickAsync();
        await Expect(page.GetByTestId("account-guest")).ToContainTextAsync("this browser only");
        await Axe.CheckAsync(page, "account of a guest");
        await page.GetByTestId("start-fresh").ClickAsync();
        await Expect(page.GetByTestId("fresh")).ToContainTextAsync("Owl Race");
        await Axe.CheckAsync(page, "start fresh?");
        await page.GetByRole(AriaRole.Button, new() { Name = "Yes, start fresh" }).ClickAsync();
        await Expect(page.GetByTestId("project-name")).ToHaveValueAsync("Star Catcher");
        Assert.Equal(1, await page.EvaluateAsync<int>("fetch('/api/projects').then((answer) => answer.json()).then((all) => all.length)"));
        Assert.DoesNotContain("Owl", await page.EvaluateAsync<string>("JSON.stringify(localStorage)"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guest_is_told_once_where_the_games_are()
    {
        await fixture.Api.WaitUntilHealthyAsync();
        await using IBrowserContext computer = await NewBrowserAsync();
        IPage page = await computer.NewPageAsync();
        page.SetDefaultTimeout(BrowserFixture.TimeoutMillis);
        await page.Clock.InstallAsync();
        await page.GotoAsync("/");
        await Expect(page.GetByTestId("project-name")).Not.ToHaveValueAsync("");
        await page.Locator(".cm-content").ClickAsync();
        // The module that waits is loaded after the game is shown: typing goes on until it has heard of a change.
        ILocator told = page.Locator("[data-key=guest]");
        await Eventually.TrueAsync(
            async () =>
            {
                if (await told.IsVisibleAsync())
                {
                    return true;
                }

                await page.Keyboard.TypeAsync("#");
                await page.Clock.RunForAsync(30_000);
                return false;
            },
            "the guest is told");
        await Expect(told).ToContainTextAsync("in this browser only");
        await told.GetByRole(AriaRole.Button, new() { Name = "Make an account" }).ClickAsync();
        await Expect(page.GetByTestId("account-dialog")).ToBeVisibleAsync();
        Assert.Equal("1", await page.EvaluateAsync<string>("localStorage.getItem('pixel.guestTold')"));
    }

    [Fact]
    public async Task An_account_changes_its_password_takes_everything_along_and_is_deleted()
    {
        await fixture.Api.WaitUntilHealthyAsync();
        string name = await NewAccountAsync();
        await using IBrowserContext home = await NewBrowserAsync();
        IPage page = await OpenAsync(home, "/");
        await OpenSignInAsync(page);
        await FillAsync(page, name, Password);
        await page.GetByTestId("account-submit").ClickAsync();
        await Expect(page.GetByTestId("account-dialog")).ToHaveCountAsync(0);
        await Expect(page.GetByTestId("project-name")).Not.ToHaveValueAsync("");
        await page.GotoAsync("/account");
        await Expect(page.GetByTestId("account-who")).ToContainTextAsync(name);
        await Axe.CheckAsync(page, "account");

        ILocator password = page.GetByTestId("password-form");
        await password.Locator("[name=current]").FillAsync("wrong wrong wrong");
        await password.Locator("[name=new]").FillAsync("nine quiet whales");
        await password.GetByRole(AriaRole.Button, new() { Name = "Change password" }).ClickAsync();
        await Expect(password.GetByRole(AriaRole.Alert)).ToContainTextAsync("not right");
        await password.Locator("[name=current]").FillAsync(Password);
        await password.Locator("[name=current]").PressAsync("Enter");
        await Expect(page.GetByTestId("toast")).ToContainTextAsync("changed");

        IDownload download = await page.RunAndWaitForDownloadAsync(() => page.GetByTestId("export").ClickAsync());
        Assert.EndsWith(".zip", download.SuggestedFilename, StringComparison.Ordinal);
        Assert.True(new FileInfo(await download.PathAsync()).Length > 500);

        await page.SetViewportSizeAsync(Phone.Width, Phone.Height);
        await Axe.CheckAsync(page, "account on a phone");
        Assert.True(await FitsAsync(page), "The page is wider than a phone.");
        ILocator delete = page.GetByTestId("delete-form");
        await delete.Locator("[name=proof]").FillAsync("nine quiet whales");
        await delete.Locator("[name=proof]").PressAsync("Enter");
        await Expect(page.GetByTestId("project-name")).ToHaveValueAsync("Star Catcher");
        await page.GetByTestId("menu").ClickAsync();
        await Expect(page.GetByTestId("menu-sign-in")).ToBeVisibleAsync();
    }

    private Task<IBrowserContext> NewBrowserAsync() => browser.Browser.NewContextAsync(new BrowserNewContextOptions
    {
        BaseURL = fixture.Api.Address.ToString(),
        Locale = "en-GB",
    });

    /// <summary>Registers somebody without a browser, and returns the name.</summary>
    private async Task<string> NewAccountAsync()
    {
        string name = $"o{Guid.NewGuid():N}"[..12];
        using Api.Visitor visitor = await fixture.NewVisitorAsync();
        (await visitor.Http.PostAsJsonAsync("/api/account/sign-up", new { name, password = Password })).EnsureSuccessStatusCode();
        return name;
    }

    internal static async Task<IPage> OpenAsync(IBrowserContext person, string address)
    {
        IPage page = await person.NewPageAsync();
        page.SetDefaultTimeout(BrowserFixture.TimeoutMillis);
        await page.GotoAsync(address);
        await Expect(page.GetByTestId("project-name")).Not.ToHaveValueAsync("");
        return page;
    }

    internal static async Task OpenSignInAsync(IPage page)
    {
        await page.GetByTestId("menu").ClickAsync();
        await page.GetByTestId("menu-sign-in").ClickAsync();
        await Expect(page.GetByTestId("account-dialog")).ToBeVisibleAsync();
    }

    internal static async Task FillAsync(IPage page, string name, string password)
    {
        await page.GetByTestId("account-name").FillAsync(name);
        await page.GetByTestId("account-password").FillAsync(password);
    }

    /// <summary>Returns whether the page needs no scrolling to the side.</summary>
    internal static Task<bool> FitsAsync(IPage page) =>
        page.EvaluateAsync<bool>("(document.querySelector('.sheet')?.scrollWidth ?? 1e9) <= document.documentElement.clientWidth");

    internal static async Task RenameGameAsync(IPage page, string name)
    {
        Task<IResponse> stored = page.WaitForResponseAsync(static response => response.Request.Method == "PATCH");
        await page.GetByTestId("project-name").FillAsync(name);
        await page.GetByTestId("project-name").PressAsync("Enter");
        await stored;
    }
}
