using Microsoft.Playwright;
using PixelGameDev.Tests.Api;
using static Microsoft.Playwright.Assertions;

namespace PixelGameDev.Tests.Browser;

/// <summary>Tests what helps while somebody writes: completion, documentation, marks, search, and how the code looks.</summary>
public sealed class EditorHelpTests(ApiFixture fixture, BrowserFixture browser) : IClassFixture<ApiFixture>, IClassFixture<BrowserFixture>
{
    [Fact]
    public Task The_editor_knows_objects_explains_words_marks_mistakes_and_finds() => StudioVisit.RunAsync(fixture, browser, async page =>
    {
        ILocator code = page.GetByTestId("code");
        ILocator choices = page.Locator(".cm-tooltip-autocomplete");
        ILocator marks = page.Locator(".cm-lintRange");
        await StudioVisit.WriteAsync(page, "import pygame\nscreen = pygame.display.set_mode((640, 480))\n");

        // The help arrives with the first focus.
        await Expect(code).ToHaveAttributeAsync("aria-autocomplete", "list");
        await page.Keyboard.TypeAsync("screen.");
        await Expect(choices).ToBeVisibleAsync();
        await page.Keyboard.TypeAsync("bli");
        await Expect(page.Locator(".cm-completionInfo")).ToContainTextAsync("Draws another picture on this one");
        await page.WaitForTimeoutAsync(StudioVisit.ChoiceDelayMillis);
        await page.Keyboard.PressAsync("Enter");
        await Expect(code).ToContainTextAsync("screen.blit");

        await page.Keyboard.PressAsync("Control+I");
        await Expect(page.Locator(".cm-docs")).ToContainTextAsync("blit(source, dest");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".cm-docs")).ToHaveCountAsync(0);

        await StudioVisit.WriteAsync(page, "import pygame\npygame.dispaly.flip()\nprnt(1)\nif True\n    pass\n\n");
        await Expect(marks).ToHaveCountAsync(3);
        await page.Keyboard.PressAsync("F8");
        await Expect(page.Locator(".cm-diagnostic")).ToContainTextAsync("Did you mean display?");
        await page.GetByText("Write display").ClickAsync();
        await Expect(code).ToContainTextAsync("pygame.display.flip()");
        await Expect(marks).ToHaveCountAsync(2);

