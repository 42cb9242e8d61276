using Microsoft.Playwright;

namespace PixelGameDev.Tests.Browser;

/// <summary>Looks at the page: keeps pictures for people, and measures.</summary>
internal static class Looks
{
    /// <summary>Returns whether the page is no wider than the window.</summary>
    public static Task<bool> FitsAsync(IPage page) =>
        page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth");

    public static async Task SaveAsync(IPage page, string name)
    {
        string folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "TestResults", "browser")).FullName;
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"look-{name}.png") });
    }
}
