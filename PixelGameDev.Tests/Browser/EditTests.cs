using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;
using PixelGameDev.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace PixelGameDev.Tests.Browser;

/// <summary>Tests editing, files and the page itself.</summary>
[Collection(BrowserCollection.Name)]
public sealed class EditTests(SystemFixture system, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private async Task VisitAsync(Func<Visitor, Task> visit, [System.Runtime.CompilerServices.CallerMemberName] string test = "") =>
        await Visitor.VisitAsync(browser, (await system.GetAsync()).Address, visit, test: test);

    [Fact]
    public Task What_is_typed_is_saved_by_itself_and_run_at_once() => VisitAsync(async visitor =>
    {
        await visitor.Code.ClickAsync();
        await visitor.Page.Keyboard.PressAsync("Control+A");
        await visitor.Page.Keyboard.InsertTextAsync("print('typed in the browser')");
        // Run also saves what is not saved yet.
        await visitor.Page.Keyboard.PressAsync("Control+Enter");
        await Expect(visitor.Console).ToContainTextAsync("typed in the browser");

        await visitor.Code.ClickAsync();
        await visitor.Page.Keyboard.PressAsync("Control+End");
        // "Saving" may be over before the last key is pressed, so the test records it instead of waiting for it.
        await visitor.Saved.EvaluateAsync("""
            saved => {
              window.statesSeen = [];
              new MutationObserver(() => window.statesSeen.push(saved.dataset.state)).observe(saved, { attributeFilter: ['data-state'] });
            }
            """);
        await visitor.Page.Keyboard.TypeAsync("  # later");
        await visitor.Page.WaitForFunctionAsync("() => window.statesSeen.includes('saving')");
        await Expect(visitor.Saved).ToHaveAttributeAsync("data-state", "saved");
        await visitor.Page.ReloadAsync();
        await Expect(visitor.Code).ToContainTextAsync("print('typed in the browser')  # later");

        // Also on the next visit, when the browser has the page in its cache and only asks whether it has changed.
        await visitor.Page.GotoAsync("about:blank");
        await visitor.Page.GotoAsync("/");
        await Expect(visitor.Code).ToContainTextAsync("print('typed in the browser')  # later");
    });

    [Fact]
    public Task Files_are_added_renamed_deleted_and_brought_back() => VisitAsync(async visitor =>
    {
        IPage page = visitor.Page;
        await page.GetByTestId("add-file").ClickAsync();
        await page.Keyboard.TypeAsync("enemy");
        await page.Keyboard.PressAsync("Enter");
        ILocator enemy = page.GetByTestId("file:enemy.py");
        await Expect(enemy).ToBeVisibleAsync();
        await Expect(visitor.Code).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("lives = 3");
        await Expect(visitor.Saved).ToHaveAttributeAsync("data-state", "saved");

        await enemy.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "enemy.py", Exact = true }).PressAsync("F2");
        await page.Keyboard.TypeAsync("boss");
        await page.Keyboard.PressAsync("Enter");
        ILocator boss = page.GetByTestId("file:boss.py");
        await Expect(boss).ToBeVisibleAsync();
        await Expect(enemy).ToHaveCountAsync(0);
        await Expect(visitor.Code).ToContainTextAsync("lives = 3");

        await boss.HoverAsync();
        await boss.GetByLabel("Delete boss.py").ClickAsync();
        await Expect(boss).ToHaveCountAsync(0);
        await page.GetByText("Undo").ClickAsync();
        await Expect(boss).ToBeVisibleAsync();
        await Expect(visitor.Code).ToContainTextAsync("lives = 3");

        JsonElement project = await visitor.AskAsync($"/api/projects/{visitor.Project}");
        Assert.Equal(
            ["boss.py", "main.py"],
            project.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("path").GetString()!)
                .Order(StringComparer.Ordinal));
    });

    [Fact]
    public Task Two_windows_never_overwrite_each_other_in_silence() => VisitAsync(async visitor =>
    {
        visitor.ExpectStatus(412);
        IPage here = visitor.Page;
        IPage other = await here.Context.NewPageAsync();
        await other.GotoAsync(here.Url);
        ILocator otherCode = other.GetByTestId("code");
        ILocator otherSaved = other.GetByTestId("saved");
        await TypeAsync(other, "# from the other window");
        await Expect(otherSaved).ToHaveAttributeAsync("data-state", "saved");

        // This window has not seen that, and the person types on. Both texts stay until the person chooses.
        await TypeAsync(here, "# from this window");
        await Expect(here.GetByTestId("conflict")).ToContainTextAsync("another window");
        await Expect(visitor.Saved).ToHaveAttributeAsync("data-state", "refused");
        Assert.Contains("# from the other window", await StoredAsync(), StringComparison.Ordinal);
        await here.GetByTestId("take-theirs").ClickAsync();
        await Expect(visitor.Code).ToContainTextAsync("# from the other window");
        await Expect(visitor.Saved).ToHaveAttributeAsync("data-state", "saved");

        // The rejected text comes back with one undo.
        await visitor.Code.FocusAsync();
        await here.Keyboard.PressAsync("Control+Z");
        await Expect(visitor.Code).ToContainTextAsync("# from this window");
        await Eventually.TrueAsync(async () =>
            (await StoredAsync()).Contains("# from this window", StringComparison.Ordinal), "it is stored");
        await Expect(visitor.Saved).ToHaveAttributeAsync("data-state", "saved");

        // Now the other window is behind. It keeps its own text.
        await TypeAsync(other, "# once more from the other");
        await other.GetByTestId("keep-mine").ClickAsync();
        await Expect(otherSaved).ToHaveAttributeAsync("data-state", "saved");
        await Expect(other.GetByTestId("conflict")).ToBeHiddenAsync();
        Assert.Contains("# once more from the other", await StoredAsync(), StringComparison.Ordinal);

        // A window without unsaved text shows what was saved meanwhile, when the person comes back to it.
        await here.EvaluateAsync("document.dispatchEvent(new Event('visibilitychange'))");
        await Expect(visitor.Code).ToContainTextAsync("# once more from the other");

        // Changes of different lines come together by themselves.
        await TypeAsync(other, "# at the top");
        await visitor.Code.ClickAsync();
        await here.Keyboard.PressAsync("Control+End");
        await here.Keyboard.InsertTextAsync("# at the end");
        await Eventually.TrueAsync(
            async () => await StoredAsync() is { } stored && stored.StartsWith("# at the top", StringComparison.Ordinal)
                && stored.EndsWith("# at the end", StringComparison.Ordinal),
            "both are stored");
        await Expect(visitor.Saved).ToHaveAttributeAsync("data-state", "saved");
        await Expect(here.GetByTestId("conflict")).ToBeHiddenAsync();
        await here.Keyboard.PressAsync("Control+Home");
        await Expect(visitor.Code).ToContainTextAsync("# at the top");

        async Task<string> StoredAsync() => await here.EvaluateAsync<string>(
            "project => fetch(`/api/projects/${project}/files/main.py`).then(answer => answer.text())", visitor.Project);

        static async Task TypeAsync(IPage page, string line)
        {
            await page.GetByTestId("code").ClickAsync();
            await page.Keyboard.PressAsync("Control+Home");
            await page.Keyboard.InsertTextAsync(line + "\n");
            await Expect(page.GetByTestId("code")).ToContainTextAsync(line);
            await Expect(page.GetByTestId("saved")).Not.ToHaveAttributeAsync("data-state", "saving");
        }
    });

    [Fact]
    public Task The_page_is_light_and_complete_without_a_mouse() => VisitAsync(async visitor =>
    {
        IPage page = visitor.Page;
        // Measures the transferred bytes of a fresh visitor up to the moment before play. What the visit before still loads does not count.
        ICDPSession devtools = await page.Context.NewCDPSessionAsync(page);
        ConcurrentDictionary<string, (string Url, double Bytes)> requests = new();
        bool helpBegan = false;
        devtools.Event("Network.requestWillBeSent").OnEvent += (_, data) =>
        {
            // Some time after the page, the editor's help comes.
            string url = data!.Value.GetProperty("request").GetProperty("url").GetString()!;
            helpBegan |= url.Contains("/assets/assist-", StringComparison.Ordinal)
                || url.Contains("/assets/completion-", StringComparison.Ordinal);
            if (!helpBegan)
            {
                requests[data.Value.GetProperty("requestId").GetString()!] = (url, 0);
            }
        };
        devtools.Event("Network.loadingFinished").OnEvent += (_, data) =>
        {
            string id = data!.Value.GetProperty("requestId").GetString()!;
            if (requests.TryGetValue(id, out (string Url, double Bytes) request))
            {
                requests[id] = (request.Url, data.Value.GetProperty("encodedDataLength").GetDouble());
            }
        };
        await devtools.SendAsync("Network.enable");
        await devtools.SendAsync("Network.setCacheDisabled", new Dictionary<string, object> { ["cacheDisabled"] = true });
        await page.ReloadAsync(new PageReloadOptions { WaitUntil = WaitUntilState.NetworkIdle });
        await Expect(visitor.Code).ToBeVisibleAsync();
        double bytes = requests.Values.Sum(static request => request.Bytes);
        Assert.True(bytes is > 100_000 and <= 250_000, $"{bytes} bytes: {string.Join(", ", requests.Values)}");

        // Every control has a name and Tab reaches it.
        string[] nameless = await page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('button, input, [role=separator], canvas')]
              .filter((element) => element.checkVisibility())
              .filter((element) => !(element.getAttribute('aria-label') || element.textContent.trim() || element.labels?.length))
              .map((element) => element.outerHTML)
            """);
        Assert.Empty(nameless);

        await page.GetByTestId("menu").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("menu-games")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByTestId("menu")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("?");
        await Expect(page.GetByTestId("keys-dialog")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByTestId("keys-dialog")).ToHaveCountAsync(0);
    });
}
