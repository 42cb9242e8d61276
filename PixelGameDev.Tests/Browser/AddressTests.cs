using System.Net;
using Microsoft.Playwright;
using PixelGameDev.Tests.Api;
using static Microsoft.Playwright.Assertions;

namespace PixelGameDev.Tests.Browser;

/// <summary>Tests the addresses of the page. It needs the page and the Api, and runs no games.</summary>
public sealed class AddressTests(ApiFixture fixture, BrowserFixture browser) : IClassFixture<ApiFixture>, IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task A_game_of_somebody_else_and_an_address_of_nothing_are_called_so()
    {
        await fixture.Api.WaitUntilHealthyAsync();
        await using IBrowserContext mine = await NewPersonAsync();
        IPage page = await OpenAsync(mine, "/");
        string address = page.Url;
        Assert.Contains("/projects/", address, StringComparison.Ordinal);

        await using IBrowserContext friend = await NewPersonAsync();
        IPage friendsPage = await friend.NewPageAsync();
        await friendsPage.GotoAsync(address);
        ILocator notFound = friendsPage.GetByTestId("not-found");
        await Expect(notFound).ToContainTextAsync("This is not one of your games");
        Assert.Equal(address, friendsPage.Url);
        await Expect(friendsPage.GetByTestId("not-found-sign-in")).ToBeVisibleAsync();
        await friendsPage.GetByTestId("to-my-games").ClickAsync();
        await Expect(friendsPage.GetByTestId("project-name")).Not.ToHaveValueAsync("");
        Assert.NotEqual(address, friendsPage.Url);

        IResponse? nowhere = await friendsPage.GotoAsync("/help");
        Assert.Equal((int)HttpStatusCode.NotFound, nowhere!.Status);
        await Expect(notFound).ToContainTextAsync("There is nothing here");
        await friendsPage.GetByTestId("to-my-games").ClickAsync();
        await Expect(friendsPage.GetByTestId("project-name")).Not.ToHaveValueAsync("");
    }

    [Fact]
    public async Task A_sign_out_in_one_window_is_told_in_the_others()
    {
        await fixture.Api.WaitUntilHealthyAsync();
        await using IBrowserContext person = await NewPersonAsync();
        IPage page = await OpenAsync(person, "/");
        string name = $"o{Guid.NewGuid():N}"[..12];
        await page.GetByTestId("menu").ClickAsync();
        await page.GetByTestId("menu-sign-up").ClickAsync();
        await page.GetByTestId("account-name").FillAsync(name);
        await page.GetByTestId("account-password").FillAsync("seven small owls");
        await page.GetByTestId("account-submit").ClickAsync();
        await Expect(page.GetByTestId("account-dialog")).ToHaveCountAsync(0);

        IPage other = await OpenAsync(person, page.Url);
        await page.GetByTestId("menu").ClickAsync();
        await page.GetByTestId("menu-sign-out").ClickAsync();
        await Expect(other.GetByTestId("signed-out")).ToContainTextAsync("You signed out in another window");
        await Expect(page.GetByTestId("signed-out")).ToHaveCountAsync(0);
    }

    private Task<IBrowserContext> NewPersonAsync() =>
        browser.Browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = fixture.Api.Address.ToString() });

    private static async Task<IPage> OpenAsync(IBrowserContext person, string address)
    {
        IPage page = await person.NewPageAsync();
        page.SetDefaultTimeout(BrowserFixture.TimeoutMillis);
        await page.GotoAsync(address);
        await Expect(page.GetByTestId("project-name")).Not.ToHaveValueAsync("");
        return page;
    }
}
