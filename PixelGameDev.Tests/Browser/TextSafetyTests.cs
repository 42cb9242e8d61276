using System.Text.Json;
using Microsoft.Playwright;
using PixelGameDev.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;
using static PixelGameDev.Tests.Browser.TextProbes;

namespace PixelGameDev.Tests.Browser;

/// <summary>Tests that text is never lost and never reaches the wrong file, in the real page with the real Api.</summary>
[Collection(BrowserCollection.Name)]
public sealed class TextSafetyTests(SystemFixture system, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private async Task VisitAsync(Func<Visitor, Task> visit, [System.Runtime.CompilerServices.CallerMemberName] string test = "") =>
        await Visitor.VisitAsync(browser, (await system.GetAsync()).Address, visit, test: test);

    [Fact]
    public Task Keys_pressed_while_another_game_opens_reach_no_file_of_it() => VisitAsync(async visitor =>
    {
        IPage page = visitor.Page;
        string first = visitor.Project;
        string second = (await page.EvaluateAsync<JsonElement>(
            """
            () => fetch('/api/projects', { method: 'POST', headers: { 'content-type': 'application/json' },
              body: JSON.stringify({ name: 'Second', template: 'starter' }) }).then((answer) => answer.json())
            """)).GetProperty("id").GetString()!;
        string before = await StoredAsync(page, second);

        // The second game loads slowly, and the person types on meanwhile.
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteAsync($"**/api/projects/{second}", async route =>
        {
            asked.TrySetResult();
            await release.Task;
            await route.ContinueAsync();
        });
        await page.GetByTestId("menu").ClickAsync();
        await page.GetByTestId("menu-games").ClickAsync();
        await page.GetByTestId("games-dialog").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Second" })
            .First.ClickAsync();
        await asked.Task;
        await visitor.Code.ClickAsync();
        await page.Keyboard.TypeAsync("# a key too late ");
        release.SetResult();
        await Eventually.TrueAsync(() => Task.FromResult(visitor.Project == second), "the second game is open");
        await Expect(visitor.Code).ToHaveAttributeAsync("contenteditable", "true");

        // A key in the second game changes only the second game. Its save shows that no older save waits.
        await visitor.Code.ClickAsync();
        await page.Keyboard.PressAsync("Control+End");
        await page.Keyboard.TypeAsync("# at home");
        await Eventually.TrueAsync(async () =>
            (await StoredAsync(page, second)).Contains("# at home", StringComparison.Ordinal), "the second game is saved");
        await Expect(visitor.Saved).ToHaveAttributeAsync("data-state", "saved");
        Assert.Equal(before + "# at home", await StoredAsync(page, second));
        Assert.DoesNotContain("# at home", await StoredAsync(page, first), StringComparison.Ordinal);
    });

    [Fact]
    public Task A_renamed_file_is_edited_on_and_keeps_its_undo() => VisitAsync(async visitor =>
    {
        IPage page = visitor.Page;
        await visitor.Code.ClickAsync();
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.InsertTextAsync("speed = 1");
        await Expect(visitor.Saved).ToHaveAttributeAsync("data-state", "saved");

        ILocator main = page.GetByTestId("file:main.py");
        await main.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "main.py", Exact = true }).PressAsync("F2");
        await page.Keyboard.TypeAsync("game");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("file:game.py")).ToBeVisibleAsync();
        await visitor.Code.ClickAsync();
        await page.Keyboard.PressAsync("Control+End");
        await page.Keyboard.InsertTextAsync("0");
        await Eventually.TrueAsync(async () => await StoredAsync(page, visitor.Project, "game.py") == "speed = 10", "the edit is stored");
        await Expect(visitor.Saved).ToHaveAttributeAsync("data-state", "saved");
        await Expect(page.GetByTestId("conflict")).ToBeHiddenAsync();

        // Undo goes back past the rename, to the text before it.
        await page.Keyboard.PressAsync("Control+Z");
        await page.Keyboard.PressAsync("Control+Z");
        await Expect(visitor.Code).ToContainTextAsync("import pygame");
    });

    [Fact]
    public Task An_upload_over_a_name_that_is_taken_asks_and_can_be_undone() => VisitAsync(async visitor =>
    {
        IPage page = visitor.Page;
        await visitor.Code.ClickAsync();
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.InsertTextAsync("my_own_work = 1");
        await Expect(visitor.Saved).ToHaveAttributeAsync("data-state", "saved");

        // Without an answer the page adds nothing and leaves the existing file alone.
        await UploadAsync();
        await Expect(page.GetByTestId("existing-dialog")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByTestId("existing-dialog")).ToHaveCountAsync(0);
        Assert.Equal("my_own_work = 1", await StoredAsync(page, visitor.Project));

        await UploadAsync();
        await page.GetByTestId("existing-both").ClickAsync();
        await Expect(page.GetByTestId("file:main-2.py")).ToBeVisibleAsync();
        await Expect(visitor.Code).ToContainTextAsync("friend = 2");
        Assert.Equal("my_own_work = 1", await StoredAsync(page, visitor.Project));

        await UploadAsync();
        await page.GetByTestId("existing-replace").ClickAsync();
        await Eventually.TrueAsync(async () => await StoredAsync(page, visitor.Project) == "friend = 2", "the new file is stored");
        await Expect(visitor.Code).ToHaveAttributeAsync("aria-label", "Code of main.py");
        await visitor.Code.ClickAsync();
        await page.Keyboard.PressAsync("Control+Z");
        await Expect(visitor.Code).ToContainTextAsync("my_own_work = 1");
        await Eventually.TrueAsync(async () =>
            await StoredAsync(page, visitor.Project) == "my_own_work = 1", "the old text is stored again");

        Task UploadAsync() => page.GetByTestId("file-picker").SetInputFilesAsync(new FilePayload
        {
            Name = "main.py",
            MimeType = "text/x-python",
            Buffer = "friend = 2"u8.ToArray(),
        });
    });

    [Fact]
    public Task Tab_passes_by_the_code_until_somebody_writes_in_it() => VisitAsync(async visitor =>
    {
        IPage page = visitor.Page;
        string before = await StoredAsync(page, visitor.Project);
        await page.GetByTestId("menu").FocusAsync();
        // Tab goes forward through the whole page and the editor until the focus is past the editor.
        bool passed = false;
        for (int presses = 0; presses < 60; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            bool inCode = await page.EvaluateAsync<bool>("document.activeElement.shadowRoot?.activeElement?.dataset.testid === 'code'");
            if (passed && !inCode)
            {
                break;
            }

            passed |= inCode;
        }

        Assert.True(passed, "Tab reaches the code");
        await Expect(visitor.Code).Not.ToBeFocusedAsync();
        await visitor.Code.ClickAsync();
        await page.Keyboard.PressAsync("Control+End");
        await page.Keyboard.PressAsync("Tab");
        await Eventually.TrueAsync(async () => await StoredAsync(page, visitor.Project) == before + "    ", "in the code Tab indents");
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("Tab");
        await Expect(visitor.Code).Not.ToBeFocusedAsync();
        Assert.Equal(before + "    ", await StoredAsync(page, visitor.Project));
    });

    [Fact]
    public Task Deleted_files_and_games_come_back() => VisitAsync(async visitor =>
    {
        IPage page = visitor.Page;
        string game = visitor.Project;
        await page.GetByTestId("add-file").ClickAsync();
        await page.Keyboard.TypeAsync("enemy");
        await page.Keyboard.PressAsync("Enter");
        await Expect(visitor.Code).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("lives = 3");
        // The file is deleted at once, before the page saves it.
        ILocator enemy = page.GetByTestId("file:enemy.py");
        await enemy.HoverAsync();
        await enemy.GetByLabel("Delete enemy.py").ClickAsync();
        await Expect(enemy).ToHaveCountAsync(0);
        await page.GetByTestId("file-trash").ClickAsync();
        await page.GetByLabel("Bring enemy.py back").ClickAsync();
        await Expect(enemy).ToBeVisibleAsync();
        await Expect(visitor.Code).ToContainTextAsync("lives = 3");

        // Text that is typed just before the deletion of a game comes back with the game.
        await page.Keyboard.PressAsync("Escape");
        await visitor.Code.ClickAsync();
        await page.Keyboard.PressAsync("Control+End");
        await page.Keyboard.TypeAsync("  # last");
        await page.GetByTestId("menu").ClickAsync();
        await page.GetByTestId("menu-games").ClickAsync();
        await page.GetByTestId("games-dialog").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { NameRegex = new("^Delete") })
            .ClickAsync();
        await page.GetByTestId("games-dialog").GetByText("Delete", new LocatorGetByTextOptions { Exact = true }).ClickAsync();
        await Eventually.TrueAsync(() => Task.FromResult(visitor.Project != game), "another game is open");
        await page.Keyboard.PressAsync("Escape");
        await page.GetByTestId("menu").ClickAsync();
        await page.GetByTestId("menu-trash").ClickAsync();
        await page.GetByTestId("trash-dialog").GetByText("Bring back").ClickAsync();
        await Eventually.TrueAsync(() => Task.FromResult(visitor.Project == game), "the game is open again");
        await enemy.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "enemy.py", Exact = true }).ClickAsync();
        await Expect(visitor.Code).ToContainTextAsync("lives = 3  # last");
        await page.GetByTestId("menu").ClickAsync();
        await Expect(page.GetByTestId("menu-storage")).ToContainTextAsync("of 50 MB");
    });
}
