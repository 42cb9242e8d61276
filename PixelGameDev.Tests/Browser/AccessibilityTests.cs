using System.IO.Compression;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using PixelGameDev.AppHost;
using PixelGameDev.Tests.Api;
using static Microsoft.Playwright.Assertions;

namespace PixelGameDev.Tests.Browser;

/// <summary>
/// Runs axe on every page and dialog, light and dark. A page or dialog that is not in the lists below fails the test.
/// </summary>
public sealed partial class AccessibilityTests(ApiFixture fixture, BrowserFixture browser)
    : IClassFixture<ApiFixture>, IClassFixture<BrowserFixture>
{
    /// <summary>How a person opens each dialog, by its test id.</summary>
    private static readonly Dictionary<string, Func<IPage, Task>> Dialogs = new()
    {
        ["account-dialog"] = static page => FromMenuAsync(page, "menu-sign-up"),
        ["games-dialog"] = static page => FromMenuAsync(page, "menu-games"),
        ["keys-dialog"] = static page => FromMenuAsync(page, "menu-keys"),
        ["saved-dialog"] = static page => page.GetByTestId("saved-by-game").ClickAsync(),
        ["templates-dialog"] = static page => FromMenuAsync(page, "menu-new"),
        ["trash-dialog"] = static page => FromMenuAsync(page, "menu-trash"),
        ["view-dialog"] = static page => FromMenuAsync(page, "menu-view"),
        ["file-trash-dialog"] = static page => page.GetByTestId("file-trash").ClickAsync(),
        ["existing-dialog"] = static page => AddAsync(page, "main.py", "print(1)\n"u8),
        ["encoding-dialog"] = static page => AddAsync(page, "latin.py", [.. "# Gr\u00FC\u00DFe\n".Select(static letter => (byte)letter)]),
        ["refused-dialog"] = static page => AddAsync(page, FileOf("huge.png", new byte[6_000_000]), FileOf("note.txt", "note"u8)),
        ["share-dialog"] = static async page =>
        {
            await FromMenuAsync(page, "menu-share");
            // Beside the link that the test has made before.
            await page.GetByTestId("share-make").ClickAsync();
            await Expect(page.GetByTestId("share-show-qr")).ToHaveCountAsync(2);
            await page.GetByTestId("share-show-qr").First.ClickAsync();
            await Expect(page.GetByTestId("share-qr")).ToBeVisibleAsync();
        },
        ["history-dialog"] = static page => FromMenuAsync(page, "menu-history"),
        ["recordings-dialog"] = static page => FromMenuAsync(page, "menu-recordings"),
        // The button belongs to the keys for fingers, which are visible while a game plays on a phone.
        ["controls-dialog"] = static page => page.GetByTestId("pad-choose").DispatchEventAsync("click"),
    };

    /// <summary>How a person opens each dialog of the page of all games.</summary>
    private static readonly Dictionary<string, Func<IPage, Task>> DialogsOfGames = new()
    {
        ["start-dialog"] = static async page =>
        {
            await page.Locator("[data-testid^='game-menu:']").First.ClickAsync();
            await page.GetByTestId("game-start").ClickAsync();
        },
        ["left-out-dialog"] = static page => page.GetByTestId("game-files-picker").SetInputFilesAsync(FileOf("game.zip", ZipWithBadName())),
    };

    /// <summary>How a person opens each dialog of the page of a shared game.</summary>
    private static readonly Dictionary<string, Func<IPage, Task>> DialogsOfSharedGame = new()
    {
        ["code-dialog"] = static async page =>
        {
            await page.GetByTestId("see-code").ClickAsync();
            await Expect(page.GetByTestId("shared-code")).ToContainTextAsync("Star Catcher");
        },
        ["report-dialog"] = static page => page.GetByTestId("report-game").ClickAsync(),
    };

    /// <summary>Dialogs that need a game in the gallery. <see cref="GalleryTests"/> checks them.</summary>
    private static readonly string[] DialogsOfPublishedGame = ["family-dialog"];

    /// <summary>Dialogs that need a running game. <see cref="WatchTests"/> and <see cref="SeatTests"/> check them.</summary>
    private static readonly string[] DialogsOfRunningGame = ["invite-dialog", "seats-dialog"];

    /// <summary>An address of each route of the page.</summary>
    private static readonly Dictionary<string, string> Routes = new()
    {
        ["/"] = "/",
        ["/index.html"] = "/index.html",
        ["/gallery"] = "/gallery",
        ["/account"] = "/account",
        ["/admin"] = "/admin",
        ["/set-up"] = "/set-up",
        ["/projects"] = "/projects",
        ["/projects/:id"] = "/projects/0190a5d2-7c1e-7abc-8def-0123456789ab",
    };

    [GeneratedRegex("testId: '([\\w-]+-dialog)'")]
    private static partial Regex DialogPattern { get; }

    [GeneratedRegex("<Route path=\"([^\"]+)\"")]
    private static partial Regex RoutePattern { get; }

    [Fact]
    public Task Every_dialog_and_state_of_the_studio_has_no_finding() => StudioVisit.RunAsync(fixture, browser, async page =>
    {
        List<string> findings = [];
        // Of the game as it is now: later the test types into it.
        string code = await page.EvaluateAsync<string>(
            """
            async () => {
              const address = `/api/projects/${location.pathname.split('/').pop()}/links`;
              const headers = { 'content-type': 'application/json' };
              return (await (await fetch(address, { method: 'POST', headers, body: '{"withCode":true,"pinned":true}' })).json()).code;
            }
            """);
        findings.AddRange(await Axe.FindAsync(page, "the studio"));
        await page.GetByTestId("menu").ClickAsync();
        findings.AddRange(await Axe.FindAsync(page, "the menu"));
        await page.Keyboard.PressAsync("Escape");
        foreach ((string name, Func<IPage, Task> open) in Dialogs)
        {
            await open(page);
            await CheckDialogAsync(page, name, findings);
        }

        await AddAsync(page, "broken.png", "no picture"u8);
        await Expect(page.GetByTestId("preview")).ToContainTextAsync("not a picture");
        findings.AddRange(await Axe.FindAsync(page, "a preview"));
        await page.GetByTestId("file:main.py").GetByText("main.py").ClickAsync();

        await StudioVisit.WriteAsync(page, "prnt(1)\nx = 1\n");
        await Expect(page.Locator(".cm-lintRange")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Control+H");
        await Expect(page.Locator(".cm-search")).ToBeVisibleAsync();
        findings.AddRange(await Axe.FindAsync(page, "search and marks"));
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("Control+End");
        await page.Keyboard.TypeAsync("pri");
        await Expect(page.Locator(".cm-tooltip-autocomplete")).ToBeVisibleAsync();
        findings.AddRange(await Axe.FindAsync(page, "completion"));
        await page.Keyboard.PressAsync("Escape");
        await FromMenuAsync(page, "menu-view");
        await page.GetByTestId("fold-files").CheckAsync();
        await page.GetByTestId("projector").CheckAsync();
        await page.Keyboard.PressAsync("Escape");
        findings.AddRange(await Axe.FindAsync(page, "files in a row, for a projector"));
        await page.GotoAsync("/projects");
        foreach ((string name, Func<IPage, Task> open) in DialogsOfGames)
        {
            await open(page);
            await CheckDialogAsync(page, name, findings);
        }

        await page.GotoAsync($"/play/{code}");
        await Expect(page.GetByTestId("play")).ToBeVisibleAsync();
        findings.AddRange(await Axe.FindAsync(page, "a shared game"));
        foreach ((string name, Func<IPage, Task> open) in DialogsOfSharedGame)
        {
            await open(page);
            await CheckDialogAsync(page, name, findings);
        }

        await page.GotoAsync("/play/nothing");
        await Expect(page.GetByTestId("shared-nothing")).ToBeVisibleAsync();
        findings.AddRange(await Axe.FindAsync(page, "no shared game"));
        Assert.True(findings.Count == 0, string.Join('\n', findings));
    });

    [Fact]
    public Task Every_page_has_no_finding_on_a_phone() => StudioVisit.RunAsync(
        fixture, browser,
        async page =>
        {
            List<string> findings = [];
            foreach (string tab in new[] { "code", "console", "play" })
            {
                await page.GetByTestId("tab-" + tab).ClickAsync();
                findings.AddRange(await Axe.FindAsync(page, $"tab {tab}"));
            }

            foreach ((string route, string address) in Routes.Append(new("default", "/nothing/here")))
            {
                await page.GotoAsync(address);
                await Expect(page.Locator(
                    "[data-testid=not-found], [data-testid=projects-page], [data-testid=gallery-empty], [data-testid=project-name], "
                        + ".sheet").First).ToBeVisibleAsync();
                findings.AddRange(await Axe.FindAsync(page, $"route {route}"));
            }

            Assert.True(findings.Count == 0, string.Join('\n', findings));
        },
        390, 844, touch: true);

    [Fact]
    public Task A_barrier_is_found() => StudioVisit.RunAsync(fixture, browser, async page =>
    {
        // A page of the Api allows no style of others.
        await page.GotoAsync("about:blank");
        await page.SetContentAsync("""
            <!doctype html><html lang="en"><title>Barriers</title><main><h1>Barriers</h1><img src="data:,">
            <p id="pale">dark grey on black, in dark colours</p></main>
            <style>@media (prefers-color-scheme: dark) { #pale { color: #333; background: #000 } }</style></html>
            """);
        string[] findings = await Axe.FindAsync(page, "a page");
        Assert.Collection(
            findings,
            static finding => Assert.StartsWith("a page, Light: image-alt (critical): <img", finding, StringComparison.Ordinal),
            static finding => Assert.StartsWith("a page, Dark: color-contrast (serious): <p id", finding, StringComparison.Ordinal));
    });

    [Fact]
    public void Every_page_and_dialog_is_known_here()
    {
        string folder = Path.Combine(Repository.Find().Root, "PixelGameDev.Api", "Web", "src");
        string[] sources = [.. Directory.GetFiles(folder, "*.ts*", SearchOption.AllDirectories).Select(File.ReadAllText)];
        Assert.Equal(
            Find(DialogPattern),
            Dialogs.Keys.Concat(DialogsOfGames.Keys).Concat(DialogsOfSharedGame.Keys).Concat(DialogsOfPublishedGame)
                .Concat(DialogsOfRunningGame).Order(StringComparer.Ordinal));
        Assert.Equal(Find(RoutePattern), Routes.Keys.Order(StringComparer.Ordinal));

        IEnumerable<string> Find(Regex pattern) => sources
            .SelectMany(source => pattern.Matches(source).Select(static match => match.Groups[1].Value))
            .Distinct().Order(StringComparer.Ordinal);
    }

    private static async Task CheckDialogAsync(IPage page, string name, List<string> findings)
    {
        ILocator dialog = page.GetByTestId(name);
        await Expect(dialog).ToBeVisibleAsync();
        findings.AddRange(await Axe.FindAsync(page, name));
        await page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);
    }

    private static async Task FromMenuAsync(IPage page, string entry)
    {
        await page.GetByTestId("menu").ClickAsync();
        await page.GetByTestId(entry).ClickAsync();
    }

    private static Task AddAsync(IPage page, string name, ReadOnlySpan<byte> content) => AddAsync(page, FileOf(name, content));

    private static Task AddAsync(IPage page, params FilePayload[] files) => page.GetByTestId("file-picker").SetInputFilesAsync(files);

    private static byte[] ZipWithBadName()
    {
        using MemoryStream stream = new();
        using (ZipArchive zip = new(stream, ZipArchiveMode.Create))
        {
            foreach (string name in new[] { "main.py", "bad:name.py" })
            {
                using StreamWriter writer = new(zip.CreateEntry(name).Open());
                writer.Write("print(1)\n");
            }
        }

        return stream.ToArray();
    }

    private static FilePayload FileOf(string name, ReadOnlySpan<byte> content) =>
        new() { Name = name, MimeType = "application/octet-stream", Buffer = content.ToArray() };
}
