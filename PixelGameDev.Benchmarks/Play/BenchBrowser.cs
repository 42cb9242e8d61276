using System.Globalization;
using Microsoft.Playwright;

namespace PixelGameDev.Benchmarks.Play;

/// <summary>Finds and starts the Chromium that the benchmarks control.</summary>
internal static class BenchBrowser
{
    /// <param name="playwright">What controls it.</param>
    /// <param name="program">The program that starts it; null: Chromium itself.</param>
    internal static Task<IBrowser> LaunchAsync(IPlaywright playwright, string? program = null) => playwright.Chromium.LaunchAsync(new()
    {
        ExecutablePath = program ?? FindChromium(),
        Headless = true,
        Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--no-first-run"],
    });

    internal static IEnumerable<int> BrowserProcesses() => Directory.EnumerateDirectories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out int id) ? id : 0)
        .Where(id => id > 0 && IsBrowser(id));

    private static bool IsBrowser(int process)
    {
        try
        {
            string command = File.ReadAllText($"/proc/{process}/cmdline");
            return command.Contains("chrom", StringComparison.Ordinal) && !command.Contains("--type=", StringComparison.Ordinal)
                && command.Contains("--headless", StringComparison.Ordinal);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Finds the Chromium of this machine, or the one that <c>CHROMIUM_PATH</c> names.</summary>
    internal static string FindChromium() =>
        Environment.GetEnvironmentVariable("CHROMIUM_PATH") is { Length: > 0 } given ? given
        : OnPath("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
            ?? throw new FileNotFoundException("No Chromium on PATH: install it (apt install chromium) or set CHROMIUM_PATH.");

    /// <summary>
    /// Finds Chromium's headless shell: the same engine without windows of its own, which opens a page in a quarter of the time. Without
    /// it, Chromium itself runs headless.
    /// </summary>
    internal static string FindHeadless() => OnPath("chromium-headless-shell") ?? FindChromium();

    private static string? OnPath(params string[] names) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
}
