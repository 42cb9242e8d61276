using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace PixelGameDev.Tests.Browser;

/// <summary>Checks a page for barriers with axe: all of its rules, and those about colours once more in the dark colours.</summary>
internal static class Axe
{
    /// <summary>
    /// Runs axe in the page and returns each violation in a line. The library's own way opens a second page for each run, which takes
    /// longer than the run; it is for pages with frames of others, and here are none.
    /// </summary>
    private const string Run = """
        async (rules) => {
          const options = { resultTypes: ['violations'] };
          if (rules.length > 0) options.runOnly = { type: 'rule', values: rules };
          const { violations } = await axe.run(document, options);
          return violations.map(({ id, impact, nodes }) => `${id} (${impact}): ${nodes.map(({ html }) => html).join(' | ')}`);
        }
        """;

    private static readonly string Script = new BundledAxeScriptProvider().GetScript();
    private static readonly string[] AllRules = [];
    private static readonly string[] RulesAboutColours = ["color-contrast", "link-in-text-block"];

    /// <summary>Asserts that the page as it is now has no violation of any level.</summary>
    public static async Task CheckAsync(IPage page, string state)
    {
        string[] findings = await FindAsync(page, state);
        Assert.True(findings.Length == 0, string.Join('\n', findings));
    }

    /// <summary>Returns the violations of the page as it is now, one line each.</summary>
    public static async Task<string[]> FindAsync(IPage page, string state) =>
    [
        .. await FindAsync(page, state, ColorScheme.Light, AllRules),
        // The dark page differs in its colours only.
        .. await FindAsync(page, state, ColorScheme.Dark, RulesAboutColours),
    ];

    private static async Task<IEnumerable<string>> FindAsync(IPage page, string state, ColorScheme colours, string[] rules)
    {
        // Without motion: axe would measure the colours of what is still fading in.
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = colours, ReducedMotion = ReducedMotion.Reduce });
        if (!await page.EvaluateAsync<bool>("'axe' in window"))
        {
            await page.EvaluateAsync(Script);
        }

        return (await page.EvaluateAsync<string[]>(Run, rules)).Select(found => $"{state}, {colours}: {found}");
    }
}
