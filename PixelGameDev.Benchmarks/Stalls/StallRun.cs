using System.Diagnostics;
using System.Text.Json;
using Microsoft.Playwright;
using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Stalls;

/// <summary>The part that is stalled.</summary>
internal enum StallKind
{
    /// <summary>The connection between browser and server.</summary>
    Network,

    /// <summary>The browser's processes that run the pages.</summary>
    Renderers,

    /// <summary>The browser's process that holds the connections.</summary>
    NetworkService,
}

/// <summary>One stall at one page.</summary>
/// <param name="RecoveredMillis">Milliseconds from the stall's end until the picture was right and current; null: it stayed frozen.</param>
/// <param name="KeyMillis">Milliseconds from the stall's end until the game saw the key as it was held; null: it stayed stuck.</param>
internal sealed record StallSample(string Game, int RoundTrip, string Kind, int StallMillis, double? RecoveredMillis, double? KeyMillis);

/// <summary>Stalls several pages together, again and again, and measures how each recovers.</summary>
internal sealed class StallRun(IBrowser browser, IReadOnlyList<StalledPage> pages, Random random)
{
    /// <summary>After this time a wrong picture counts as frozen, and a wrong key as stuck.</summary>
    private static readonly TimeSpan GivenUp = TimeSpan.FromSeconds(15);

    private bool _held;

    /// <summary>
    /// Makes one stall. In two of three stalls the player presses or releases the right arrow meanwhile. Afterwards the game must see what
    /// the player holds.
    /// </summary>
    public async Task<IReadOnlyList<StallSample>> StallAsync(StallKind kind, TimeSpan length)
    {
        foreach (StalledPage page in pages)
        {
            if ((await page.UntilRightAsync(GivenUp, _held)).Key is null)
            {
                throw new InvalidOperationException($"'{page.Game.Name}' is not right before the stall.");
            }
        }

        bool inside = random.Next(3) > 0;
        int[] stopped = kind == StallKind.Network ? [] : await ProcessesAsync(kind);
        Stop(stopped);
        if (kind == StallKind.Network)
        {
            Each(static page => page.Way.Stall());
        }

        long started = Stopwatch.GetTimestamp();
        Task[] keys = [];
        try
        {
            if (inside)
            {
                await Task.Delay(length * random.NextDouble());
                _held = !_held;
                // A stalled renderer answers later.
                keys = [.. pages.Select(page => _held ? page.Page.Keyboard.DownAsync("ArrowRight")
                    : page.Page.Keyboard.UpAsync("ArrowRight"))];
            }

            TimeSpan left = length - Stopwatch.GetElapsedTime(started);
            await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }
        finally
        {
            Signal("CONT", stopped);
            Each(static page => page.Way.Mend());
        }

        DateTimeOffset end = TimeProvider.System.GetUtcNow();
        double stalled = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        await Task.WhenAll(keys);
        StallSample[] samples = await Task.WhenAll(pages.Select(async page =>
        {
            (DateTimeOffset? picture, DateTimeOffset? key) = await page.UntilRightAsync(GivenUp, _held);
            return new StallSample(page.Game.Name, page.RoundTrip, kind.ToString(), (int)stalled, Millis(picture), Millis(key));
        }));
        return samples;

        double? Millis(DateTimeOffset? at) => at is { } time ? Math.Max(0, (time - end).TotalMilliseconds) : null;

        void Each(Action<StalledPage> action)
        {
            foreach (StalledPage page in pages)
            {
                action(page);
            }
        }
    }

    /// <summary>Does something while the pages or their connections stand still, and waits until it is done.</summary>
    /// <param name="cut">Whether the connections then break, and with them everything that was on its way.</param>
    public async Task DuringAsync(StallKind kind, TimeSpan length, Func<StalledPage, Task> act, bool cut = false)
    {
        int[] stopped = kind == StallKind.Network ? [] : await ProcessesAsync(kind);
        Stop(stopped);
        Task[] acts = [];
        try
        {
            foreach (StalledPage page in kind == StallKind.Network ? pages : [])
            {
                page.Way.Stall();
            }

            acts = [.. pages.Select(act)];
            await Task.Delay(length);
            foreach (StalledPage page in cut ? pages : [])
            {
                page.Way.Cut();
            }
        }
        finally
        {
            Signal("CONT", stopped);
            foreach (StalledPage page in pages)
            {
                page.Way.Mend();
            }
        }

        await Task.WhenAll(acts);
    }

    /// <summary>Restarts a page that stayed frozen, with nothing held.</summary>
    public async Task RestartAsync(StalledPage page)
    {
        await page.RestartAsync();
        if (_held)
        {
            await page.Page.Keyboard.UpAsync("ArrowRight");
            await page.Page.Keyboard.DownAsync("ArrowRight");
        }
    }

    private static void Stop(int[] processes) => Signal("STOP", processes);

    private static void Signal(string name, int[] processes)
    {
        if (processes.Length == 0)
        {
            return;
        }

        ProcessStartInfo start = new("/bin/kill");
        foreach (string argument in (string[])["-" + name,
            .. processes.Select(static id => id.ToString(System.Globalization.CultureInfo.InvariantCulture))])
        {
            start.ArgumentList.Add(argument);
        }

        using Process kill = Process.Start(start)!;
        kill.WaitForExit();
    }

    /// <summary>Returns the processes of this browser only.</summary>
    private async Task<int[]> ProcessesAsync(StallKind kind)
    {
        ICDPSession session = await browser.NewBrowserCDPSessionAsync();
        JsonElement? answer = await session.SendAsync("SystemInfo.getProcessInfo");
        await session.DetachAsync();
        int own = answer!.Value.GetProperty("processInfo").EnumerateArray()
            .Single(static process => process.GetProperty("type").GetString() == "browser").GetProperty("id").GetInt32();
        string sign = kind == StallKind.Renderers ? "--type=renderer" : "--utility-sub-type=network.mojom.NetworkService";
        int[] found = [.. ProcessTimes.Descendants(own)
            .Where(process => ProcessTimes.CommandOf(process)?.Contains(sign, StringComparison.Ordinal) == true)];
        return found.Length > 0 ? found : throw new InvalidOperationException($"The browser has no process for {kind}.");
    }
}