        await StudioVisit.WriteAsync(page, "a = 1\nb = a\nc = a\n");
        await page.Keyboard.PressAsync("Control+H");
        ILocator search = page.Locator(".cm-search");
        await Expect(search.Locator("input[name=replace]")).ToBeFocusedAsync();
        await search.Locator("input[name=search]").FillAsync("a");
        await page.Keyboard.PressAsync("F3");
        await search.Locator("input[name=replace]").FillAsync("lives");
        await search.GetByText("Replace all").ClickAsync();
        await Expect(code).ToContainTextAsync("c = lives");
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("Control+G");
        await Expect(page.Locator(".cm-goto-line input")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("2");
        await page.Keyboard.PressAsync("Enter");
        await Expect(code).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("second = ");
        await Expect(code).ToContainTextAsync("second = b = lives");

        // Escape and Tab leave the code, and change nothing.
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("Tab");
        await Expect(code).Not.ToBeFocusedAsync();
        await Expect(code).ToContainTextAsync("second = b = lives");

        // Mistakes are marked in a game that is opened again, also before anybody touches the code.
        await StudioVisit.WriteAsync(page, "prnt(1)\n\n");
        await Expect(page.GetByTestId("saved")).ToHaveAttributeAsync("data-state", "saved");
        await page.ReloadAsync();
        await Expect(marks).ToHaveCountAsync(1);
        await Expect(code).Not.ToBeFocusedAsync();
    });

    [Fact]
    public Task The_browser_remembers_how_the_code_looks_and_nothing_is_cut_off() => StudioVisit.RunAsync(fixture, browser, async page =>
    {
        const string Size = "getComputedStyle(document.documentElement).getPropertyValue('--text-code')";
        await page.GetByTestId("menu").ClickAsync();
        await page.GetByTestId("menu-view").ClickAsync();
        string before = await page.EvaluateAsync<string>(Size);
        await page.GetByTestId("code-larger").ClickAsync();
        Assert.NotEqual(before, await page.EvaluateAsync<string>(Size));
        await page.GetByTestId("fold-files").CheckAsync();
        await page.GetByTestId("projector").CheckAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.ReloadAsync();
        await Expect(page.GetByTestId("code")).ToContainTextAsync("Star Catcher");
        Assert.Equal("1rem", await page.EvaluateAsync<string>(Size));
        await Expect(page.Locator(":root[data-projector] .left.strip")).ToBeVisibleAsync();
        await ExpectNothingCutOffAsync(page, "projector");
        await page.EvaluateAsync("localStorage.clear()");

        // Files stand in their folders, which open and close.
        await page.EvaluateAsync(
            """
            async () => {
              const canvas = new OffscreenCanvas(8, 6);
              canvas.getContext('2d').fillRect(0, 0, 8, 6);
              const picture = await canvas.convertToBlob();
              const project = location.pathname.split('/').pop();
              const answer = await fetch(`/api/projects/${project}/files/images/hero.png`, { method: 'PUT', body: picture });
              if (!answer.ok) throw new Error(await answer.text());
            }
            """);
        await page.ReloadAsync();
        ILocator hero = page.GetByTestId("file:images/hero.png");
        await Expect(hero).ToHaveTextAsync("hero.png");
        await page.Locator(".folder-open").ClickAsync();
        await Expect(hero).ToHaveCountAsync(0);
        await page.Locator(".folder-open").ClickAsync();
        await hero.Locator(".file-open").ClickAsync();
        await Expect(page.GetByTestId("preview")).ToContainTextAsync("8 × 6 pixels");

        // Tablet upright and flat, school laptop, 200 % zoom of one, phone upright and flat.
        foreach ((int width, int height) in new[] { (768, 1024), (1024, 768), (1366, 768), (683, 384), (390, 844), (844, 390) })
        {
            string at = $"{width} × {height}";
            await page.SetViewportSizeAsync(width, height);
            await page.ReloadAsync();
            await Expect(page.GetByTestId("code")).ToContainTextAsync("Star Catcher");
            await ExpectNothingCutOffAsync(page, at);
            ViewportBox code = await ViewportBox.OfAsync(page.GetByTestId("code"));
            Assert.True(code.Width >= 300, $"{at}: {code.Width} pixels of code");
            if (await page.GetByTestId("tab-play").IsVisibleAsync())
            {
                await page.GetByTestId("tab-play").ClickAsync();
            }

            await ExpectNothingCutOffAsync(page, at);
            foreach (string button in new[] { "mute", "fullscreen", "hud-button", "run" })
            {
                ViewportBox box = await ViewportBox.OfAsync(page.GetByTestId(button));
                bool visible = box.X >= 0 && box.X + box.Width <= width && box.Y >= 0 && box.Y + box.Height <= height;
                Assert.True(visible, $"{at}: {button} at {box}");
            }

            ViewportBox room = await ViewportBox.OfAsync(page.Locator(".stage-room"));
            Assert.True(room.Width >= 320 && room.Height >= 240, $"{at}: {room} for the game");
        }
    });

    private static async Task ExpectNothingCutOffAsync(IPage page, string at)
    {
        string[] cut = await page.EvaluateAsync<string[]>(
            """
            () => {
              const out = document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : [];
              const code = document.querySelector('.editor-host')?.shadowRoot.querySelector('.cm-scroller');
              if (code.scrollWidth > code.clientWidth + 1) out.push('the code scrolls sideways');
              // A hidden editor has no places.
              const start = code.querySelector('.cm-content').getBoundingClientRect();
              for (const line of start.width === 0 ? [] : code.querySelectorAll('.cm-line')) {
                const range = document.createRange();
                range.selectNodeContents(line);
                const box = range.getBoundingClientRect();
                if (box.width > 0 && (box.left < start.left || box.right > innerWidth)) out.push(`cut: ${line.textContent}`);
              }
              for (const element of document.querySelectorAll('button, input, h2, [role=tab]')) {
                if (!element.checkVisibility() || element.closest('.file-items') || element.matches('.unseen')) continue;
                const box = element.getBoundingClientRect();
                if (box.width > 1 && (box.left < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1))
                  out.push(element.outerHTML.slice(0, 120));
              }
              return out;
            }
            """);
        Assert.True(cut.Length == 0, $"{at}: {string.Join('\n', cut)}");
    }
}
