using System.IO.Compression;
using Microsoft.Playwright;
using PixelGameDev.Tests.Api;
using PixelGameDev.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace PixelGameDev.Tests.Browser;

/// <summary>Tests that files from a person's disk become games on the page of all games. The browser itself makes the drops.</summary>
[Collection(BrowserCollection.Name)]
public sealed class DroppedGameTests(ApiFixture fixture, BrowserFixture browser) : IClassFixture<ApiFixture>, IClassFixture<BrowserFixture>
{
    [Fact]
    public Task A_zip_and_a_folder_become_games_each_with_one_report() => StudioVisit.RunAsync(fixture, browser, async page =>
    {
        using TestDirectory disk = new();
        string maze = disk.Sub("Maze");
        Write(maze, "maze.py", "print('maze')"u8.ToArray());
        Write(maze, "pics/größe.png", [0x89, 0x50, 0, 255]);
        Write(maze, "bad%name.txt", "x"u8.ToArray());
        Write(maze, "film.mp4", new byte[5_000_001]);
        Write(maze, "__pycache__/maze.cpython-313.pyc", [0]);
        string pong = Path.Combine(disk.Path, "Pong.zip");
        using (ZipArchive zip = ZipFile.Open(pong, ZipArchiveMode.Create))
        {
            using StreamWriter program = new(zip.CreateEntry("Pong/main.py").Open());
            await program.WriteAsync("print('pong')");
        }

        await page.GotoAsync("/projects");
        await Expect(page.GetByTestId("game:Star Catcher")).ToBeVisibleAsync();
        ILocator hint = page.GetByTestId("drop-overlay");
        Drag drag = await Drag.BeginAsync(page, pong, maze);
        await Expect(hint).ToBeVisibleAsync();
        await Expect(hint).ToContainTextAsync("Each zip and each folder becomes a game");
        await drag.DropAsync();
        await Expect(hint).ToBeHiddenAsync();
        ILocator report = page.GetByTestId("left-out-dialog");
        await Expect(report).ToContainTextAsync("Maze was added. These files could not be taken:");
        await Expect(report.GetByRole(AriaRole.Listitem)).ToContainTextAsync(
        [
            "film.mp4: “film.mp4” is larger than 5 MB. Make the picture smaller, or save the sound as OGG.",
            "bad%name.txt: The character % cannot be part of a file name",
        ]);
        await page.Keyboard.PressAsync("Escape");
        await Expect(report).ToHaveCountAsync(0);
        await Expect(page.GetByTestId("game:Pong")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("game:Maze")).ToBeVisibleAsync();
        Assert.Equal(
            ["Maze maze.py: maze.py pics/größe.png", "Pong main.py: main.py", "Star Catcher main.py: main.py"], await GamesAsync(page));
    });

    [Fact]
    public Task What_is_no_game_is_refused_with_words_and_leaves_nothing() => StudioVisit.RunAsync(fixture, browser, async page =>
    {
        using TestDirectory disk = new();
        Write(disk.Path, "Broken.zip", [1, 2, 3]);
        Write(disk.Sub("Photos"), "me.png", [0x89, 0x50, 0, 255]);
        await page.GotoAsync("/projects");
        await Expect(page.GetByTestId("game:Star Catcher")).ToBeVisibleAsync();
        Drag drag = await Drag.BeginAsync(page, Path.Combine(disk.Path, "Broken.zip"), disk.Sub("Photos"));
        await drag.DropAsync();
        await Expect(page.GetByText("Broken was not added. It is broken, or it is not a zip. Make the zip again.")).ToBeVisibleAsync();
        await Expect(page.GetByText("Photos was not added. There is no game in it: a game needs a Python file, for example main.py."))
            .ToBeVisibleAsync();
        Assert.Equal(["Star Catcher main.py: main.py"], await GamesAsync(page));
        await Expect(page.Locator(".game-card")).ToHaveCountAsync(1);
    });

