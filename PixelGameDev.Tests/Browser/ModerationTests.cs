using Microsoft.Playwright;
using PixelGameDev.Api.Administration;
using PixelGameDev.Tests.Api;
using static Microsoft.Playwright.Assertions;

namespace PixelGameDev.Tests.Browser;

/// <summary>
/// Tests that a stranger reports a game, that an admin takes it down and gives it back, and what everybody sees. It runs no games.
/// </summary>
public sealed class ModerationTests(ApiFixture fixture, BrowserFixture browser) : IClassFixture<ApiFixture>, IClassFixture<BrowserFixture>
{
    private const string Password = "seven small owls";

    private const string Title = "Moon Garden";

    [Fact]
    public async Task A_reported_game_is_taken_down_its_owner_reads_why_and_it_is_given_back()
    {
        await fixture.Api.WaitUntilHealthyAsync();
        await using IBrowserContext home = await NewBrowserAsync(Device.Laptop);
        await using IBrowserContext street = await NewBrowserAsync(Device.Phone);
        await using IBrowserContext office = await NewBrowserAsync(Device.Laptop);
        IPage owner = await SignUpAsync(home, "Quiet Owl");
        string code = await PublishAsync(owner);
        await SendAsync(owner, "POST", $"{ProjectOf(owner)}/links", new { });
        IPage admin = await SignUpAsync(office, "Ada");
        Assert.Equal(0, await MakeAdmin.RunAsync(fixture.Api.Services, "Ada"));
        string copy = $"/api/projects/{await SendAsync(admin, "POST", $"/api/play/{code}/copy", new { })}";
        await SendAsync(admin, "PATCH", copy, new { name = "Sun Garden" });
        string remix = await SendAsync(admin, "PUT", $"{copy}/publication", new { });

        IPage stranger = await street.NewPageAsync();
        await stranger.GotoAsync("/gallery");
        await stranger.GetByTestId($"gallery:{Title}").GetByRole(AriaRole.Link).TapAsync();
        await Expect(stranger.GetByTestId("shared-title")).ToHaveTextAsync(Title);
        await Looks.SaveAsync(stranger, "report-button-phone");
        await stranger.GetByTestId("report-game").TapAsync();
        await Expect(stranger.GetByTestId("report-send")).ToBeDisabledAsync();
        await stranger.GetByTestId("report-unkind").CheckAsync();
        await stranger.GetByTestId("report-details").FillAsync("It laughs at a child of my class.");
        await Looks.SaveAsync(stranger, "report-phone");
        await Axe.CheckAsync(stranger, "a report on a phone");
        Assert.True(await Looks.FitsAsync(stranger));
        await stranger.GetByTestId("report-send").TapAsync();
        await Expect(stranger.GetByTestId("toast")).ToContainTextAsync("Thank you.");
        await Expect(stranger.GetByTestId("report-dialog")).ToHaveCountAsync(0);
        // The report alone makes no account.
        Assert.Empty(await street.CookiesAsync());

        await admin.GotoAsync("/admin");
        await Expect(admin.GetByTestId("admin-reports")).ToHaveTextAsync("Reports (1)");
        await admin.GetByTestId("admin-reports").ClickAsync();
        ILocator reported = admin.GetByTestId($"report:{Title}");
        await Expect(reported).ToContainTextAsync("It laughs at a child of my class.");
        await Expect(reported.GetByTestId("report-reason")).ToHaveValueAsync("unkind");
        // The game itself, and what was made from it.
        await Expect(reported.GetByTestId("report-remixes")).ToContainTextAsync("The gallery has 1 remix of it");
        foreach ((string link, string title) in new[] { ($"Open the game: {Title}", Title), ("Sun Garden", "Sun Garden") })
        {
            IPage look = await admin.RunAndWaitForPopupAsync(
                () => reported.GetByRole(AriaRole.Link, new() { Name = link, Exact = true }).ClickAsync());
            await Expect(look.GetByTestId("shared-title")).ToHaveTextAsync(title);
            await look.CloseAsync();
        }

        await reported.GetByTestId("report-note").FillAsync("Laugh with people, not at them.");
        await Looks.SaveAsync(admin, "reports");
        await Axe.CheckAsync(admin, "reports");
        await reported.GetByTestId("report-take-down").ClickAsync();
        await Expect(reported).ToHaveCountAsync(0);
        await Expect(admin.GetByTestId("admin-reports")).ToHaveTextAsync("Reports");

        await stranger.GotoAsync("/gallery");
        await Expect(stranger.GetByTestId("gallery:Sun Garden")).ToBeVisibleAsync();
        await Expect(stranger.GetByTestId($"gallery:{Title}")).ToHaveCountAsync(0);
        IResponse? dead = await stranger.GotoAsync($"/play/{code}");
        Assert.Equal(404, dead!.Status);
        await Expect(stranger.GetByTestId("shared-nothing")).ToContainTextAsync("There is no game here");

        await owner.ReloadAsync();
        await OpenShareAsync(owner);
        await Expect(owner.GetByTestId("taken-down")).ToContainTextAsync("Laugh with people, not at them.");
        await Expect(owner.GetByTestId("taken-down")).ToContainTextAsync("It is unkind to somebody");
        await Looks.SaveAsync(owner, "taken-down");
        await Axe.CheckAsync(owner, "a game that was taken down");
        // The notice is the first thing in the dialog: above the links, which do not work, and instead of the forms.
        await Expect(owner.GetByTestId("share-revoke")).ToBeVisibleAsync();
        await Expect(owner.GetByTestId("share-copy")).ToHaveCountAsync(0);
        ViewportBox links = await ViewportBox.OfAsync(owner.GetByTestId("share-revoke"));
        Assert.True((await ViewportBox.OfAsync(owner.GetByTestId("taken-down"))).Y < links.Y);
        await Expect(owner.GetByTestId("taken-down")).ToContainTextAsync("you cannot make new ones");
        await Expect(owner.GetByTestId("share-make")).ToHaveCountAsync(0);
        await Expect(owner.GetByTestId("publish")).ToHaveCountAsync(0);

        await admin.GetByTestId("reports-settled").ClickAsync();
        await Expect(reported.GetByTestId("taken-down")).ToContainTextAsync("Laugh with people");
        await Expect(reported.GetByTestId("report-remixes")).ToContainTextAsync("Sun Garden");
        await admin.SetViewportSizeAsync(Device.Phone.Width, Device.Phone.Height);
        await Looks.SaveAsync(admin, "reports-settled-phone");
        await Axe.CheckAsync(admin, "reports on a phone");
        Assert.True(await PeopleTests.FitsAsync(admin));
        await reported.GetByTestId("report-give-back").ClickAsync();
        await Expect(reported.GetByTestId("report-take-down")).ToBeVisibleAsync();
        await admin.GetByTestId("admin-log").ClickAsync();
        await Expect(admin.GetByTestId("log")).ToContainTextAsync(
            "took a game down: It is unkind to somebody: Laugh with people, not at them.");
        await Expect(admin.GetByTestId("log")).ToContainTextAsync("gave a game back");

        await stranger.GotoAsync("/gallery");
        await Expect(stranger.GetByTestId($"gallery:{Title}")).ToBeVisibleAsync();
        await stranger.GotoAsync($"/play/{code}");
        await Expect(stranger.GetByTestId("shared-title")).ToHaveTextAsync(Title);
        await owner.ReloadAsync();
        await OpenShareAsync(owner);
        await Expect(owner.GetByTestId("published")).ToBeVisibleAsync();
        await Expect(owner.GetByTestId("share-make")).ToBeVisibleAsync();
        await Expect(owner.GetByTestId("taken-down")).ToHaveCountAsync(0);
        await DeleteAsync(owner, stranger, remix);
    }

