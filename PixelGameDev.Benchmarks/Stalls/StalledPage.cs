using System.Text;
using Microsoft.Playwright;
using PixelGameDev.Benchmarks.Network;
using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Stalls;

/// <summary>A game whose every picture tells whether it is right and current (<c>stall_stage.py</c>).</summary>
/// <param name="Name">The name in the results.</param>
/// <param name="Kind">What it covers.</param>
/// <param name="Files">The files, including <c>main.py</c>.</param>
/// <param name="Exact">Whether pictures arrive as drawn. Otherwise (snow) some are simplified, and only their stamp counts.</param>
internal sealed record StallGame(string Name, string Kind, IReadOnlyDictionary<string, byte[]> Files, bool Exact)
{
    private static readonly string Folder = Path.Combine(Results.RepositoryRoot(), "PixelGameDev.Benchmarks", "Stalls", "Games");

    public static StallGame Driven { get; } = Of("driven", "moves while a key is held", Path.Combine(Folder, "driven.py"));

    public static StallGame Pauses { get; } = Of("pauses", "still, then moving", Path.Combine(Folder, "pauses.py"));

    public static StallGame Held { get; } = Of("held", "prints what is held", Path.Combine(Folder, "held.py"));

    public static StallGame Noise { get; } = Of("noise", "every pixel new", Path.Combine(GameSet.Folder, "noise.py"), exact: false);

    public static StallGame Hd { get; } = Of("hd", "1920×1080", Path.Combine(GameSet.Folder, "hd.py"), exact: false);

    public static StallGame Starter { get; } = Of("starter", "the game that people start with",
        Path.Combine(Results.RepositoryRoot(), "content", "templates", "starter", "main.py"));

    private static StallGame Of(string name, string kind, string path, bool exact = true)
    {
        Dictionary<string, byte[]> files = new()
        {
            ["game.py"] = File.ReadAllBytes(path),
            ["stall_stage.py"] = File.ReadAllBytes(Path.Combine(Folder, "stall_stage.py")),
            ["main.py"] =
                Encoding.UTF8.GetBytes($"import stall_stage\n\nstall_stage.run(\"game.py\", exact={(exact ? "True" : "False")})\n"),
        };
        foreach (string other in Directory.EnumerateFiles(Path.GetDirectoryName(path)!)
            .Where(file => name == "starter" && Path.GetFileName(file) is not ("main.py" or "template.json")))
        {
            files[Path.GetFileName(other)] = File.ReadAllBytes(other);
        }

        return new StallGame(name, kind, files, exact);
    }
}

/// <summary>Controls a real page that plays one game over its own connection.</summary>
internal sealed class StalledPage : IAsyncDisposable
{
    /// <summary>Reads the canvas until its picture is right and current, and returns what it found.</summary>
    private const string Watch = """
        window.stalls ??= (() => {
          const table = Uint32Array.from({ length: 256 }, (_, n) => {
            for (let k = 0; k < 8; k++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
            return n >>> 0;
          });
          const crc = (data, from) => {
            let c = 0xffffffff;
            for (let i = from; i < data.length; i += 4) {
              c = table[(c ^ data[i]) & 255] ^ (c >>> 8);
              c = table[(c ^ data[i + 1]) & 255] ^ (c >>> 8);
              c = table[(c ^ data[i + 2]) & 255] ^ (c >>> 8);
            }
            return ~c >>> 0;
          };
          const look = async (exact) => {
            const canvas = document.querySelector('[data-testid=game]');
            const width = canvas.width, height = exact ? canvas.height : 8;
            const { data } = await pixelgamedev.readPixels(0, 0, width, height);
            const bit = (block) => data[(4 * width + block * 8 + 4) * 4] > 127 ? 1 : 0;
            const word = (first) => { let value = 0; for (let i = 0; i < 32; i++) value += bit(first + i) * 2 ** i; return value; };
            const now = Date.now() % 2 ** 32;
            const left = word(0) - now;
            return { stamp: word(0), current: left >= 0 && left < 3000, right: !exact || crc(data, width * 8 * 4) === word(32), key: bit(64), button: bit(65), at: Date.now() };
          };
          const until = async (exact, limit, held) => {
            const end = Date.now() + limit;
            for (let right = -1, key = -1, stamp = 0, later = false;;) {
              // Reading every pixel is dear, so after the first right picture only the later one is read in full.
              const seen = await look(exact && right < 0);
              if (seen.current && seen.right) {
                if (right < 0) [right, stamp] = [seen.at, seen.stamp];
                if (key < 0 && (held < 0 || seen.key === held)) key = seen.at;
                // A frozen stream may deliver one last picture. The stream goes on when another follows that is a second younger.
                later ||= (seen.stamp - stamp + 2 ** 32) % 2 ** 32 >= 1000 && (await look(exact)).right;
                if (later && key >= 0) return [right, key];
              }
              if (Date.now() > end) return later ? [right, key] : [-1, -1];
              await new Promise((go) => setTimeout(go, 20));
            }
          };
          return { until };
        })();
        """;

