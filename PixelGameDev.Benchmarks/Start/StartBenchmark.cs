using System.Diagnostics;
using System.Globalization;
using PixelGameDev.Benchmarks.Capacity;
using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Start;

/// <summary>The time that one way of starting takes until the first picture.</summary>
/// <param name="Way">The name of the way.</param>
/// <param name="Millis">Milliseconds until the game's first picture: at the viewer for sessions, at the output of the process for the
/// others.</param>
/// <param name="Phases">The medians of the phases in ms, from the request on for sessions.</param>
internal sealed record StartRow(string Way, Distribution Millis, IReadOnlyDictionary<string, double> Phases)
{
    /// <summary>Starts that were warm instead of cold, or cold instead of warm. They do not count.</summary>
    public int Others { get; init; }
}

internal sealed record StartResults(string Load, IReadOnlyList<StartRow> Rows);

/// <summary>
/// Compares sessions with and without the warm pool with the plain ways to start the same game: a subprocess, bubblewrap, and a cold
/// <c>docker run</c> of the same image.
/// </summary>
internal static class StartBenchmark
{
    public static async Task<StartResults> RunAsync(Options options)
    {
        int runs = options.Int("runs", 8);
        BenchGame game = GameSet.Templates.First(g => g.Name == "starter");
        string load = File.ReadAllText("/proc/loadavg").Trim();
        List<StartRow> rows = [];
        if (options["only"] is null)
        {
            await PlainWaysAsync();
        }

        await ComposeAsync();
        return new StartResults(load, rows);

        void Add(StartRow row)
        {
            rows.Add(row);
            Console.WriteLine(
                $"{row.Way,-22}{row.Millis} ms; " +
                $"{string.Join(", ", row.Phases.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Key} {p.Value:0.0}")))}" +
                $"{(row.Others > 0 ? $"; {row.Others} starts were of the other kind and do not count" : string.Empty)}");
        }

        async Task PlainWaysAsync()
        {
            string directory = Directory.CreateTempSubdirectory("pixel-bench-start-").FullName;
            try
            {
                File.SetUnixFileMode(directory, (UnixFileMode)0b111_101_101);
                game.WriteTo(directory, "record=True, frames=1");
                Add(Plain("subprocess", runs, "/usr/bin/python3", ["-B", "main.py"], directory));
                if (File.Exists("/usr/bin/bwrap"))
                {
                    Add(Plain("bubblewrap", runs, "/usr/bin/bwrap",
                    [
                        "--unshare-all", "--die-with-parent", "--ro-bind", "/usr", "/usr", "--ro-bind", "/etc", "/etc", "--symlink",
                        "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64",
                        "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--ro-bind", directory, "/game", "--chdir", "/game",
                        "/usr/bin/python3", "-B", "main.py",
                    ],
                    directory));
                }

                Add(Plain("docker run", runs, "docker",
                [
                    "run", "--rm", "--network", "none", "--label", "pixelgamedev.bench=1", "--log-driver", "none", "-v",
                    directory + ":/game:ro", "-w", "/game", "--tmpfs", "/tmp", "-e", "HOME=/tmp",
                    "-e", "SDL_VIDEODRIVER=dummy", "-e", "SDL_AUDIODRIVER=dummy", "-e", "PYGAME_HIDE_SUPPORT_PROMPT=1",
                    "--entrypoint", "/usr/bin/python3", Docker.GameImage(), "-B", "main.py",
                ],
                directory));
            }
            finally
            {
                Directory.Delete(directory, recursive: true);
            }

            foreach ((string way, string pool, bool warm) in new[] { ("session, warm", "3", true), ("session, cold", "0", false) })
            {
                await using RunningSystem system =
                    await RunningSystem.StartAsync(null, new Dictionary<string, string> { ["SANDBOX_WARM"] = pool });
                Add(await SessionsAsync(way, system, game, runs, warm));
            }
        }

        // Both systems run at the same time and start sessions in turn, so that the machine's other work affects both.
        async Task ComposeAsync()
        {
            Dictionary<string, string> warm = new() { ["SANDBOX_WARM"] = "3" };
            await using RunningSystem plain = await RunningSystem.StartAsync(null, warm);
            await using ComposeSystem compose = await ComposeSystem.StartAsync(warm);
            StartSamples ofPlain = new("in turns: plain, warm", plain, game),
            ofCompose = new("in turns: Compose, warm", compose.System, game);
            while (ofPlain.Count < runs || ofCompose.Count < runs)
            {
                await ofPlain.MeasureAsync(warm: true, runs);
                await ofCompose.MeasureAsync(warm: true, runs);
            }

            Add(ofPlain.Row());
            Add(ofCompose.Row());
        }
    }

    private static StartRow Plain(string way, int runs, string program, string[] arguments, string directory)
    {
        List<double> samples = [];
        // The first start warms the machine's caches and does not count.
        for (int i = 0; i <= runs; i++)
        {
            ProcessStartInfo start =
                new(program, arguments) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["SDL_VIDEODRIVER"] = "dummy";
            start.Environment["SDL_AUDIODRIVER"] = "dummy";
            start.Environment["PYGAME_HIDE_SUPPORT_PROMPT"] = "1";
            long began = Stopwatch.GetTimestamp();
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            // The header of the first picture.
            bool shown = process.StandardOutput.BaseStream.ReadAtLeast(new byte[8], 8, throwOnEndOfStream: false) == 8;
            double millis = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            process.StandardOutput.BaseStream.CopyTo(Stream.Null);
            process.WaitForExit();
            if (!shown)
            {
                throw new InvalidOperationException($"{way} showed nothing: {errors.Result}");
            }

            if (i > 0)
            {
                samples.Add(millis);
            }
        }

        return new StartRow(way, Distribution.Of(samples), new Dictionary<string, double>());
    }

    private static async Task<StartRow> SessionsAsync(string way, RunningSystem system, BenchGame game, int runs, bool warm)
    {
        StartSamples samples = new(way, system, game);
        while (samples.Count < runs)
        {
            await samples.MeasureAsync(warm, runs);
        }

        return samples.Row();
    }
}
