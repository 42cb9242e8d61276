using System.Text.Json;
using Microsoft.Playwright;
using PixelGameDev.Benchmarks.Network;
using PixelGameDev.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace PixelGameDev.Tests.Browser;

/// <summary>Text is never lost and never lands in the wrong place, in the real page with the real Api.</summary>
[Collection(SystemCollection.Name)]
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

        // The second game comes slowly, and somebody types on meanwhile.
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

        // A key in the second game goes to the second game alone; its save shows that no older save is left waiting.
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

        // Undo goes back behind the new name, to the text before the rename.
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

        // Not answered is not added; nothing of mine is touched.
        await UploadAsync();
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
        // Forwards through the whole page, the editor included, until the keyboard is behind it.
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
    public async Task What_was_typed_without_a_connection_outlives_a_killed_browser()
    {
        await using Relay proxy = new((await system.GetAsync()).Address);
        using TestDirectory directory = new();
        string profile = directory.Sub("profile");
        // Browsers write cookies to the disk some time later, or when they end: this visit makes the person known.
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
        // The copy has done its work.
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
    public Task Deleted_files_and_games_come_back() => VisitAsync(async visitor =>
    {
        IPage page = visitor.Page;
        string game = visitor.Project;
        await page.GetByTestId("add-file").ClickAsync();
        await page.Keyboard.TypeAsync("enemy");
        await page.Keyboard.PressAsync("Enter");
        await Expect(visitor.Code).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("lives = 3");
        // Deleted at once, before it is saved by itself.
        ILocator enemy = page.GetByTestId("file:enemy.py");
        await enemy.HoverAsync();
        await enemy.GetByLabel("Delete enemy.py").ClickAsync();
        await Expect(enemy).ToHaveCountAsync(0);
        await page.GetByTestId("file-trash").ClickAsync();
        await page.GetByLabel("Bring enemy.py back").ClickAsync();
        await Expect(enemy).ToBeVisibleAsync();
        await Expect(visitor.Code).ToContainTextAsync("lives = 3");

        // The game goes with its last keys, and comes back with them.
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

    [Fact]
    public async Task Two_windows_that_end_without_a_connection_both_come_back()
    {
        // A real cut: what a page sends while it closes gets past the browser's own "offline".
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
            // A page that is closed lives on for a moment, and would save its text if the cable were back.
            await Eventually.TrueAsync(
                async () => (await keeper.EvaluateAsync<JsonElement>("navigator.locks.query()")).GetProperty("held").GetArrayLength() == 1,
                "both windows have gone");
            cable.Mend();

            await keeper.GotoAsync(address);
            // The newest is edited on; the other one is offered.
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
        // A text that meets another one is not saved until somebody chooses, whatever a closing page still sends.
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
        // The first window lives: its text is its own.
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

    private const string KeptTexts =
        """
        () => new Promise((resolve) => {
          const open = indexedDB.open('pixelgamedev');
          open.onsuccess = () => {
            const found = open.result.transaction('drafts').objectStore('drafts').getAll();
            found.onsuccess = () => {
              open.result.close();
              resolve(found.result.map((draft) => draft.text));
            };
          };
        })
        """;

    /// <summary>Waits until the browser has a copy of the text on its disk.</summary>
    private static Task KeptAsync(IPage page, string text) => Eventually.TrueAsync(
        async () => (await ReadKeptAsync(page)).Any(kept => kept.Contains(text, StringComparison.Ordinal)),
        $"the browser keeps \"{text}\"");

    /// <summary>Waits until the browser has no copy of any text: the server has them all.</summary>
    private static Task NothingKeptAsync(IPage page) =>
        Eventually.TrueAsync(async () => (await ReadKeptAsync(page)).Length == 0, "the browser keeps no text any more");

    // Asked again and again from here: WaitForFunctionAsync takes the promise of an asynchronous function for a yes, and does not wait.
    private static Task<string[]> ReadKeptAsync(IPage page) => page.EvaluateAsync<string[]>(KeptTexts);

    private static async Task TypeFirstLineAsync(IPage page, string line)
    {
        await page.GetByTestId("code").ClickAsync();
        await page.Keyboard.PressAsync("Control+Home");
        await page.Keyboard.InsertTextAsync(line + "\n");
    }

    private static Task<string> StoredAsync(IPage page, string project, string file = "main.py") => page.EvaluateAsync<string>(
        "([project, file]) => fetch(`/api/projects/${project}/files/${file}`).then((answer) => answer.text())", new[] { project, file });
}