    private readonly IBrowserContext _context;
    private readonly StallGame _game;

    private StalledPage(IBrowserContext context, IPage page, StallGame game, Relay way, int roundTrip)
    {
        _context = context;
        _game = game;
        Page = page;
        Way = way;
        RoundTrip = roundTrip;
    }

    public IPage Page { get; }

    public Relay Way { get; }

    public StallGame Game => _game;

    /// <summary>The delay that the connection adds to a round trip, ms.</summary>
    public int RoundTrip { get; }

    /// <summary>Opens the page, saves the game and presses Run.</summary>
    public static async Task<StalledPage> OpenAsync(IBrowser browser, Uri server, StallGame game, int roundTrip, StreamTap? tap = null)
    {
        Relay way = new(server)
        {
            RequestDelay = TimeSpan.FromMilliseconds(roundTrip) / 2,
            AnswerDelay = TimeSpan.FromMilliseconds(roundTrip) / 2,
            Tap = tap
        };
        IBrowserContext context =
            await browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1366, Height = 768 } });
        context.SetDefaultTimeout(60_000);
        IPage page = await context.NewPageAsync();
        StalledPage stalled = new(context, page, game, way, roundTrip);
        await GamePage.OpenAsync(page, way.Address, game.Files);
        await stalled.RunAsync();
        return stalled;
    }

    /// <summary>Presses Run and waits for a right picture.</summary>
    public async Task RunAsync()
    {
        await Page.GetByTestId("run").ClickAsync();
        await Page.Locator("[data-state=playing]").WaitForAsync();
        await Page.Locator("[data-testid=game]:not([data-frames=\"0\"])").WaitForAsync();
        await Page.EvaluateAsync(Watch);
        if ((await UntilRightAsync(TimeSpan.FromSeconds(60))).Key is null)
        {
            throw new InvalidOperationException($"The game '{_game.Name}' shows no picture that is right, before any stall.");
        }
    }

    /// <summary>Stops a frozen session and starts again.</summary>
    public async Task RestartAsync()
    {
        await Page.ReloadAsync();
        await Page.Locator("[data-testid=run]:enabled").WaitForAsync();
        await RunAsync();
    }

    /// <summary>
    /// Waits until the picture on the canvas is right and current, and until it also shows the right arrow in the expected state. Returns
    /// the first time of each; null: never.
    /// </summary>
    public async Task<(DateTimeOffset? Picture, DateTimeOffset? Key)> UntilRightAsync(TimeSpan limit, bool? held = null)
    {
        double[] at = await Page.EvaluateAsync<double[]>(
            "([exact, limit, held]) => stalls.until(exact === 1, limit, held)",
            new[] { _game.Exact ? 1 : 0, (int)limit.TotalMilliseconds, held is { } key ? (key ? 1 : 0) : -1 });
        return (Time(at[0]), Time(at[1]));

        static DateTimeOffset? Time(double millis) => millis < 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds((long)millis);
    }

    public async ValueTask DisposeAsync()
    {
        Way.Mend();
        await StopAsync();
        await _context.DisposeAsync();
        await Way.DisposeAsync();
    }

    /// <summary>Stops the game.</summary>
    /// <remarks>A page that only goes away can leave it running for a minute, in the place of the next test's game.</remarks>
    private async Task StopAsync()
    {
        try
        {
            await Page.GetByTestId("stop").ClickAsync(new LocatorClickOptions { Timeout = 5000 });
            await Page.Locator("[data-state=ended]").WaitForAsync(new LocatorWaitForOptions { Timeout = 5000 });
        }
        catch (Exception error) when (error is PlaywrightException or TimeoutException)
        {
            // The page is broken or its game has ended already: the test that failed has said so.
        }
    }
}
