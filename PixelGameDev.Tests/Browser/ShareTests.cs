using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Npgsql;
using PixelGameDev.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace PixelGameDev.Tests.Browser;

/// <summary>Tests that a game is shown to people who have no account: by a link, on a phone, inside of another website.</summary>
[Collection(BrowserCollection.Name)]
public sealed class ShareTests(SystemFixture system, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    /// <summary>The most bytes before play, compressed.</summary>
    private const double MaxBytes = 120_000;

    private static readonly (int R, int G, int B) Box = (250, 10, 120);

    private const string Program =
        """
        import pygame
        # Follow the box
        screen = pygame.display.set_mode((640, 480))
        clock = pygame.time.Clock()
        box = pygame.Rect(300, 200, 60, 60)
        with open("best.txt", "w") as best:
            best.write("7")
        while True:
            pygame.event.get()
            if pygame.key.get_pressed()[pygame.K_RIGHT] and box.x < 500:
                box.x += 4
            screen.fill((20, 20, 60))
            pygame.draw.rect(screen, (250, 10, 120), box)
            pygame.display.flip()
            clock.tick(60)
        """;

    [Fact]
    public async Task A_game_is_shared_played_on_a_phone_inside_of_another_website_copied_and_taken_back()
    {
        TestSystem running = await system.GetAsync();
        Uri address = running.Address;
        await Visitor.VisitAsync(browser, address, async owner =>
        {
            await owner.UseProgramAsync(Program);
            IPage page = owner.Page;
            await page.GetByTestId("menu").ClickAsync();
            await page.GetByTestId("menu-share").ClickAsync();
            await page.GetByTestId("share-code-yes").CheckAsync();
            await page.GetByTestId("share-end").SelectOptionAsync("7");
            await page.GetByTestId("share-make").ClickAsync();
            ILocator link = page.Locator("[data-testid^='share-link:']");
            await Expect(link).ToHaveCountAsync(1);
            string shown = await link.GetByRole(AriaRole.Textbox).InputValueAsync();
            Assert.StartsWith(new Uri(address, "/play/").ToString(), shown, StringComparison.Ordinal);
            string code = shown.Split('/')[^1];

            await OnPhoneAsync(address, stranger => PlayAndCopyAsync(stranger, code));
            await page.GetByTestId("share-show-embed").ClickAsync();
            await PlayInFrameAsync(address, await page.GetByTestId("share-embed").InputValueAsync(), code);

            await ChangeAsync(page);
            await OnPhoneAsync(address, async changed =>
            {
                await changed.GotoAsync($"/play/{code}");
                await Expect(changed.GetByTestId("play")).ToBeVisibleAsync();
                await Expect(changed.GetByTestId("see-code")).ToHaveCountAsync(0);
            });
            await EndAsync(running, code);
            await OnPhoneAsync(address, async late =>
            {
                await late.GotoAsync($"/play/{code}");
                await Expect(late.GetByTestId("shared-nothing")).ToContainTextAsync("This link has ended");
            });

            await RevokeAsync(link);
            await OnPhoneAsync(address, async late =>
            {
                await late.GotoAsync($"/play/{code}");
                await Expect(late.GetByTestId("shared-nothing")).ToContainTextAsync("There is no game here");
            });

            // A link that another window has taken back goes as well.
            owner.ExpectStatus(404);
            await page.GetByTestId("share-make").ClickAsync();
            await Expect(link).ToHaveCountAsync(1);
            await InOtherWindowAsync(page, "DELETE", null);
            await RevokeAsync(link);
        });
    }

    /// <summary>Plays without an account, with a thumb, and then makes a copy.</summary>
    private static async Task PlayAndCopyAsync(IPage page, string code)
    {
        ICDPSession devtools = await page.Context.NewCDPSessionAsync(page);
        double bytes = 0;
        devtools.Event("Network.loadingFinished").OnEvent += (_, data) => bytes += data!.Value.GetProperty("encodedDataLength").GetDouble();
        await devtools.SendAsync("Network.enable");
        await page.GotoAsync($"/play/{code}", new PageGotoOptions { WaitUntil = WaitUntilState.NetworkIdle });
        await Expect(page.GetByTestId("shared-title")).ToBeVisibleAsync();
        Assert.InRange(bytes, 20_000, MaxBytes);
        // The visit alone makes no account.
        Assert.Empty(await page.Context.CookiesAsync());
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));

        await page.GetByTestId("play").TapAsync();
        await Expect(page.Locator(".stage")).ToHaveAttributeAsync("data-state", "playing");
        await SeeAsync(page.MainFrame, static x => x is > 320 and < 340);
        ViewportBox cross = await ViewportBox.OfAsync(page.Locator(".pad-cross"));
        await page.Mouse.MoveAsync(cross.X + (cross.Width * 0.85f), cross.Y + (cross.Height / 2));
        await page.Mouse.DownAsync();
        await SeeAsync(page.MainFrame, static x => x > 500);
        await page.Mouse.UpAsync();
        await page.GetByTestId("stop").TapAsync();
        await Expect(page.GetByTestId("play-again")).ToBeVisibleAsync();

        // What the game has saved for this player is gone when they say so.
        await page.GetByTestId("saved-scores").TapAsync();
        await page.GetByTestId("forget-saved").GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).TapAsync();
        await Expect(page.GetByTestId("saved-scores")).ToHaveCountAsync(0);

        await page.GetByTestId("see-code").TapAsync();
        await Expect(page.GetByTestId("shared-code")).ToContainTextAsync("# Follow the box");
        await page.Keyboard.PressAsync("Escape");
        await page.GetByTestId("copy-game").TapAsync();
        await page.WaitForURLAsync("**/projects/*");
        await Expect(page.GetByTestId("code")).ToContainTextAsync("# Follow the box");
    }

    private static async Task RevokeAsync(ILocator link)
    {
        await link.GetByTestId("share-revoke").ClickAsync();
        await link.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Take back", Exact = true }).Last.ClickAsync();
        await Expect(link).ToHaveCountAsync(0);
    }

    /// <summary>Changes the link in the dialog: without code, the version of now, another end.</summary>
    private static async Task ChangeAsync(IPage page)
    {
        ILocator change = page.GetByTestId("share-change");
        ILocator form = page.GetByTestId("share-change-form");
        ILocator playOnly = form.GetByRole(AriaRole.Radio, new LocatorGetByRoleOptions { Name = "Play", Exact = true });
        await change.ClickAsync();
        // A radio button stands beside its words.
        Assert.InRange((await ViewportBox.OfAsync(playOnly)).Width, 10, 30);
        await playOnly.CheckAsync();
        await form.GetByTestId("share-change-version").SelectOptionAsync("true");
        await SendAsync("Play · one version", end: "7");

        // What this window does not change stays as another window has set it.
        await change.ClickAsync();
        await InOtherWindowAsync(page, "PATCH", new { withCode = true });
        await SendAsync("Play, see the code and copy it · one version", end: "0");
        await change.ClickAsync();
        await playOnly.CheckAsync();
        await SendAsync("Play · one version", end: "0");

        async Task SendAsync(string shown, string end)
        {
            await form.GetByTestId("share-change-end").SelectOptionAsync(end);
            await form.GetByTestId("share-change-send").ClickAsync();
            await Expect(form).ToHaveCountAsync(0);
            await Expect(page.Locator("[data-testid^='share-link:'] > p")).ToContainTextAsync(shown);
        }
    }

    /// <summary>Sends a request about the only link, as another window of the same person would.</summary>
    private static async Task InOtherWindowAsync(IPage page, string method, object? change) => await page.EvaluateAsync(
        """
        async ([method, change]) => {
          const links = `/api/projects/${location.pathname.split('/').pop()}/links`;
          const [link] = await (await fetch(links)).json();
          const body = change ? JSON.stringify(change) : undefined;
          const answer = await fetch(`${links}/${link.id}`, { method, body, headers: { 'Content-Type': 'application/json' } });
          if (!answer.ok) throw new Error(await answer.text());
        }
        """,
        new object?[] { method, change });

    /// <summary>Lets the day pass on which a link ends.</summary>
    private static async Task EndAsync(TestSystem running, string code)
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(running.Host.ConnectionString);
        await using NpgsqlCommand end = database.CreateCommand("update links set ends_at = now() where code = $1");
        end.Parameters.Add(new NpgsqlParameter { Value = code });
        Assert.Equal(1, await end.ExecuteNonQueryAsync());
    }

    /// <summary>Plays in a page of another origin, which gets no cookie of this server; no other page of it can be framed.</summary>
    private async Task PlayInFrameAsync(Uri address, string lines, string code)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        await using WebApplication site = builder.Build();
        site.MapGet("/", () => Results.Content($"<!doctype html><title>A school</title><h1>Our games</h1>{lines}", "text/html"));
        site.MapGet("/other", () => Results.Content(
            $"<!doctype html><title>A school</title><iframe src=\"{new Uri(address, $"/play/{code}")}\"></iframe>", "text/html"));
        await site.StartAsync();
        // Another host, and so another site.
        string origin = $"http://{(address.Host == "localhost" ? "127.0.0.1" : "localhost")}:{new Uri(site.Urls.First()).Port}";
        await using IBrowserContext context = await browser.Browser.NewContextAsync();
        context.SetDefaultTimeout(BrowserFixture.TimeoutMillis);
        IPage page = await context.NewPageAsync();
        await page.GotoAsync(origin);
        IFrame frame = page.Frames.Single(static one => one.ParentFrame is not null);
        await frame.GetByTestId("play").ClickAsync();
        await Expect(frame.Locator(".stage")).ToHaveAttributeAsync("data-state", "playing");
        await SeeAsync(frame, static x => x is > 320 and < 340);
        Assert.Empty(await context.CookiesAsync());

        TaskCompletionSource<string> refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("frame-ancestors", StringComparison.Ordinal))
            {
                refused.TrySetResult(message.Text);
            }
        };
        await page.GotoAsync($"{origin}/other");
        await refused.Task.WaitAsync(TimeSpan.FromMilliseconds(BrowserFixture.TimeoutMillis));
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

    /// <summary>Waits until the middle of the box is where <paramref name="place"/> wants it.</summary>
    private static Task SeeAsync(IFrame frame, Func<double, bool> place) => Eventually.TrueAsync(
        async () =>
        {
            byte[] data = Convert.FromBase64String(await frame.EvaluateAsync<string>(
                """
                async () => {
                  const { data } = await window.pixelgamedev.readPixels(0, 230, 640, 1);
                  return btoa(String.fromCharCode(...data));
                }
                """));
            return new Picture(640, 1, data).Middle(Box) is { } middle && place(middle.X);
        },
        "the box");
}
