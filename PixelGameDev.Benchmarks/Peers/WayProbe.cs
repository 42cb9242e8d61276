using System.Text.Json;
using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Peers;

/// <summary>Reads from the page what a person sees of a game that draws a stamp (<c>web/probe.js</c>).</summary>
internal static class WayProbe
{
    /// <summary>Returns each new picture that was seen during this time: when, ms of the page, and its age then, ms.</summary>
    public static async Task<(IReadOnlyList<(double At, double Age)> Seen, double Millis)> WatchAsync(Way way, double millis)
    {
        JsonElement watched = JsonSerializer.Deserialize<JsonElement>(await way.Page.EvaluateAsync<string>(
            "async (millis) => JSON.stringify(await bench.watch(millis))", millis))!;
        // The picture that was there at the beginning is not new.
        return ([.. watched.GetProperty("seen").EnumerateArray().Skip(1).Select(s => (s[0].GetDouble(), s[1].GetDouble()))],
            watched.GetProperty("millis").GetDouble());
    }

    /// <summary>
    /// Presses a key so many times. Returns the times from the key to the picture that has seen it, ms, and how many presses no picture
    /// showed within 3 s.
    /// </summary>
    public static async Task<(Distribution Times, int Lost)> PressAsync(Way way, int keys)
    {
        List<double> samples = [];
        Random random = new(1);
        for (int i = 0; i < keys; i++)
        {
            // A random time, so that presses are not in step with the game's ticks.
            await Task.Delay(30 + random.Next(50));
            await way.Page.EvaluateAsync("bench.arm()");
            await way.Page.Keyboard.DownAsync("b");
            double millis = await way.Page.EvaluateAsync<double>("bench.pressed()");
            await way.Page.Keyboard.UpAsync("b");
            if (millis >= 0)
            {
                samples.Add(millis);
            }
        }

        return (Distribution.Of(samples), keys - samples.Count);
    }
}
