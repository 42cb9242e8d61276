using System.Net;
using Microsoft.Playwright;
using PixelGameDev.Tests.Api;
using static Microsoft.Playwright.Assertions;

namespace PixelGameDev.Tests.Browser;

/// <summary>Tests an admin's first hour in the page. It needs the page and the Api, and runs no games.</summary>
public sealed class AdministrationTests(ApiFixture fixture, BrowserFixture browser)
    : IClassFixture<ApiFixture>, IClassFixture<BrowserFixture>
{
    private const string Password = "seven small owls";

    [Fact]
    public async Task An_admins_first_hour_with_the_keyboard_alone()
    {
        await using RunningApi api = await RunningApi.StartAsync(
            await fixture.CreateDatabaseAsync(), fixture.Executor.Address, "--SIGN_UP=invitation");
        await api.WaitUntilHealthyAsync();
        await using IBrowserContext office = await NewBrowserAsync(api);
        IPage admin = await office.NewPageAsync();
        admin.SetDefaultTimeout(BrowserFixture.TimeoutMillis);

        // The operator's address has the code behind #.
        await admin.GotoAsync($"/set-up#{RunningApi.SetupCode}");
        await Expect(admin.GetByTestId("set-up-form")).ToBeVisibleAsync();
        await Axe.CheckAsync(admin, "set-up");
        await admin.Locator("[name=name]").FillAsync("Ada");
        await admin.Locator("[name=password]").FillAsync(Password);
        await admin.Keyboard.PressAsync("Enter");
        await Expect(admin.GetByTestId("person")).ToContainTextAsync("Ada");

        // An invitation, and a pupil who uses it.
        await ReachAsync(admin, "Invitations");
        await admin.Keyboard.PressAsync("Enter");
        await Expect(admin.GetByTestId("invitation-form")).ToBeVisibleAsync();
        await admin.Locator("[name=note]").FocusAsync();
        await admin.Keyboard.TypeAsync("Class 5b");
        await admin.Keyboard.PressAsync("Enter");
        await Expect(admin.GetByTestId("invitation")).ToContainTextAsync("0 of 30");
        await Axe.CheckAsync(admin, "invitations");
        string link = await admin.GetByTestId("invitation-code").Locator(".admin-code").InnerTextAsync();
        await using IBrowserContext classroom = await NewBrowserAsync(api);
        IPage pupil = await classroom.NewPageAsync();
        pupil.SetDefaultTimeout(BrowserFixture.TimeoutMillis);
        await pupil.GotoAsync(link);
        await pupil.GetByRole(AriaRole.Button, new() { Name = "Make an account" }).ClickAsync();
        await PeopleTests.FillAsync(pupil, "Quiet Owl", Password);
        await Expect(pupil.GetByTestId("account-invitation")).Not.ToHaveValueAsync("");
        await Axe.CheckAsync(pupil, "sign-up with an invitation");
        await pupil.GetByTestId("account-submit").ClickAsync();
        await Expect(pupil.GetByTestId("account-who")).ToContainTextAsync("Quiet Owl");

        // The pupil forgets the password.
        await ReachAsync(admin, "People");
        await admin.Keyboard.PressAsync("Enter");
        await admin.GetByTestId("people-search").FocusAsync();
        await admin.Keyboard.TypeAsync("quiet");
        await Expect(admin.GetByTestId("person")).ToHaveCountAsync(1);
        await Axe.CheckAsync(admin, "people");
        await ReachAsync(admin, "New password for Quiet Owl");
        await admin.Keyboard.PressAsync("Enter");
        await Axe.CheckAsync(admin, "reset?");
        await ReachAsync(admin, "Yes, a new password");
        await admin.Keyboard.PressAsync("Enter");
        await Expect(admin.GetByTestId("password-card")).ToBeVisibleAsync();
        await Axe.CheckAsync(admin, "card");
        string oneTime = await admin.GetByTestId("card-password").InnerTextAsync();
        await admin.EmulateMediaAsync(new() { Media = Media.Print });
        await Expect(admin.GetByTestId("card-password")).ToBeVisibleAsync();
        await Expect(admin.GetByTestId("people")).ToBeHiddenAsync();
        await Expect(admin.GetByTestId("card-done")).ToBeHiddenAsync();
        await admin.EmulateMediaAsync(new() { Media = Media.Screen });
        await admin.Keyboard.PressAsync("Escape");
        await Expect(admin.GetByTestId("person")).ToContainTextAsync("one-time password");

        // The pupil's pictures need more room than those of others.
        await ReachAsync(admin, "Storage of Quiet Owl");
        await admin.Keyboard.PressAsync("Enter");
        await Expect(admin.GetByLabel("Megabytes that Quiet Owl may use")).ToBeFocusedAsync();
        await Axe.CheckAsync(admin, "quota");
        await admin.Keyboard.TypeAsync("750");
        await admin.Keyboard.PressAsync("Enter");
        await Expect(admin.GetByTestId("person")).ToContainTextAsync("of 750 MB");

        await using IBrowserContext home = await NewBrowserAsync(api);
        IPage atHome = await PeopleTests.OpenAsync(home, "/");
        Task<IResponse> info = atHome.WaitForResponseAsync("**/api/info");
        await atHome.ReloadAsync();
        Assert.Equal("invitation", (await (await info).JsonAsync())!.Value.GetProperty("signUp").GetString());
        await PeopleTests.OpenSignInAsync(atHome);
        // Nobody makes an account here without an invitation, and its address leads to another page.
        await atHome.Keyboard.PressAsync("Escape");
        await atHome.GetByTestId("menu").ClickAsync();
        await Expect(atHome.GetByTestId("menu-sign-in")).ToBeVisibleAsync();
        await Expect(atHome.GetByTestId("menu-sign-up")).ToHaveCountAsync(0);
        await atHome.GetByTestId("menu-sign-in").ClickAsync();
        await Expect(atHome.GetByTestId("account-dialog")).ToBeVisibleAsync();
        await PeopleTests.FillAsync(atHome, "Quiet Owl", oneTime);
        await atHome.GetByTestId("account-submit").ClickAsync();
        await atHome.GetByTestId("account-new-password").FillAsync("nine quiet whales");
        await Axe.CheckAsync(atHome, "sign-in with a one-time password");
        await atHome.GetByTestId("account-submit").ClickAsync();
        await Expect(atHome.GetByTestId("account-dialog")).ToHaveCountAsync(0);
        await atHome.GetByTestId("menu").ClickAsync();
        await Expect(atHome.GetByTestId("menu-sign-out")).ToContainTextAsync("Quiet Owl");

        // A game runs that should not, the server is looked at, the log has everything, and the account goes.
        await atHome.EvaluateAsync(
            """
            async () => {
              const [game] = await (await fetch('/api/projects')).json();
              const headers = { 'content-type': 'application/json' };
              await fetch('/api/sessions', { method: 'POST', headers, body: JSON.stringify({ projectId: game.id }) });
            }
            """);
        await ReachAsync(admin, "Running games");
        await admin.Keyboard.PressAsync("Enter");
        await Expect(admin.GetByTestId("running-game")).ToContainTextAsync("Quiet Owl");
        await Axe.CheckAsync(admin, "running games");
        await ReachAsync(admin, "Stop the game of Quiet Owl");
        await admin.Keyboard.PressAsync("Enter");
        await Expect(admin.GetByTestId("toast")).ToContainTextAsync("being stopped");
        await ReachAsync(admin, "Server");
        await admin.Keyboard.PressAsync("Enter");
        await Expect(admin.GetByTestId("health")).ToContainTextAsync("works");
        await Expect(admin.GetByTestId("limits")).ToContainTextAsync("with an invitation");
        await Axe.CheckAsync(admin, "server");
        await ReachAsync(admin, "People");
        await admin.Keyboard.PressAsync("Enter");
        await ReachAsync(admin, "Remove Quiet Owl");
        await admin.Keyboard.PressAsync("Enter");
        await ReachAsync(admin, "Delete for good");
        await admin.Keyboard.PressAsync("Enter");
        await Expect(admin.GetByTestId("person")).ToHaveCountAsync(1);
        await ReachAsync(admin, "Log");
        await admin.Keyboard.PressAsync("Enter");
        await Expect(admin.GetByTestId("log-entry")).ToHaveCountAsync(6);
        await Expect(admin.GetByTestId("log")).ToContainTextAsync("changed the storage limit to 750 MB");
        await Expect(admin.GetByTestId("log")).Not.ToContainTextAsync("Quiet Owl");
        await Axe.CheckAsync(admin, "log");

        await admin.SetViewportSizeAsync(390, 844);
        foreach (string part in new[] { "people", "server", "invitations", "log" })
        {
            await admin.GetByTestId($"admin-{part}").ClickAsync();
            await Expect(admin.Locator(".sheet-part").First).ToBeVisibleAsync();
            await Axe.CheckAsync(admin, $"{part} on a phone");
            Assert.True(await PeopleTests.FitsAsync(admin), $"{part} is wider than a phone.");
        }

        // The page tells others that it is not theirs, whatever the server would refuse anyway.
        await using IBrowserContext stranger = await NewBrowserAsync(api);
        IPage page = await stranger.NewPageAsync();
        IResponse? answer = await page.GotoAsync("/admin");
        Assert.Equal((int)HttpStatusCode.OK, answer!.Status);
        await Expect(page.GetByTestId("admin-page")).ToContainTextAsync("for the people who look after this server");

        // The operator's address is used up, and leads to the sign-in.
        await page.GotoAsync("/set-up");
        await page.GetByTestId("set-up-sign-in").ClickAsync();
        await Expect(page.GetByTestId("account-dialog")).ToBeVisibleAsync();
        await Axe.CheckAsync(page, "set-up is over");
        await PeopleTests.FillAsync(page, "Ada", Password);
        await page.GetByTestId("account-submit").ClickAsync();
        await Expect(page.GetByTestId("person").First).ToContainTextAsync("Ada");
    }

    private Task<IBrowserContext> NewBrowserAsync(RunningApi api) => browser.Browser.NewContextAsync(
        new BrowserNewContextOptions { BaseURL = api.Address.ToString(), Locale = "en-GB" });

    /// <summary>Presses Tab until the element with this name has the keyboard.</summary>
    private static async Task ReachAsync(IPage page, string name)
    {
        for (int i = 0; i < 60; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<bool>(
                "name => [document.activeElement?.getAttribute('aria-label'), document.activeElement?.textContent].includes(name)", name))
            {
                return;
            }
        }

        Assert.Fail($"Tab does not reach {name}.");
    }
}
