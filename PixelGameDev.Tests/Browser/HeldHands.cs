using Microsoft.Playwright;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Browser;

/// <summary>
/// Holds keys, buttons of the mouse and a finger on a page that plays <c>held.py</c>, and reads what that game prints of them.
/// </summary>
internal sealed class HeldHands
{
    private static readonly string[] Keys = ["ArrowRight", "w", "Shift"];

    /// <summary>The mask of Shift in the protocol of the browser's tools.</summary>
    private const int Shift = 8;

    private readonly IPage _page;
    private readonly ICDPSession _driver;
    private readonly ViewportBox _picture;

    private HeldHands(IPage page, ICDPSession driver, ViewportBox picture)
    {
        _page = page;
        _driver = driver;
        _picture = picture;
    }

    /// <summary>Gives the page a touch screen and its game the keyboard.</summary>
    public static async Task<HeldHands> OfAsync(IPage page)
    {
        ICDPSession driver = await page.Context.NewCDPSessionAsync(page);
        await driver.SendAsync("Emulation.setTouchEmulationEnabled", new() { ["enabled"] = true, ["maxTouchPoints"] = 2 });
        // With fingers the page has buttons for them, and the picture another place.
        await page.EvaluateAsync("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
        await page.GetByTestId("game").ClickAsync();
        return new HeldHands(page, driver, await ViewportBox.OfAsync(page.GetByTestId("game")));
    }

    /// <summary>Presses or releases everything.</summary>
    public async Task HoldAsync(bool down)
    {
        foreach (string key in Keys)
        {
            await (down ? _page.Keyboard.DownAsync(key) : _page.Keyboard.UpAsync(key));
        }

        // The right button and the one at the side. Each event tells what is held after it.
        foreach ((string button, int held) in ((string, int)[])(down ? [("right", 2), ("back", 10)] : [("right", 8), ("back", 0)]))
        {
            await _driver.SendAsync("Input.dispatchMouseEvent", new()
            {
                ["type"] = down ? "mousePressed" : "mouseReleased",
                ["x"] = _picture.X + 20,
                ["y"] = _picture.Y + 20,
                ["button"] = button,
                ["buttons"] = held,
                ["clickCount"] = 1,
                ["modifiers"] = down ? Shift : 0,
            });
        }

        object[] fingers =
            down ? [new Dictionary<string, object> { ["x"] = _picture.X + 60, ["y"] = _picture.Y + 60, ["id"] = 1 }] : [];
        await _driver.SendAsync("Input.dispatchTouchEvent", new()
        {
            ["type"] = down ? "touchStart" : "touchEnd",
            ["touchPoints"] = fingers,
            ["modifiers"] = down ? Shift : 0,
        });
    }

    /// <summary>Waits until the game sees that everything is held, or nothing.</summary>
    public async Task SeenAsync(bool down, string when)
    {
        // The finger is the left button, too.
        string held = down
            ? "keys ['right', 'w', 'left shift'] buttons [1, 3, 4] fingers [0] focus True"
            : "keys [] buttons [] fingers [] focus True";
        string? last = null;
        async Task<string?> LastAsync() =>
            last = (await LinesAsync()).LastOrDefault(static line => line.StartsWith("keys", StringComparison.Ordinal));
        try
        {
            await Eventually.TrueAsync(async () => await LastAsync() == held, when);
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"{when}: the game sees “{last}” instead of “{held}”.", error);
        }
    }

    /// <summary>Returns the lines of the console.</summary>
    public async Task<string[]> LinesAsync() => await _page.EvaluateAsync<string[]>(
        "() => [...document.querySelectorAll('[data-testid=console-lines] .line')].map((line) => line.textContent.trimEnd())");
}