    /// <summary>The owner deletes the game for good: a remix still names it, without a link.</summary>
    private static async Task DeleteAsync(IPage owner, IPage stranger, string remix)
    {
        string project = ProjectOf(owner);
        await stranger.GotoAsync($"/play/{remix}");
        await Expect(stranger.GetByTestId("credit")).ToHaveTextAsync($"Remix of {Title} by Quiet Owl");
        await Expect(stranger.GetByTestId("credit").GetByRole(AriaRole.Link)).ToHaveCountAsync(1);
        await SendAsync(owner, "DELETE", project, new { });
        await SendAsync(owner, "DELETE", project.Replace("/projects/", "/trash/projects/", StringComparison.Ordinal), new { });
        await stranger.ReloadAsync();
        await Expect(stranger.GetByTestId("credit")).ToHaveTextAsync($"Remix of {Title} by Quiet Owl (it is gone)");
        await Expect(stranger.GetByTestId("credit").GetByRole(AriaRole.Link)).ToHaveCountAsync(0);
        Assert.True(await Looks.FitsAsync(stranger));
        await stranger.GetByTestId("family").TapAsync();
        await Expect(stranger.GetByTestId("family-dialog")).ToContainTextAsync($"{Title} by Quiet Owl (it is gone)");
        await Looks.SaveAsync(stranger, "remix-gone-phone");
        await Axe.CheckAsync(stranger, "a remix of a deleted game on a phone");
    }

