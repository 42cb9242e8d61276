using System.Diagnostics;
using Microsoft.Playwright;

namespace PixelGameDev.Tests.Browser;

/// <summary>Runs one real Chromium for a class of tests. Each test gets its own visitor.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    /// <summary>The longest wait for anything on the page, in milliseconds. The machine may be busy.</summary>
    public const int Patience = 60_000;

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    private static readonly string[] Arguments =
        ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
            "--autoplay-policy=user-gesture-required"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    internal IBrowser Browser => _browser ?? throw new InvalidOperationException("The browser has not been started.");

    public async Task InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(Patience);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Find(), Args = Arguments });
    }

    /// <summary>
    /// Starts a separate browser that stores its data in <paramref name="profile"/>, so that a test can kill it and start it again.
    /// </summary>
    internal async Task<IBrowserContext> LaunchWithProfileAsync(string profile, Uri address)
    {
        IBrowserContext context =
            await _playwright!.Chromium.LaunchPersistentContextAsync(profile, new BrowserTypeLaunchPersistentContextOptions
            {
                ExecutablePath = Find(),
                Args = Arguments,
                BaseURL = address.ToString(),
                Locale = "en-GB",
            });
        context.SetDefaultTimeout(Patience);
        return context;
    }

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

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    private static string Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException($"No browser on PATH ({string.Join(", ", Names)}): install Debian's or Ubuntu's chromium.");
}
