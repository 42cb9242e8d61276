using System.Diagnostics;
using Microsoft.Playwright;
using PixelGameDev.Benchmarks.Play;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Browser;

/// <summary>
/// Provides a real Chromium, which all classes share until the end of the test run. Each test gets its own visitor. It is the headless
/// shell where this machine has it. The shell knows no pointer lock, so <see cref="WholeAsync"/> provides a browser that does.
/// </summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    /// <summary>The longest wait for anything on the page, in milliseconds. The machine may be busy.</summary>
    public const int TimeoutMillis = 60_000;

    private static readonly string[] Arguments =
        ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
            "--autoplay-policy=user-gesture-required"];

    private static readonly SemaphoreSlim Turn = new(1);
    private static IPlaywright? _playwright;
    private static IBrowser? _browser;
    private static IBrowser? _whole;

#pragma warning disable CA1822 // needs an initialized fixture
    internal IBrowser Browser => _browser ?? throw new InvalidOperationException("The browser has not been started.");
#pragma warning restore CA1822

    /// <summary>Returns the browser with all that a window can do, without a window.</summary>
#pragma warning disable CA1822 // needs an initialized fixture
    internal async Task<IBrowser> WholeAsync() =>
        _whole = _whole is { IsConnected: true } ? _whole
            : await _playwright!.Chromium.LaunchAsync(new() { ExecutablePath = BenchBrowser.FindChromium(), Args = Arguments });
#pragma warning restore CA1822

    public async Task InitializeAsync()
    {
        await Turn.WaitAsync();
        try
        {
            if (_playwright is null)
            {
                Assertions.SetDefaultExpectTimeout(TimeoutMillis);
                _playwright = await Playwright.CreateAsync();
                TestRun.AtEnd(EndAsync);
            }

            // A browser that has crashed costs its own tests, and not those of the next class.
            if (_browser is not { IsConnected: true })
            {
                BrowserTypeLaunchOptions options = new() { ExecutablePath = BenchBrowser.FindHeadless(), Args = Arguments };
                _browser = await _playwright.Chromium.LaunchAsync(options);
            }
        }
        finally
        {
            Turn.Release();
        }
    }

    /// <summary>Starts a separate browser whose window is shown on the X server <paramref name="display"/>.</summary>
    internal static async Task<IBrowser> LaunchWindowAsync(IPlaywright playwright, string display)
    {
        Dictionary<string, string> environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(static entry => (string)entry.Key, static entry => (string?)entry.Value ?? "");
        environment["DISPLAY"] = display;
        return await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = BenchBrowser.FindChromium(),
            // In this width a picture of 400×300 is shown as it is, and its surroundings are on the screen too.
            Args = [.. Arguments, "--window-position=0,0", "--window-size=1200,900"],
            Env = environment,
            Headless = false,
        });
    }

    /// <summary>
    /// Starts a separate browser that stores its data in <paramref name="profile"/>, so that a test can kill it and start it again.
    /// </summary>
#pragma warning disable CA1822 // needs an initialized fixture
    internal async Task<IBrowserContext> LaunchWithProfileAsync(string profile, Uri address)
    {
        IBrowserContext context =
            await _playwright!.Chromium.LaunchPersistentContextAsync(profile, new BrowserTypeLaunchPersistentContextOptions
            {
                ExecutablePath = BenchBrowser.FindHeadless(),
                Args = Arguments,
                BaseURL = address.ToString(),
                Locale = "en-GB",
            });
        context.SetDefaultTimeout(TimeoutMillis);
        return context;
    }
#pragma warning restore CA1822

    /// <summary>Kills all processes of the browser of a profile, as a power loss would.</summary>
    internal static void Kill(string profile)
    {
        foreach (string directory in Directory.GetDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), out int id))
            {
                continue;
            }

            try
            {
                string command = File.ReadAllText(Path.Combine(directory, "cmdline"));
                if (command.Contains($"--user-data-dir={profile}\0", StringComparison.Ordinal))
                {
                    Process.GetProcessById(id).Kill(entireProcessTree: true);
                }
            }
            catch (Exception error) when (error is IOException or ArgumentException or InvalidOperationException
                or UnauthorizedAccessException)
            {
                // The process has ended in between.
            }
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private static async Task EndAsync()
    {
        foreach (IBrowser? browser in new[] { _browser, _whole })
        {
            await (browser?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        _playwright?.Dispose();
    }
}
