using Microsoft.Playwright;
using PixelGameDev.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace PixelGameDev.Tests.Browser;

/// <summary>Tests that a game finds its high score again, with the real page, Api, Executor, sandbox and database.</summary>
[Collection(BrowserCollection.Name)]
public sealed class SavedFileTests(SystemFixture system, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string HighScore =
        """
        import os
        import pygame
        screen = pygame.display.set_mode((320, 240))
        best = int(open("best.txt").read()) if os.path.exists("best.txt") else 0
        print("best so far:", best)
        with open("replay.dat", "wb") as file:
            file.write(bytes(1_500_000))
        playing = True
        while playing:
            for event in pygame.event.get():
                if event.type == pygame.QUIT:
                    playing = False
            screen.fill((0, 90, 0))
            pygame.display.flip()
            pygame.time.wait(16)
        with open("best.txt", "w") as file:
            file.write(str(best + 10))

        """;

    [Fact]
    public async Task A_high_score_is_there_at_the_next_run_and_can_be_seen_and_reset() =>
        await Visitor.VisitAsync(browser, (await system.GetAsync()).Address, async visitor =>
    {
        IPage page = visitor.Page;
        await visitor.UseProgramAsync(HighScore);
        await PlayAsync("best so far: 0");
        // Told while the game plays: after Stop, a game on a busy machine may not have the time for all that it writes.
        await Expect(visitor.Console).ToContainTextAsync(
            "replay.dat is too big to keep for the next run: all saved files together can have 1 MB.");
        await visitor.Stop.ClickAsync();
        await SavedAsync("10");
        await PlayAsync("best so far: 10");
        await visitor.Stop.ClickAsync();
        await SavedAsync("20");

        await page.GetByTestId("saved-by-game").ClickAsync();
        ILocator saved = page.GetByTestId("saved-dialog");
        await Expect(saved.GetByTestId("saved:best.txt")).ToBeVisibleAsync();
        await Expect(saved.GetByTestId("saved:replay.dat")).ToHaveCountAsync(0);
        await saved.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Show best.txt" }).ClickAsync();
        await Expect(saved.GetByTestId("saved-text:best.txt")).ToHaveTextAsync("20");
        await saved.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Reset best.txt" }).ClickAsync();
        await saved.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Keep it" }).ClickAsync();
        await Expect(saved.GetByTestId("saved:best.txt")).ToBeVisibleAsync();
        await saved.GetByTestId("saved-reset-all").ClickAsync();
        await saved.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Reset", Exact = true }).ClickAsync();
        await Expect(saved.GetByTestId("saved-empty")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(saved).ToHaveCountAsync(0);
        await PlayAsync("best so far: 0");

        // A restart that does not wait is a test of the Api.
        Task SavedAsync(string best) => Eventually.TrueAsync(async () => await page.EvaluateAsync<string>(
            """
            async (id) => {
              const { files } = await (await fetch(`/api/projects/${id}/saved`)).json();
              return files.length === 0 ? '' : await (await fetch(`/api/projects/${id}/saved/best.txt`)).text();
            }
            """,
            visitor.Project) == best, $"{best} is saved");

        async Task PlayAsync(string line)
        {
            await visitor.Run.ClickAsync();
            await Expect(visitor.Console).ToContainTextAsync(line);
        }
    });
}
