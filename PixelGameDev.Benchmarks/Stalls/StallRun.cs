using System.Diagnostics;
using System.Text.Json;
using Microsoft.Playwright;
using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Stalls;

/// <summary>What stands still.</summary>
internal enum StallKind
{
    /// <summary>The way between browser and server.</summary>
    Network,

    /// <summary>The browser's processes that run the pages.</summary>
    Renderers,

    /// <summary>The browser's process that holds the connections.</summary>
    NetworkService,
}

/// <summary>One stall as one page had it.</summary>
/// <param name="RecoveredMillis">From the stall's end until the picture was right and current; null: it stayed frozen.</param>
/// <param name="KeyMillis">From the stall's end until the key was as it is held; null: it stayed stuck.</param>
internal sealed record StallSample(string Game, int RoundTrip, string Kind, int StallMillis, double? RecoveredMillis, double? KeyMillis);

/// <summary>Lets pages stand still together, again and again, and looks how each comes back.</summary>
internal sealed class StallRun(IBrowser browser, IReadOnlyList<StalledPage> pages, Random random)
{
    /// <summary>A picture that is not right by then is frozen, a key that is not is stuck.</summary>
    private static readonly TimeSpan GivenUp = TimeSpan.FromSeconds(15);

    private bool _held;

    /// <summary>
    /// One stall. The right arrow is pressed or released before it, in it or not at all: afterwards the game must hold what the player
    /// holds.
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
                // A renderer that stands still answers later.
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

    /// <summary>Starts again what stayed frozen, with nothing held.</summary>
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

    /// <summary>Asks this browser, and no other, for its processes.</summary>
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
