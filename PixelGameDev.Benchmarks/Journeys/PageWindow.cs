using System.Text.Json;
using Microsoft.Playwright;

namespace PixelGameDev.Benchmarks.Journeys;

/// <summary>Controls one window of the person's browser.</summary>
internal sealed class PageWindow
{
    /// <summary>The longest wait for anything that must happen. A busy machine is slow.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public PageWindow(int number, IPage page, Action<string> complain)
    {
        Number = number;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)
                && !message.Text.Contains("WebSocket", StringComparison.Ordinal)
                    && !message.Text.Contains("net::ERR_", StringComparison.Ordinal))
            {
                complain($"the page wrote to the console: {message.Text}");
            }
        };
        page.PageError += (_, error) => complain($"the page did not catch an error: {error}");
        page.Dialog += (_, dialog) => _ = dialog.AcceptAsync().ContinueWith(_ => { }, TaskScheduler.Default);
    }

    public int Number { get; }

    public IPage Page { get; }

    /// <summary>Reads what the window shows.</summary>
    public async Task<PageLook> LookAsync()
    {
        try
        {
            JsonElement? look = await Page.EvaluateAsync("() => window.journey === undefined ? null : window.journey.look()");
            return look is { ValueKind: JsonValueKind.Object } found ? found.Deserialize<PageLook>(Json)! : PageLook.Nothing;
        }
        catch (PlaywrightException error) when (IsBetweenPages(error))
        {
            return PageLook.Nothing;
        }
    }

    /// <summary>Waits until the contents satisfy the condition; null when they do not in time.</summary>
    public async Task<PageLook?> UntilAsync(Func<PageLook, bool> condition, TimeSpan? limit = null)
    {
        long until = Environment.TickCount64 + (long)(limit ?? Timeout).TotalMilliseconds;
        while (true)
        {
            PageLook look = await LookAsync();
            if (condition(look))
            {
                return look;
            }

            if (Environment.TickCount64 > until)
            {
                return null;
            }

            await Task.Delay(10);
        }
    }

    /// <summary>Clicks one of the elements that a selector finds; false when there is none.</summary>
    public Task<bool> ClickAsync(string selector, int index = 0) =>
        AskAsync("([selector, index]) => window.journey.click(selector, index)", new object[] { selector, index });

    /// <summary>Clicks the element as soon as it exists; false when it does not exist in time.</summary>
    public async Task<bool> ClickWhenThereAsync(string selector, int index = 0, TimeSpan? limit = null)
    {
        long until = Environment.TickCount64 + (long)(limit ?? TimeSpan.FromSeconds(5)).TotalMilliseconds;
        while (!await ClickAsync(selector, index))
        {
            if (Environment.TickCount64 > until)
            {
                return false;
            }

            await Task.Delay(10);
        }

        return true;
    }

    public Task<bool> FocusCodeAsync() => AskAsync("() => window.journey.focusCode()");

    /// <summary>Evaluates a script that returns true or false; false when the page closes meanwhile.</summary>
    public async Task<bool> AskAsync(string script, object? argument = null)
    {
        try
        {
            return await Page.EvaluateAsync<bool>(script, argument);
        }
        catch (PlaywrightException error) when (IsBetweenPages(error))
        {
            return false;
        }
    }

    /// <summary>Returns everything that this browser keeps for the page, as text: key, line break, value.</summary>
    public async Task<string[]> KeptAsync() => await Page.EvaluateAsync<string[]>("() => window.journey.drafts()");

    /// <summary>Goes to an address. A missing answer is no error here.</summary>
    public async Task GoToAsync(string address)
    {
        try
        {
            await Page.GotoAsync(address, new PageGotoOptions { WaitUntil = WaitUntilState.Commit });
        }
        catch (PlaywrightException)
        {
            // The browser is offline, or left the address again at once.
        }
    }

    private static bool IsBetweenPages(PlaywrightException error) =>
        error.Message.Contains("context was destroyed", StringComparison.Ordinal)
        || error.Message.Contains("navigat", StringComparison.Ordinal)
        || error.Message.Contains("Cannot find context", StringComparison.Ordinal)
        || error.Message.Contains("journey is undefined", StringComparison.Ordinal)
        || error.Message.Contains("undefined (reading", StringComparison.Ordinal);
}
