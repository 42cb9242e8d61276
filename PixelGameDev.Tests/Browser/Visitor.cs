using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Playwright;

namespace PixelGameDev.Tests.Browser;

/// <summary>The screen of a visitor.</summary>
internal sealed record Device(int Width, int Height, bool Touch = false)
{
    public static readonly Device Laptop = new(1366, 768);
    public static readonly Device Phone = new(390, 844, Touch: true);
}

/// <summary>The pixels of the canvas, RGBA.</summary>
internal sealed record Picture(int Width, int Height, byte[] Data)
{
    public (int R, int G, int B) At(int x, int y)
    {
        int at = ((y * Width) + x) * 4;
        return (Data[at], Data[at + 1], Data[at + 2]);
    }

    public int Count((int R, int G, int B) colour) => Places(colour).Count();

    /// <summary>Returns the middle of all pixels of the colour; null when there are none.</summary>
    public (double X, double Y)? Middle((int R, int G, int B) colour)
    {
        (int X, int Y)[] places = [.. Places(colour)];
        return places.Length == 0 ? null : (places.Average(place => place.X), places.Average(place => place.Y));
    }

    private IEnumerable<(int X, int Y)> Places((int R, int G, int B) colour)
    {
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                if (At(x, y) == colour)
                {
                    yield return (x, y);
                }
            }
        }
    }
}

/// <summary>
/// Acts as a new person with a separate browser. A visit fails when the page wrote an error to its console or sent a request to any other
/// server.
/// </summary>
internal sealed class Visitor
{
    private static readonly bool Traces = Environment.GetEnvironmentVariable("PAGE_TRACE") == "on";

    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly Uri _address;
    private bool _disturbed;
    private int[] _expectedStatuses = [];

    private Visitor(IPage page, Uri address)
    {
        Page = page;
        _address = address;
        page.Console += (_, message) =>
        {
            // Tests cut connections on purpose, and the browser logs that as an error.
            if (message.Type is "error" or "warning" && !(_disturbed && message.Text.Contains("ERR_", StringComparison.Ordinal))
                && !(_disturbed && message.Text.Contains("WebSocket", StringComparison.Ordinal))
                && !_expectedStatuses.Any(status => message.Text.Contains($"status of {status} ", StringComparison.Ordinal)
                    || message.Text.Contains("WebSocket", StringComparison.Ordinal)))
            {
                _complaints.Enqueue($"{message.Type}: {message.Text}");
            }
        };
        page.PageError += (_, error) => _complaints.Enqueue($"uncaught: {error}");
        page.Context.Request += (_, request) =>
        {
            if (Uri.TryCreate(request.Url, UriKind.Absolute, out Uri? asked) && asked.Scheme is "http" or "https"
                && asked.Authority != address.Authority)
            {
                _complaints.Enqueue($"asked another server: {request.Url}");
            }
        };
    }

    public IPage Page { get; }

    public ILocator Run => Page.GetByTestId("run");

    public ILocator Stop => Page.GetByTestId("stop");

    public ILocator Canvas => Page.GetByTestId("game");

    /// <summary>Gets the element that has the keyboard while a game plays.</summary>
    public ILocator Keyboard => Page.GetByTestId("game-keys");

    public ILocator Code => Page.GetByTestId("code");

    public ILocator Stage => Page.Locator(".stage");

    public ILocator Console => Page.GetByTestId("console-lines");

    public ILocator Saved => Page.GetByTestId("saved");

