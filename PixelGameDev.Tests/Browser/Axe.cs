using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace PixelGameDev.Tests.Browser;

/// <summary>Checks a page for barriers with axe: all of its rules, and those about colours once more in the dark colours.</summary>
internal static class Axe
{
    private static readonly AxeRunOptions RulesAboutColours =
        new() { RunOnly = new RunOnlyOptions { Type = "rule", Values = ["color-contrast", "link-in-text-block"] } };

    /// <summary>Asserts that the page as it is now has no violation of any level.</summary>
    public static async Task CheckAsync(IPage page, string state)
    {
        string[] findings = await FindAsync(page, state);
        Assert.True(findings.Length == 0, string.Join('\n', findings));
    }

    /// <summary>Returns the violations of the page as it is now, one line each.</summary>
    public static async Task<string[]> FindAsync(IPage page, string state) =>
    [
        .. await FindAsync(page, state, ColorScheme.Light, new AxeRunOptions()),
        // The dark page differs in its colours only.
        .. await FindAsync(page, state, ColorScheme.Dark, RulesAboutColours),
    ];

    private static async Task<IEnumerable<string>> FindAsync(IPage page, string state, ColorScheme colours, AxeRunOptions options)
    {
        // Without motion: axe would measure the colours of what is still fading in.
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = colours, ReducedMotion = ReducedMotion.Reduce });
        AxeResult result = await page.RunAxe(options);
        return result.Violations.Select(found =>
            $"{state}, {colours}: {found.Id} ({found.Impact}): {string.Join(" | ", found.Nodes.Select(static node => node.Html))}");
    }
}
