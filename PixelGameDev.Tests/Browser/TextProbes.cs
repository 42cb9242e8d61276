using Microsoft.Playwright;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Browser;

/// <summary>Finds a text on the server or in the browser's storage.</summary>
internal static class TextProbes
{
    // A page keeps texts in localStorage while the browser's database is not open yet.
    private const string KeptTexts =
        """
        () => new Promise((resolve) => {
          const open = indexedDB.open('pixelgamedev');
          open.onsuccess = () => {
            const found = open.result.transaction('drafts').objectStore('drafts').getAll();
            found.onsuccess = () => {
              open.result.close();
              const local = Object.keys(localStorage).filter((key) => key.startsWith('pixel.unsaved.'));
              resolve([...found.result, ...local.map((key) => JSON.parse(localStorage[key]))].map((draft) => draft.text));
            };
          };
        })
        """;

    /// <summary>Waits until the browser has a copy of the text on its disk.</summary>
    public static Task KeptAsync(IPage page, string text) => Eventually.TrueAsync(
        async () => (await ReadKeptAsync(page)).Any(kept => kept.Contains(text, StringComparison.Ordinal)),
        $"the browser keeps \"{text}\"");

    /// <summary>Waits until the browser stores no text, because the server has them all.</summary>
    public static Task NothingKeptAsync(IPage page) =>
        Eventually.TrueAsync(async () => (await ReadKeptAsync(page)).Length == 0, "the browser keeps no text any more");

    // Polls from here, because WaitForFunctionAsync takes the promise of an asynchronous function for true and does not wait.
    private static Task<string[]> ReadKeptAsync(IPage page) => page.EvaluateAsync<string[]>(KeptTexts);

    public static async Task TypeFirstLineAsync(IPage page, string line)
    {
        await page.GetByTestId("code").ClickAsync();
        await page.Keyboard.PressAsync("Control+Home");
        await page.Keyboard.InsertTextAsync(line + "\n");
    }

    public static Task<string> StoredAsync(IPage page, string project, string file = "main.py") => page.EvaluateAsync<string>(
        "([project, file]) => fetch(`/api/projects/${project}/files/${file}`).then((answer) => answer.text())", new[] { project, file });
}