    private async Task<IBrowserContext> NewBrowserAsync(Device device)
    {
        IBrowserContext context = await browser.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = fixture.Api.Address.ToString(),
            ViewportSize = new ViewportSize { Width = device.Width, Height = device.Height },
            HasTouch = device.Touch,
            IsMobile = device.Touch,
            Locale = "en-GB",
        });
        context.SetDefaultTimeout(BrowserFixture.TimeoutMillis);
        return context;
    }

    /// <summary>Opens the studio with a new account.</summary>
    private static async Task<IPage> SignUpAsync(IBrowserContext person, string name)
    {
        IPage page = await person.NewPageAsync();
        await page.GotoAsync("/");
        await Expect(page.GetByTestId("project-name")).Not.ToHaveValueAsync("");
        await SendAsync(page, "POST", "/api/account/sign-up", new { name, password = Password });
        await page.ReloadAsync();
        await Expect(page.GetByTestId("project-name")).Not.ToHaveValueAsync("");
        return page;
    }

    /// <summary>Publishes the open game and returns the code of its link.</summary>
    private static async Task<string> PublishAsync(IPage owner)
    {
        string project = ProjectOf(owner);
        await SendAsync(owner, "PATCH", project, new { name = Title });
        return await SendAsync(owner, "PUT", $"{project}/publication", new { howToPlay = "Catch all stars.", withCode = true });
    }

    /// <summary>Returns the address of the open game in the Api.</summary>
    private static string ProjectOf(IPage owner) => $"/api/projects/{new Uri(owner.Url).AbsolutePath.Split('/').Last()}";

    /// <summary>Sends a request of the page's person, and returns the code or the id in the answer.</summary>
    private static Task<string> SendAsync(IPage page, string method, string url, object body) => page.EvaluateAsync<string>(
        """
        async ([method, url, body]) => {
          const answer = await fetch(url, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
          if (!answer.ok) throw new Error(await answer.text());
          if (answer.status === 204) return '';
          const { code, id } = await answer.json();
          return code ?? id;
        }
        """,
        new object[] { method, url, body });

    private static async Task OpenShareAsync(IPage page)
    {
        await Expect(page.GetByTestId("project-name")).Not.ToHaveValueAsync("");
        await page.GetByTestId("menu").ClickAsync();
        await page.GetByTestId("menu-share").ClickAsync();
    }
}
