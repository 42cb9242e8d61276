using Microsoft.Playwright;
using PixelGameDev.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;
using static PixelGameDev.Tests.Browser.TextProbes;

namespace PixelGameDev.Tests.Browser;

/// <summary>Tests that many files come into a game at once, in the real page with the real Api.</summary>
[Collection(BrowserCollection.Name)]
public sealed class UploadTests(SystemFixture system, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task A_game_of_several_files_comes_in_with_one_report_and_starts_with_the_chosen_file() =>
        await Visitor.VisitAsync(browser, (await system.GetAsync()).Address, async visitor =>
    {
        IPage page = visitor.Page;
        visitor.ExpectStatus(422);
        await page.GetByTestId("file-picker").SetInputFilesAsync(
            [
                File("game.py", "print(open('größe.txt', encoding='utf-8').read())"u8.ToArray()),
                // Latin-1: the page asks which letters it has.
                File("größe.txt", [.. "M"u8, 0xFC, .. "ller"u8]),
                File("large.png", new byte[5_000_001]),
                // The server refuses this name.
                File("bad%name.txt", "x"u8.ToArray()),
            ]);
        await Expect(page.GetByTestId("encoding-preview")).ToHaveTextAsync("Müller");
        await page.GetByTestId("encoding-convert").ClickAsync();
        ILocator report = page.GetByTestId("refused-dialog");
        await Expect(report).ToContainTextAsync("large.png");
        await page.GetByTestId("refused-others").ClickAsync();
        await Expect(report).ToContainTextAsync("The character % cannot be part of a file name");
        Assert.Equal(["main.py"], await PathsAsync());
        await page.GetByTestId("refused-others").ClickAsync();
        await Expect(page.GetByTestId("file:größe.txt")).ToBeVisibleAsync();
        Assert.Equal(["game.py", "größe.txt", "main.py"], await PathsAsync());
        Assert.Equal("Müller", await StoredAsync(page, visitor.Project, "größe.txt"));

        // A document is taken, because a game could read it, but the page says that it is none for a game.
        await page.GetByTestId("file-picker").SetInputFilesAsync([File("homework.docx", "PK"u8.ToArray())]);
        await Expect(page.Locator("[data-key=upload]")).ToContainTextAsync("a game cannot use such a file");
        await Expect(page.GetByTestId("file:homework.docx")).ToBeVisibleAsync();

        await page.GetByTestId("file:game.py").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "game.py", Exact = true })
            .ClickAsync();
        await page.GetByTestId("file:game.py").HoverAsync();
        await page.GetByTestId("file:game.py")
            .GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Start the game with game.py" }).ClickAsync();
        await Expect(page.GetByText("Your game starts with game.py now.")).ToBeVisibleAsync();
        await page.GetByTestId("run").ClickAsync();
        await Expect(visitor.Console).ToContainTextAsync("Müller");

        Task<string[]> PathsAsync() => page.EvaluateAsync<string[]>(
            "(id) => fetch(`/api/projects/${id}`).then((answer) => answer.json()).then(({ files }) => files.map(({ path }) => path))",
            visitor.Project);
    });

    [Fact]
    public async Task A_whole_game_comes_in_as_a_folder_in_one_gesture_and_plays() =>
        await Visitor.VisitAsync(browser, (await system.GetAsync()).Address, async visitor =>
    {
        IPage page = visitor.Page;
        visitor.ExpectStatus(422);
        using TestDirectory folder = new();
        byte[] picture = [.. "P6 1 1 255\n"u8, 10, 200, 30];
        Write("pac.py",
            """
            import pygame
            from lib.rules import count
            screen = pygame.display.set_mode((200, 100))
            screen.blit(pygame.transform.scale(pygame.image.load("pics/deep/59.ppm"), (200, 100)), (0, 0))
            print(count(), open("data/level 1.txt", encoding="utf-8").read())
            pygame.display.flip()
            """u8.ToArray());
        Write("lib/rules.py", "import os\ndef count():\n    return len(os.listdir('pics/deep')) + len(os.listdir('noises'))\n"u8.ToArray());
        Write("data/level 1.txt", "größer"u8.ToArray());
        for (int i = 0; i < 60; i++)
        {
            Write($"pics/deep/{i}.ppm", picture);
            Write($"noises/{i}.wav", new byte[300]);
        }

        Write("bad%name.png", picture);
        Write(".git/config", "x"u8.ToArray());
        Write("lib/__pycache__/rules.cpython-313.pyc", [0, 1, 2]);

        await page.GetByTestId("folder-picker").SetInputFilesAsync(folder.Sub("game"));
        ILocator report = page.GetByTestId("refused-dialog");
        await Expect(report).ToContainTextAsync("The character % cannot be part of a file name");
        await page.GetByTestId("refused-others").ClickAsync();
        await Expect(page.GetByText("123 files are in your game.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Start the game with pac.py" }).First.ClickAsync();
        await Expect(page.GetByText("Your game starts with pac.py now.")).ToBeVisibleAsync();
        await visitor.Run.ClickAsync();
        await Expect(visitor.Console).ToContainTextAsync("120 größer");
        await visitor.SeeAsync(static shown => shown.At(100, 50) == (10, 200, 30), "the picture of the folder");

        void Write(string path, byte[] content)
        {
            string file = Path.Combine(folder.Sub("game"), path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            System.IO.File.WriteAllBytes(file, content);
        }
    });

    [Fact]
    public async Task The_browser_asks_before_a_page_is_left_while_a_file_is_on_its_way() =>
        await Visitor.VisitAsync(browser, (await system.GetAsync()).Address, async visitor =>
    {
        IPage page = visitor.Page;
        TaskCompletionSource arrives = new();
        await page.RouteAsync("**/files/hero.png*", async route =>
        {
            await arrives.Task;
            await route.ContinueAsync();
        });
        TaskCompletionSource<string> asked = new();
        page.Dialog += (_, dialog) =>
        {
            asked.TrySetResult(dialog.Type);
            _ = dialog.DismissAsync();
        };
        // A browser asks only for somebody who has done something in the page.
        await visitor.Code.ClickAsync();
        await page.GetByTestId("file-picker").SetInputFilesAsync([File("hero.png", Convert.FromBase64String(
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="))]);
        await Expect(page.GetByTestId("toast")).ToContainTextAsync(["Adding hero.png"]);
        await page.EvaluateAsync("setTimeout(() => location.assign('/projects'))");
        Assert.Equal("beforeunload", await asked.Task.WaitAsync(Eventually.Limit));

        arrives.SetResult();
        await Expect(page.GetByTestId("file:hero.png")).ToBeVisibleAsync();
    });

    private static FilePayload File(string name, byte[] content) =>
        new() { Name = name, MimeType = "application/octet-stream", Buffer = content };
}