    [Fact]
    public Task Single_files_become_one_game_also_with_the_keyboard() => StudioVisit.RunAsync(fixture, browser, async page =>
    {
        using TestDirectory disk = new();
        Write(disk.Path, "snake.py", "print('snake')"u8.ToArray());
        // Latin-1: the page asks which letters it has.
        Write(disk.Path, "größe.txt", [.. "M"u8, 0xFC, .. "ller"u8]);
        string[] files = [Path.Combine(disk.Path, "snake.py"), Path.Combine(disk.Path, "größe.txt")];
        await page.GotoAsync("/projects");
        await Expect(page.GetByTestId("game:Star Catcher")).ToBeVisibleAsync();
        Drag drag = await Drag.BeginAsync(page, files);
        await drag.DropAsync();
        await Expect(page.GetByTestId("encoding-preview")).ToHaveTextAsync("Müller");
        await page.GetByTestId("encoding-convert").ClickAsync();
        await Expect(page.GetByTestId("game:snake")).ToBeVisibleAsync();

        IFileChooser chooser = await ChooseWithEnterAsync(page, "game-files");
        Assert.True(chooser.IsMultiple);
        await chooser.SetFilesAsync(files[0]);
        await Expect(page.GetByTestId("game:snake")).ToHaveCountAsync(2);
        Write(disk.Sub("Pong"), "main.py", "print('pong')"u8.ToArray());
        chooser = await ChooseWithEnterAsync(page, "game-folder");
        await chooser.SetFilesAsync(disk.Sub("Pong"));
        await Expect(page.GetByTestId("game:Pong")).ToBeVisibleAsync();
        Assert.Equal(
            ["Pong main.py: main.py", "Star Catcher main.py: main.py", "snake snake.py: größe.txt snake.py", "snake snake.py: snake.py"],
            await GamesAsync(page));
    });

    /// <summary>Presses Enter on a button that lets a person choose files.</summary>
    /// <remarks>
    /// Playwright asks the browser to report file choosers, and does not await the answer. It does await those of the later messages, so
    /// the browser has the request before the key.
    /// </remarks>
    private static async Task<IFileChooser> ChooseWithEnterAsync(IPage page, string button)
    {
        Task<IFileChooser> chooser = page.WaitForFileChooserAsync();
        await page.GetByTestId(button).FocusAsync();
        await Expect(page.GetByTestId(button)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        return await chooser;
    }

    /// <summary>Returns each game of the person, as the server has it: its name, the file that starts it, its files.</summary>
    private static Task<string[]> GamesAsync(IPage page) => page.EvaluateAsync<string[]>(
        """
        async () => {
          const json = async (url) => (await fetch(url)).json();
          const games = await Promise.all((await json('/api/projects')).map(({ id }) => json(`/api/projects/${id}`)));
          return games.map(({ name, entry, files }) => `${name} ${entry}: ${files.map(({ path }) => path).sort().join(' ')}`).sort();
        }
        """);

    private static void Write(string folder, string path, byte[] content)
    {
        string file = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, content);
    }

    /// <summary>Files and folders of the disk that are dragged over the page.</summary>
    private sealed class Drag(ICDPSession session, string[] paths)
    {
        public static async Task<Drag> BeginAsync(IPage page, params string[] paths)
        {
            Drag drag = new(await page.Context.NewCDPSessionAsync(page), paths);
            await drag.SendAsync("dragEnter");
            await drag.SendAsync("dragOver");
            return drag;
        }

        public Task DropAsync() => SendAsync("drop");

        private async Task SendAsync(string type) => await session.SendAsync("Input.dispatchDragEvent", new Dictionary<string, object>
        {
            ["type"] = type,
            ["x"] = 400,
            ["y"] = 300,
            ["data"] = new { items = Array.Empty<object>(), files = paths, dragOperationsMask = 1 },
        });
    }
}
