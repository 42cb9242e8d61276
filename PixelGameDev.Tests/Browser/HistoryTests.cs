using System.IO.Compression;
using Microsoft.Playwright;
using PixelGameDev.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;
using static PixelGameDev.Tests.Browser.TextProbes;

namespace PixelGameDev.Tests.Browser;

/// <summary>Tests that a person gets an earlier version of a game back, and manages all games on their own page.</summary>
[Collection(BrowserCollection.Name)]
public sealed class HistoryTests(SystemFixture system, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private async Task VisitAsync(
        Func<Visitor, Task> visit, Device? device = null, [System.Runtime.CompilerServices.CallerMemberName] string test = "") =>
        await Visitor.VisitAsync(browser, (await system.GetAsync()).Address, visit, device, test);

    [Fact]
    public Task A_mistake_is_found_in_the_history_and_taken_back_and_nothing_is_lost() => VisitAsync(async visitor =>
    {
        // A file that was not there yet has no text then.
        visitor.ExpectStatus(404, 412);
        IPage page = visitor.Page;
        string starter = await StoredAsync(page, visitor.Project);
        IPage other = await page.Context.NewPageAsync();
        await other.GotoAsync(page.Url);
        await Expect(other.GetByTestId("code")).ToContainTextAsync("import pygame");
        await page.BringToFrontAsync();
        await visitor.Code.ClickAsync();
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.InsertTextAsync("oh_no = 1\nprint('all gone')");
        await page.GetByTestId("add-file").ClickAsync();
        await page.Keyboard.TypeAsync("enemy");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("file:enemy.py")).ToBeVisibleAsync();
        // A Run of it is a version of its own.
        await visitor.Run.ClickAsync();
        await Expect(visitor.Console).ToContainTextAsync("all gone");

        // The history says what is different. Typed text that is not saved yet counts.
        await visitor.Code.ClickAsync();
        await page.Keyboard.InsertTextAsync("lives = 3");
        await OpenHistoryAsync(page);
        ILocator dialog = page.GetByTestId("history-dialog");
        await Expect(dialog.Locator("[data-reason=run]")).ToContainTextAsync("You pressed Run");
        await dialog.Locator("[data-reason=begin]").ClickAsync();
        await Expect(page.GetByTestId("revision-file:enemy.py")).ToHaveAttributeAsync("data-state", "new");
        await page.GetByLabel("Show what is different in main.py").ClickAsync();
        ILocator difference = page.GetByTestId("difference:main.py");
        await Expect(difference.Locator(".now").First).ToContainTextAsync("oh_no = 1");
        await Expect(difference.Locator(".past").Filter(new LocatorFilterOptions { HasText = "import pygame" }).First).ToBeVisibleAsync();
        // The way back is in sight, however much there is to see.
        await page.GetByLabel("Show what is different in enemy.py").ClickAsync();
        await Expect(page.GetByTestId("difference:enemy.py").Locator(".now")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("history-restore")).ToBeInViewportAsync(new LocatorAssertionsToBeInViewportOptions { Ratio = 1 });
        await ScreenshotAsync(page, "history");

        // One file comes back, and the other stays.
        await page.GetByLabel("Bring only main.py back").ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        await page.GetByTestId("file:main.py").Locator(".file-open").ClickAsync();
        await Expect(visitor.Code).ToContainTextAsync("import pygame");
        Assert.Equal("lives = 3", await StoredAsync(page, visitor.Project, "enemy.py"));
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Take back" }).ClickAsync();
        await Expect(visitor.Code).ToContainTextAsync("oh_no = 1");

        // Everything comes back. The editor goes on from there, and an undo in it reaches the text before.
        await OpenHistoryAsync(page);
        await page.GetByTestId("history-first").ClickAsync();
        await Expect(page.GetByTestId("file:enemy.py")).ToHaveCountAsync(0);
        Assert.Equal(starter, await StoredAsync(page, visitor.Project));
        await visitor.Code.ClickAsync();
        await page.Keyboard.PressAsync("Control+End");
        await page.Keyboard.InsertTextAsync("# on from here");
        await Expect(visitor.Saved).ToHaveAttributeAsync("data-state", "saved");
        Assert.Equal(starter + "# on from here", await StoredAsync(page, visitor.Project));
        await page.Keyboard.PressAsync("Control+Z");
        await page.Keyboard.PressAsync("Control+Z");
        await Expect(visitor.Code).ToContainTextAsync("oh_no = 1");
        await Expect(visitor.Saved).ToHaveAttributeAsync("data-state", "saved");

        // The second window still shows the old text. What the person types there is not lost either.
        await other.BringToFrontAsync();
        await other.GetByTestId("code").ClickAsync();
        await other.Keyboard.PressAsync("Control+End");
        await other.Keyboard.InsertTextAsync("# from the other window");
        await Expect(other.GetByTestId("conflict")).ToBeVisibleAsync();
        await other.GetByTestId("keep-mine").ClickAsync();
        await Expect(other.GetByTestId("saved")).ToHaveAttributeAsync("data-state", "saved");
        Assert.Contains("# from the other window", await StoredAsync(other, visitor.Project), StringComparison.Ordinal);
        await OpenHistoryAsync(other);
        // The text that it replaced is a version.
        await other.Locator("[data-reason=before_replace]").First.ClickAsync();
        await other.GetByTestId("history-restore").ClickAsync();
        await Expect(other.GetByTestId("code")).ToContainTextAsync("oh_no = 1");
    });

    [Fact]
    public Task All_games_are_found_copied_taken_home_and_brought_back() => VisitAsync(async visitor =>
    {
        IPage page = visitor.Page;
        await visitor.PressRunAsync();
        await visitor.Stop.ClickAsync();
        await page.GetByTestId("tab-code").ClickAsync();
        await visitor.Code.ClickAsync();
        await page.Keyboard.PressAsync("Control+End");
        await page.Keyboard.InsertTextAsync("# typed a moment before");
        // The picture of the game is stored with the end of its session.
        await Eventually.TrueAsync(
            () => page.EvaluateAsync<bool>(
                "() => fetch('/api/projects').then((answer) => answer.json()).then(([game]) => game.picture !== null)"),
            "the server has the picture of the game");
        await OpenHistoryAsync(page);
        await LoadedAsync(page.GetByTestId("history-dialog").GetByAltText("The last picture of this version"));
        await ScreenshotAsync(page, "history-picture");
        await page.Keyboard.PressAsync("Escape");
        await page.GetByTestId("menu").ClickAsync();
        await page.GetByTestId("menu-games").ClickAsync();
        await page.GetByTestId("all-games").ClickAsync();
        await Expect(page.GetByTestId("projects-page")).ToBeVisibleAsync();
        await Expect(page).ToHaveTitleAsync("All my games · PixelGameDev");
        await LoadedAsync(page.GetByAltText("Last picture of Star Catcher"));

        await MenuAsync("Star Catcher", "game-rename");
        await page.Keyboard.InsertTextAsync("Äpfel fangen");
        await page.Keyboard.PressAsync("Enter");
        await MenuAsync("Äpfel fangen", "game-copy");
        await Expect(page.GetByTestId("game:Äpfel fangen (copy)")).ToBeVisibleAsync();
        await page.GetByTestId("projects-search").FillAsync("apfel");
        await Expect(page.Locator(".game-card")).ToHaveCountAsync(2);
        await page.GetByTestId("projects-search").FillAsync("star");
        await Expect(page.GetByText("No game has this name.")).ToBeVisibleAsync();
        await page.GetByTestId("projects-search").FillAsync("");

        await MenuAsync("Äpfel fangen (copy)", "game-move");
        await page.Keyboard.InsertTextAsync("School");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("folder:School").GetByTestId("game:Äpfel fangen (copy)")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("folder:").Locator(".game-card")).ToHaveCountAsync(1);

        IDownload download = await page.RunAndWaitForDownloadAsync(() => MenuAsync("Äpfel fangen", "game-download"));
        Assert.Equal("Äpfel fangen.zip", download.SuggestedFilename);
        byte[] zip = await File.ReadAllBytesAsync((await download.PathAsync())!);
        // The answer for the broken file may come before SetInputFilesAsync returns.
        visitor.ExpectStatus(400);
        await page.GetByTestId("game-files-picker").SetInputFilesAsync(
        [
            new FilePayload { Name = "Home.zip", MimeType = "application/zip", Buffer = zip },
            new FilePayload { Name = "Broken.zip", MimeType = "application/zip", Buffer = [1, 2, 3] },
        ]);
        await Expect(page.GetByTestId("toast")).ToContainTextAsync(["It is broken, or it is not a zip."]);
        await Expect(page.GetByTestId("game:Home")).ToBeVisibleAsync();

        await MenuAsync("Äpfel fangen (copy)", "game-remove");
        await page.GetByTestId("game:Äpfel fangen (copy)").GetByText("Delete", new LocatorGetByTextOptions { Exact = true }).ClickAsync();
        await Expect(page.GetByTestId("game:Äpfel fangen (copy)")).ToHaveCountAsync(0);
        await page.GetByTestId("projects-trash").ClickAsync();
        await Expect(page.GetByTestId("trash-dialog")).ToBeVisibleAsync();
        await page.GetByLabel("Bring Äpfel fangen (copy) back").ClickAsync();
        await Expect(page.GetByTestId("game:Äpfel fangen (copy)")).ToBeVisibleAsync();
        await ScreenshotAsync(page, "projects");
        foreach ((string name, int width, int height) in new[] { ("tablet", 768, 1024), ("desktop", 1366, 768) })
        {
            await page.SetViewportSizeAsync(width, height);
            await ScreenshotAsync(page, $"projects-{name}");
        }

        await MenuAsync("Home", "game-start");
        await page.GetByTestId("start-dialog").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "main.py" }).ClickAsync();
        await Expect(page.GetByText("main.py starts the game now.")).ToBeVisibleAsync();
        await page.GetByTestId("game:Home").Locator(".game-open").ClickAsync();
        await Expect(visitor.Code).ToContainTextAsync("import pygame");
        await visitor.Code.ClickAsync();
        await page.Keyboard.PressAsync("Control+End");
        await Expect(visitor.Code).ToContainTextAsync("# typed a moment before");

        // A zip that is dropped into the studio becomes a game of its own, with one report of what was left out.
        string home = visitor.Project;
        using (MemoryStream more = new())
        {
            more.Write(zip);
            using (ZipArchive archive = new(more, ZipArchiveMode.Update, leaveOpen: true))
            {
                archive.CreateEntry("Äpfel fangen/bad%name.txt");
            }

            await page.EvaluateAsync(
                """
                (base64) => {
                  const data = new DataTransfer();
                  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
                  data.items.add(new File([bytes], 'Dropped.zip', { type: 'application/zip' }));
                  dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }));
                }
                """,
                Convert.ToBase64String(more.ToArray()));
        }

        await Expect(page.GetByTestId("left-out-dialog")).ToContainTextAsync("bad%name.txt");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByTestId("project-name")).ToHaveValueAsync("Dropped");
        Assert.NotEqual(home, visitor.Project);
        await Expect(visitor.Code).ToContainTextAsync("import pygame");

        async Task MenuAsync(string game, string entry)
        {
            await page.GetByTestId($"game-menu:{game}").ClickAsync();
            await page.GetByTestId(entry).ClickAsync();
        }
    }, Device.Phone);

    /// <summary>Waits until an image is there with its pixels.</summary>
    private static async Task LoadedAsync(ILocator image)
    {
        await Expect(image).ToBeVisibleAsync();
        await Eventually.TrueAsync(() => image.EvaluateAsync<bool>("(image) => image.naturalWidth > 100"), "the picture is loaded");
    }

    private static async Task OpenHistoryAsync(IPage page)
    {
        await page.GetByTestId("menu").ClickAsync();
        await page.GetByTestId("menu-history").ClickAsync();
        await Expect(page.GetByTestId("history-dialog")).ToBeVisibleAsync();
    }

    /// <summary>Keeps a picture for people to look at.</summary>
    private static async Task ScreenshotAsync(IPage page, string name)
    {
        string folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "TestResults", "browser")).FullName;
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"look-{name}.png") });
    }
}
