using System.Text.Json;
using Microsoft.Playwright;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Browser.Desktop;

/// <summary>Shows our page in a Chromium with a real window, and plays a program there.</summary>
internal sealed class PageWindow : IAsyncDisposable
{
    /// <summary>Waits until the page has been laid out, so that the picture has its place.</summary>
    private const string WaitForLayout = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))";

    private const int Width = 1200;
    private const int Height = 900;
    private static readonly int[] Zooms = [50, 67, 75, 80, 90, 100, 110, 125, 150, 175, 200];

    /// <summary>Counts what the browser tells the page of the wheel, from now on.</summary>
    private const string CountNotches = """
        () => {
          if (window.notches === undefined) {
            window.notches = 0;
            addEventListener('wheel', (event) => { notches += Math.abs(event.wheelDeltaY) / 120; }, { capture: true, passive: true });
          }
          return notches;
        }
        """;

    private readonly XServer _screen;
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private PageWindow(XServer screen, IPlaywright playwright, IBrowser browser, IPage page)
    {
        _screen = screen;
        _playwright = playwright;
        _browser = browser;
        Page = page;
    }

    private int _zoom = 100;

    /// <summary>Height of the browser's own bars, pixels. Measured without zoom, because the page's height is rounded with it.</summary>
    private int _bars;

    public IPage Page { get; }

    /// <summary>Opens the page as a new guest and runs the program.</summary>
    public static async Task<PageWindow> OpenAsync(XServer screen, Uri address, string program)
    {
        Assertions.SetDefaultExpectTimeout(BrowserFixture.TimeoutMillis);
        IPlaywright playwright = await Playwright.CreateAsync();
        IBrowser browser = await BrowserFixture.LaunchWindowAsync(playwright, screen.Display);
        IBrowserContext context =
            await browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = ViewportSize.NoViewport, Locale = "en-GB" });
        context.SetDefaultTimeout(BrowserFixture.TimeoutMillis);
        IPage page = await context.NewPageAsync();
        PageWindow window = new(screen, playwright, browser, page);
        await page.GotoAsync(address.ToString());
        await Assertions.Expect(page.GetByTestId("code")).ToBeVisibleAsync();
        await page.EvaluateAsync(
            """
            async (text) => {
              const project = location.pathname.split('/').pop();
              const answer = await fetch(`/api/projects/${project}/files/main.py`, { method: 'PUT', body: text });
              if (!answer.ok) throw new Error(await answer.text());
            }
            """,
            program);
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByTestId("code")).ToContainTextAsync(program.Split('\n')[0]);
        await screen.FocusAsync();
        window._bars = await page.EvaluateAsync<int>("() => screenY + outerHeight - innerHeight");
        await window.RunAsync();
        return window;
    }

    public async Task RunAsync()
    {
        await Page.GetByTestId("run").ClickAsync();
        await Assertions.Expect(Page.GetByTestId("game")).Not.ToHaveAttributeAsync("data-frames", "0");
        await Eventually.TrueAsync(async () => (await ReadAsync()).Contains("listening"), "the page's game listens");
    }

    /// <summary>Zooms the page as a person does, with Ctrl and plus or minus.</summary>
    /// <returns>Whether it had another zoom.</returns>
    public async Task<bool> ZoomAsync(int percent)
    {
        if (percent == _zoom)
        {
            return false;
        }

        // In other layouts the keys of zoom are elsewhere.
        await UseLayoutAsync("us");
        int steps = Array.IndexOf(Zooms, percent) - Array.IndexOf(Zooms, 100);
        await _screen.PressAsync(["ctrl+0", .. Enumerable.Repeat(steps > 0 ? "ctrl+plus" : "ctrl+minus", Math.Abs(steps))]);
        await Page.WaitForFunctionAsync("(ratio) => Math.abs(devicePixelRatio - ratio) < 0.01", percent / 100.0);
        await Page.EvaluateAsync(WaitForLayout);
        _zoom = percent;
        return true;
    }

    /// <summary>Changes the size of the browser's window, so that the game gets another room.</summary>
    public Task ResizeAsync() => _screen.ResizeAsync(Width - 200, Height - 100);

    /// <summary>Gives the browser's window the size back that it has opened with.</summary>
    public async Task RestoreAsync()
    {
        await _screen.ResizeAsync(Width, Height);
        await Page.WaitForFunctionAsync($"() => outerWidth === {Width} && outerHeight === {Height}");
        await Page.EvaluateAsync(WaitForLayout);
    }

    private async Task UseLayoutAsync(string layout)
    {
        if (await _screen.UseLayoutAsync(layout))
        {
            // The page reads the layout when the game gets the keyboard.
            await Page.EvaluateAsync(
                """
                async () => {
                  const field = document.querySelector('[data-testid=game-keys]');
                  field.blur();
                  field.focus();
                  await navigator.keyboard?.getLayoutMap();
                }
                """);
        }
    }

    public async Task DoAsync(Scenario scenario)
    {
        await UseLayoutAsync(scenario.Layout);
        // Where the picture is on the screen. The window has no frame, and the browser's own bars are above the page. The browser paints
        // the picture on whole pixels of the screen.
        JsonElement box = await Page.EvaluateAsync<JsonElement>(
            """
            (bars) => {
              const canvas = document.querySelector('[data-testid=game]');
              const box = canvas.getBoundingClientRect();
              const onScreen = (edge) => Math.round(edge * devicePixelRatio);
              const [left, right, top, bottom] = [box.left, box.right, box.top, box.bottom].map(onScreen);
              return [screenX + left, bars + top, (right - left) / canvas.width, (bottom - top) / canvas.height];
            }
            """,
            _bars);
        double[] at = [.. box.EnumerateArray().Select(static part => part.GetDouble())];
        // The first pixel of the screen that lies in the game's pixel. The picture may be enlarged by a fraction.
        int Place(int axis, int pixel) => (int)Math.Ceiling(at[axis] + (pixel * at[axis + 2]) - 0.001);
        Assert.True(at[2] >= 1 && at[3] >= 1, $"At {_zoom} % several pixels of the game are one of the screen ({at[2]}, {at[3]}).");
        double notches = scenario.FastNotches > 0 ? await Page.EvaluateAsync<double>(CountNotches) + scenario.FastNotches : 0;
        await _screen.DoAsync(
            scenario.Steps,
            (x, y) => (Place(0, x), Place(1, y)),
            scenario.FastNotches > 0 ? () => Page.WaitForFunctionAsync("(count) => notches >= count", notches) : null);
    }

    /// <summary>Returns the lines of the page's console.</summary>
    public async Task<string[]> ReadAsync() => await Page.EvaluateAsync<string[]>(
        "() => [...document.querySelectorAll('[data-testid=console-lines] .line')].map((line) => line.textContent.trimEnd())");

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
