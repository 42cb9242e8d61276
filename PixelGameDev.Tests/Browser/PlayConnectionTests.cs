using Microsoft.Playwright;
using PixelGameDev.Benchmarks.Network;
using PixelGameDev.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace PixelGameDev.Tests.Browser;

/// <summary>Tests a game whose connection is late, refused, lost or one too many.</summary>
[Collection(BrowserCollection.Name)]
public sealed class PlayConnectionTests(SystemFixture system, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private async Task VisitAsync(Func<Visitor, Task> visit, [System.Runtime.CompilerServices.CallerMemberName] string test = "") =>
        await Visitor.VisitAsync(browser, (await system.GetAsync()).Address, visit, test: test);

    [Fact]
    public async Task A_lost_connection_comes_back_by_itself_and_nothing_typed_is_lost()
    {
        await using Relay cable = new((await system.GetAsync()).Address);
        await Visitor.VisitAsync(browser, cable.Address, async visitor =>
        {
            await visitor.PressRunAsync();
            await visitor.SeeAsync(picture => picture.Middle(StarterGame.Fox) is not null, "the hero");
            visitor.ExpectCuts();

            cable.Cut();
            await Expect(visitor.Page.GetByTestId("stage-banner")).ToBeVisibleAsync();
            await visitor.Code.ClickAsync();
            await visitor.Page.Keyboard.PressAsync("Control+Home");
            await visitor.Page.Keyboard.TypeAsync("# typed without a connection");
            await Expect(visitor.Saved).ToHaveAttributeAsync("data-state", "retrying");

            cable.Mend();
            await Expect(visitor.Page.GetByTestId("stage-banner")).ToBeHiddenAsync();
            await Expect(visitor.Saved).ToHaveAttributeAsync("data-state", "saved");

            // The same game goes on with a complete picture and takes input.
            double before = (await visitor.LookAsync()).Middle(StarterGame.Fox)!.Value.X;
            await visitor.Canvas.ClickAsync();
            await visitor.Page.Keyboard.DownAsync("ArrowLeft");
            await visitor.SeeAsync(picture => picture.Middle(StarterGame.Fox)?.X < before - 30, "the hero flying to the left");
            await visitor.Page.Keyboard.UpAsync("ArrowLeft");

            await visitor.Page.ReloadAsync();
            await Expect(visitor.Code).ToContainTextAsync("# typed without a connection");

            // Also when the page is closed before the connection is back.
            cable.Cut();
            await visitor.Code.ClickAsync();
            await visitor.Page.Keyboard.PressAsync("Control+Home");
            await visitor.Page.Keyboard.TypeAsync("# closed without a connection");
            await Expect(visitor.Saved).ToHaveAttributeAsync("data-state", "retrying");
            visitor.Page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
            await visitor.Page.GotoAsync("about:blank");
            cable.Mend();
            await visitor.Page.GotoAsync("/");
            await Expect(visitor.Code).ToContainTextAsync("# closed without a connection");
            await Expect(visitor.Saved).ToHaveAttributeAsync("data-state", "saved");
        });
    }

    [Fact]
    public Task The_stream_is_opened_before_the_request_to_start_is_answered() => VisitAsync(async visitor =>
    {
        // Records what the page tells the stream's worker, from the next load on.
        await visitor.Page.AddInitScriptAsync(
            """
            window.opened = [];
            const post = Worker.prototype.postMessage;
            Worker.prototype.postMessage = function (message, ...rest) {
              if (message?.type === 'open') window.opened.push(message.url);
              return post.call(this, message, ...rest);
            };
            """);
        await visitor.UseProgramAsync(
            "import pygame\nscreen = pygame.display.set_mode((100, 100))\nwhile True:\n    pygame.event.get()\n    " +
            "pygame.display.flip()\n");
        TaskCompletionSource<string> chosen = new();
        await visitor.Page.RouteAsync("**/api/sessions", async route =>
        {
            if (route.Request.Method != "POST")
            {
                await route.ContinueAsync();
                return;
            }

            // The request waits here until the page has asked for the stream of the same session.
            string id = System.Text.Json.JsonDocument.Parse(route.Request.PostData!).RootElement.GetProperty("id").GetString()!;
            await Eventually.TrueAsync(
                async () => (await visitor.Page.EvaluateAsync<string[]>("opened"))
                    .Any(url => url.EndsWith($"/api/sessions/{id}/stream", StringComparison.Ordinal)),
                "its stream is opened");
            chosen.TrySetResult(id);
            await route.ContinueAsync();
        });
        await visitor.PressRunAsync();
        string chosenId = await chosen.Task;
        Assert.Equal(chosenId, (await visitor.AskAsync("/api/sessions"))[0].GetProperty("id").GetString());
        Assert.Single(await visitor.Page.EvaluateAsync<string[]>("opened"));
    });

    [Fact]
    public async Task A_stream_that_is_refused_at_first_is_opened_when_the_session_is_there()
    {
        await using Relay cable = new((await system.GetAsync()).Address);
        await Visitor.VisitAsync(browser, cable.Address, async visitor =>
        {
            visitor.ExpectCuts();
            cable.RefuseStreams(1);
            await visitor.PressRunAsync();
            await visitor.SeeAsync(picture => picture.Middle(StarterGame.Fox) is not null, "the hero");
            Assert.Equal(0, cable.StreamsToRefuse);
            await Expect(visitor.Page.GetByTestId("stage-banner")).ToBeHiddenAsync();
        });
    }

    [Fact]
    public async Task A_fifth_window_of_a_game_says_so_and_goes_on_when_another_is_closed()
    {
        Uri server = (await system.GetAsync()).Address;
        await using Relay cable = new(server);
        await Visitor.VisitAsync(browser, cable.Address, async visitor =>
        {
            await visitor.PressRunAsync();
            string session = (await visitor.AskAsync("/api/sessions"))[0].GetProperty("id").GetString()!;
            BrowserContextCookiesResult cookie = Assert.Single(await visitor.Page.Context.CookiesAsync(), static cookie =>
                cookie.Name.Contains("visitor", StringComparison.Ordinal));

            // While the page is away, others take its place and the other three.
            visitor.ExpectCuts();
            cable.Cut();
            List<OtherWindow> others = [];
            try
            {
                for (int count = 0; count < 4; count++)
                {
                    OtherWindow? window = null;
                    await Eventually.TrueAsync(
                        async () => (window = await OtherWindow.OpenAsync(server, session, $"{cookie.Name}={cookie.Value}")) is not null,
                        "there is room for another window");
                    others.Add(window!);
                }

                cable.Mend();
                await Expect(visitor.Page.GetByTestId("stage-banner")).ToContainTextAsync("already open in four windows");
                await Expect(visitor.Stage).ToHaveAttributeAsync("data-state", "playing");

                await others[0].DisposeAsync();
                await Expect(visitor.Page.GetByTestId("stage-banner")).ToBeHiddenAsync();
                await visitor.SeeAsync(picture => picture.Middle(StarterGame.Fox) is not null, "the hero");
            }
            finally
            {
                foreach (OtherWindow window in others)
                {
                    await window.DisposeAsync();
                }
            }
        });
    }
}
