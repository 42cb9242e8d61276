using PixelGameDev.Tests.Fixtures;
using PixelGameDev.Tests.Fixtures.Sandbox;

namespace PixelGameDev.Tests.Browser.Desktop;

/// <summary>Holds the two windows that all scenarios share.</summary>
public sealed class DesktopWindows : IAsyncLifetime
{
    private static readonly string Folder = Path.Combine(GameHostBinary.Repository, "PixelGameDev.Tests/Browser/Desktop");
    private readonly List<XServer> _screens = [];
    private PlainWindow? _plain;
    private PageWindow? _page;
    private Task<(PlainWindow Plain, PageWindow Page)>? _opened;
    private static readonly Scenario Start = new("start", "us", "@5,5");
    private int _marks;
    private (string[] Plain, string[] Page) _opening;

    /// <summary>Does a scenario in both windows and returns what the programs printed, without the line that ends it.</summary>
    internal async Task<(string[] Plain, string[] Page)> DoAsync(SystemFixture system, Scenario scenario)
    {
        (PlainWindow plain, PageWindow page) = await OpenAsync(system);
        if (await page.ZoomAsync(scenario.Zoom))
        {
            // The keys that zoom belong to no scenario.
            await DoAsync(plain, page, new Scenario("zoomed", "us", ""));
        }

        if (scenario.UsesMouse)
        {
            await DoAsync(plain, page, Start);
        }

        List<string> desktop = [];
        List<string> ours = [];
        foreach (string steps in scenario.Parts())
        {
            (string[] more, string[] oursMore) = await DoAsync(plain, page, scenario with { Steps = steps });
            // What is held counts at the end only.
            desktop.RemoveAll(IsState);
            ours.RemoveAll(IsState);
            desktop.AddRange(more);
            ours.AddRange(oursMore);
        }

        return ([.. desktop], [.. ours]);
    }

    private static bool IsState(string line) => line.StartsWith("STATE", StringComparison.Ordinal);

    /// <summary>Does a scenario from where the mouse is.</summary>
    internal Task<(string[] Plain, string[] Page)> ContinueAsync(Scenario scenario) => DoAsync(_plain!, _page!, scenario);

    /// <summary>Returns what the programs printed between their start and their first key.</summary>
    internal async Task<(string[] Plain, string[] Page)> OpeningAsync(SystemFixture system)
    {
        await OpenAsync(system);
        return _opening;
    }

    private async Task<(string[] Plain, string[] Page)> DoAsync(PlainWindow plain, PageWindow page, Scenario scenario)
    {
        await Task.WhenAll(plain.DoAsync(scenario), page.DoAsync(scenario));
        string begin = $"== {_marks}";
        string end = $"== {++_marks}";
        string[] desktop = [];
        string[] ours = [];
        await Eventually.TrueAsync(() => (desktop = plain.Read()).Contains(end), $"the plain window saw all of “{scenario}”");
        await Eventually.TrueAsync(async () => (ours = await page.ReadAsync()).Contains(end), $"the page's game saw all of “{scenario}”");
        return (scenario.Compared(Between(desktop, begin, end)), scenario.Compared(Between(ours, begin, end)));
    }

    /// <summary>Changes the size of both windows and returns what the programs printed.</summary>
    internal async Task<(string[] Plain, string[] Page)> ResizeAsync(Scenario scenario)
    {
        static int Resized(string[] lines) => lines.Count(static line => line.StartsWith("WINDOWRESIZED", StringComparison.Ordinal));
        (PlainWindow plain, PageWindow page) = (_plain!, _page!);
        (int desktop, int ours) = (Resized(plain.Read()), Resized(await page.ReadAsync()));
        await Task.WhenAll(plain.ResizeAsync(), page.ResizeAsync());
        await Eventually.TrueAsync(() => Resized(plain.Read()) > desktop, "the plain window has another size");
        await Eventually.TrueAsync(async () => Resized(await page.ReadAsync()) > ours, "the page's game has another size");
        return await DoAsync(plain, page, scenario with { Steps = "" });
    }

    /// <summary>Gives the browser's window its first size back.</summary>
    internal Task RestoreAsync() => _page!.RestoreAsync();

    /// <summary>Waits until the page has locked the mouse for its game, or has let it go.</summary>
    internal async Task WaitForLockAsync(bool locked) => await _page!.Page.WaitForFunctionAsync(
        "(locked) => (document.pointerLockElement !== null) === locked", locked);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (IAsyncDisposable? part in (IAsyncDisposable?[])[_plain, _page, .. _screens])
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }
    }

    /// <summary>Opens the windows for the first scenario. If that fails, it fails for all.</summary>
    private Task<(PlainWindow Plain, PageWindow Page)> OpenAsync(SystemFixture system) => _opened ??= OpenBothAsync(system);

    private async Task<(PlainWindow Plain, PageWindow Page)> OpenBothAsync(SystemFixture system)
    {
        Uri address = (await system.GetAsync()).Address;
        _screens.Add(await XServer.StartAsync());
        _screens.Add(await XServer.StartAsync());
        _plain = await PlainWindow.OpenAsync(_screens[0], Folder);
        string program = await File.ReadAllTextAsync(Path.Combine(Folder, "listener.py"));
        _page = await PageWindow.OpenAsync(_screens[1], address, program);
        _opening = await DoAsync(_plain, _page, new Scenario("opening", "us", "") { Listen = ["WINDOWFOCUS"] });
        return (_plain, _page);
    }

    private static string[] Between(string[] lines, string begin, string end)
    {
        int first = Array.LastIndexOf(lines, begin) + 1;
        return lines[first..Array.LastIndexOf(lines, end)];
    }
}