    /// <summary>
    /// Runs a visit of a new person. On failure it leaves a screenshot in <c>TestResults/browser</c>, and with <c>PAGE_TRACE=on</c> a
    /// trace. A trace of every visit would slow the page: it takes pictures and copies of the document all the time.
    /// </summary>
    /// <param name="browser">Another browser than that of all tests.</param>
    public static async Task VisitAsync(
        BrowserFixture fixture, Uri address, Func<Visitor, Task> visit, Device? device = null, [CallerMemberName] string test = "",
        IBrowser? browser = null)
    {
        device ??= Device.Laptop;
        await using IBrowserContext context = await (browser ?? fixture.Browser).NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = address.ToString(),
            ViewportSize = new ViewportSize { Width = device.Width, Height = device.Height },
            HasTouch = device.Touch,
            IsMobile = device.Touch,
            Locale = "en-GB",
        });
        context.SetDefaultTimeout(BrowserFixture.TimeoutMillis);
        if (Traces)
        {
            await context.Tracing.StartAsync(new TracingStartOptions { Screenshots = true, Snapshots = true });
        }

        Visitor visitor = new(await context.NewPageAsync(), address);
        try
        {
            await visitor.Page.GotoAsync("/");
            await Assertions.Expect(visitor.Code).ToBeVisibleAsync();
            await visit(visitor);
            Assert.Empty(visitor._complaints);
        }
        catch (Exception error)
        {
            string folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "TestResults", "browser")).FullName;
            string file = Path.Combine(folder, test);
            // The visit may have closed its first page. A failing screenshot would hide the error.
            if (context.Pages.Count > 0)
            {
                await context.Pages[^1].ScreenshotAsync(new PageScreenshotOptions { Path = $"{file}.png" });
            }

            if (Traces)
            {
                await context.Tracing.StopAsync(new TracingStopOptions { Path = $"{file}.zip" });
            }

            string evidence = Traces ? $"Screenshot and trace: {file}.png, .zip" : $"Screenshot: {file}.png; PAGE_TRACE=on adds a trace";
            throw new InvalidOperationException(
                $"{error.Message}\n{evidence}\nThe page complained:\n{string.Join('\n', visitor._complaints)}", error);
        }
        finally
        {
            await StopGamesAsync(context.APIRequest, address);
        }
    }

    /// <summary>Stops the games of a visit. Otherwise they run for a minute after it, and take places and processors of the next.</summary>
    private static async Task StopGamesAsync(IAPIRequestContext client, Uri address)
    {
        APIRequestContextOptions options = new() { Timeout = 5000 };
        try
        {
            IAPIResponse answer = await client.GetAsync(new Uri(address, "/api/sessions?running=true").ToString(), options);
            if (!answer.Ok)
            {
                return;
            }

            foreach (JsonElement session in (await answer.JsonAsync())!.Value.EnumerateArray())
            {
                await client.PostAsync(new Uri(address, $"/api/sessions/{session.GetProperty("id").GetString()}/stop").ToString(), options);
            }
        }
        catch (Exception error) when (error is PlaywrightException or TimeoutException)
        {
            // Some tests end with a connection that is cut.
        }
    }

    /// <summary>Allows the browser's errors about cut connections from here on.</summary>
    public void ExpectCuts() => _disturbed = true;

    /// <summary>
    /// Allows the browser's errors about requests with these statuses from here on, and about the stream of a refused start. Comes before
    /// the action that causes them, because the answer may arrive while the action still runs.
    /// </summary>
    public void ExpectStatus(params int[] statuses) => _expectedStatuses = statuses;

    /// <summary>Puts this program into the project, as if it had been typed earlier.</summary>
    public async Task UseProgramAsync(string program)
    {
        await Page.EvaluateAsync(
            """
            async (text) => {
              const project = location.pathname.split('/').pop();
              const answer = await fetch(`/api/projects/${project}/files/main.py`, { method: 'PUT', body: text });
              if (!answer.ok) throw new Error(await answer.text());
            }
            """,
            program);
        await Page.ReloadAsync();
        await Assertions.Expect(Code).ToContainTextAsync(program.Split('\n')[0]);
    }

    public async Task PressRunAsync()
    {
        await Run.ClickAsync();
        await SeeAnyPictureAsync();
    }

    public async Task SeeAnyPictureAsync()
    {
        await Assertions.Expect(Stage).ToHaveAttributeAsync("data-state", "playing");
        await Assertions.Expect(Canvas).Not.ToHaveAttributeAsync("data-frames", "0");
    }

    public async Task<Picture> LookAsync(int x = 0, int y = 0, int width = 640, int height = 480)
    {
        // Runs of equal pixels instead of all of them, because a whole picture takes the browser half a second of work.
        string text = await Page.EvaluateAsync<string>(
            """
            async ([x, y, width, height]) => {
              const { data } = await window.pixelgamedev.readPixels(x, y, width, height);
              const pixels = new Int32Array(data.buffer, data.byteOffset, width * height);
              const runs = [];
              for (let from = 0, to = 0; from < pixels.length; from = to) {
                while (to < pixels.length && pixels[to] === pixels[from]) to++;
                runs.push(to - from, pixels[from]);
              }
              return runs.join();
            }
            """,
            new[] { x, y, width, height });
        int[] runs = [.. text.Split(',').Select(static number => int.Parse(number, CultureInfo.InvariantCulture))];
        int[] pixels = new int[width * height];
        for (int run = 0, at = 0; run < runs.Length; at += runs[run], run += 2)
        {
            pixels.AsSpan(at, runs[run]).Fill(runs[run + 1]);
        }

        return new Picture(width, height, MemoryMarshal.AsBytes<int>(pixels).ToArray());
    }

    public async Task SeeAsync(Func<Picture, bool> condition, string what) =>
        await Fixtures.Eventually.TrueAsync(async () => condition(await LookAsync()), what);

    /// <summary>Returns the id of the open project.</summary>
    public string Project => new Uri(Page.Url).AbsolutePath.Split('/').Last();

    public async Task<JsonElement> AskAsync(string path) =>
        await Page.EvaluateAsync<JsonElement>("path => fetch(path).then(answer => answer.json())", path);
}
