using BenchmarkDotNet.Running;
using PixelGameDev.Benchmarks.Budgets;
using PixelGameDev.Benchmarks.Burst;
using PixelGameDev.Benchmarks.Capacity;
using PixelGameDev.Benchmarks.Codec;
using PixelGameDev.Benchmarks.Health;
using PixelGameDev.Benchmarks.Installation;
using PixelGameDev.Benchmarks.Journeys;
using PixelGameDev.Benchmarks.Library;
using PixelGameDev.Benchmarks.Links;
using PixelGameDev.Benchmarks.Network;
using PixelGameDev.Benchmarks.Peers;
using PixelGameDev.Benchmarks.Play;
using PixelGameDev.Benchmarks.Processes;
using PixelGameDev.Benchmarks.Recordings;
using PixelGameDev.Benchmarks.Reports;
using PixelGameDev.Benchmarks.Soak;
using PixelGameDev.Benchmarks.Stalls;
using PixelGameDev.Benchmarks.Start;
using PixelGameDev.Benchmarks.Watchers;

namespace PixelGameDev.Benchmarks;

/// <summary>Runs one benchmark by its name, or all except the peers.</summary>
internal static class BenchmarkProgram
{
    private const string Usage = """
        ./pixel bench [name] [options]

        Without a name: bytes, codec, start, burst, play and capacity, one after the other. A run without options writes its results to
        docs/bench/*.json and draws the plots and the tables of docs/SPECIFICATION.md anew; one with options writes to artifacts/bench/.

          bytes     the game set's pictures: our bytes beside JPEG in base64      --only GAME --pictures N
          codec     scripted pictures through encoder and decoder: times and bytes
                    --frames DIR   recorded frames (*.raw) instead of the scripted sets
                    --only SET     one set, e.g. scrolling
                    --size WxH     one size, e.g. 800x600
                    --dump DIR     also write the messages, for the page's decoder
          start     sessions, warm and cold, beside a subprocess, bubblewrap and docker run; then sessions of the published Compose
                    files with the production overrides, in turns with those of the plain system
                    --runs N --only compose
          burst     a class presses Run within two seconds beside games that are played, under the published limits
                    --starts N --players N --most N (MAX_CONCURRENT_SESSIONS) --warm N --game NAME --system compose|plain
          play      the whole way in a real Chromium: Run → first frame, key → pixel, frames delivered, their age, bytes, CPU, page weight
                    --address URL  a running system instead of one of its own
                    --executor URL its Executor, http://127.0.0.1:5001 where nothing is said
                    --only run     Run → first frame alone
                    --runs N --keys N --seconds N
          capacity  sessions at a steady 60 fps against bare subprocesses; memory      --games NAME,… --begin N --most N --seconds N
          peers     the same games through PixelGameDev, noVNC, Xpra and the prototype's way
                    --quick --only WAY,… --games NAME,… --starts N --keys N --seconds N --screenshots
          journeys  random journeys through the page: nothing typed is lost or misplaced; a failing seed is printed with its fewest steps
                    --steps N --length N   steps in all, and of each journey
                    --seed N --seeds N     this journey alone, or so many from it on
                    --only N,…             only these steps of it
                    --without KIND,…       without these kinds of steps, e.g. KillApi
                    --whole                do not look for fewer steps that fail
                    --log                  print every step
          soak      people play for 30 minutes while parts are killed and stalled: runs lost, things left over, memory over time
                    --minutes N --seed N
          stalls    pages in a real Chromium whose network or processes stand still: frozen pictures, stuck keys, time until all is right
                    --stalls N --seed N --longest MILLISECONDS --address URL
          budgets   10,000 hostile requests of each kind; memory of Api and Executor before and after      --requests N --only KIND --silent N
          health    health answers while Postgres, Executor and Docker answer late, and when they go away      --seconds N
          installation  10,000 people with 100,000 games, 1,000,000 revisions and 5,000,000 sessions in a temporary database (20 GB
                    of disk): every page's statements, clean-up, deletion; the plans of slow statements in artifacts/bench/
                    --people N     everything else in proportion
                    --requests N --only PAGE
          library   the games of a folder, unmodified: import, Run, keys, Stop; a line each, and the last picture of each
                    --folder DIR --list FILE (folder, tab, file that starts) --only NAME --seconds N --address URL
          recording recordings of the game set: their size, and the first recorded picture behind an emulated 3G connection
                    --only GAME --runs N --address URL
          links     100,000 guessed codes of links beside revoked ones: none is found, and the time of the answer tells nothing
                    --guesses N --address URL
          watchers  100 people watch a game, in turns with nobody: the player's key → pixel and rate, the cost of the services
                    --watchers N --blocks N --keys N --address URL --executor URL
          network   a game over emulated networks (late, narrow, with loss, an outage) through PixelGameDev, noVNC and Xpra; needs root
                    --only WAY,… --game NAME --seconds N --keys N
          report    plots and tables again from docs/bench/*.json
          micro     the codec by BenchmarkDotNet (several minutes)
        """;

    public static async Task<int> Main(string[] args)
    {
        string name = args.Length > 0 && !args[0].StartsWith('-') ? args[0] : "all";
        Options options = Options.Parse(args);
        if (options.Has("help"))
        {
            Console.WriteLine(Usage);
            return 0;
        }

        bool whole = options.Count == 0;
        int code = 0;
        switch (name)
        {
            case "all":
                foreach (string each in new[] { "bytes", "codec", "start", "burst", "play", "capacity" })
                {
                    Console.WriteLine($"\n== {each}");
                    try
                    {
                        await RunAsync(each, options, whole);
                    }
                    catch (Exception error) when (error is not OutOfMemoryException)
                    {
                        // The other benchmarks still give useful figures.
                        Console.Error.WriteLine($"{each} failed: {error}");
                        code = 1;
                    }
                }

                return code;

            case "bytes" or "codec" or "start" or "burst" or "play" or "capacity" or "peers" or "journeys" or "soak" or "stalls"
                or "budgets" or "health" or "library" or "installation" or "recording" or "links"
                or "watchers" or "network":
                try
                {
                    await RunAsync(name, options, whole);
                    return 0;
                }
                catch (ArgumentException error)
                {
                    Console.Error.WriteLine(error.Message);
                    return 2;
                }

            case "list":
                Console.WriteLine(
                    "bytes\ncodec\nstart\nburst\nplay\ncapacity\npeers\njourneys\nsoak\nstalls\nbudgets\nhealth\nlibrary\n" +
                    "installation\nrecording\nlinks\nwatchers\nnetwork\nreport\nmicro");
                return 0;

            case "system":
                return await ProcessHostProgram.RunAsync(options);

            case "report":
                Report.Write();
                return 0;

            case "micro":
                BenchmarkRunner.Run<CodecBenchmarks>();
                return 0;

            default:
                Console.Error.WriteLine($"There is no benchmark '{name}'.\n\n{Usage}");
                return 2;
        }
    }

    private static async Task RunAsync(string name, Options options, bool whole)
    {
        switch (name)
        {
            case "budgets":
                Results.Write(name, await BudgetsBenchmark.MeasureAsync(options), whole);
                break;
            case "bytes":
                IReadOnlyList<BenchGame> games = GameSet.FindExamples(Results.DataDirectory()) is { } examples ? GameSet.All(examples)
                    : [.. GameSet.Own, .. GameSet.Templates];
                Results.Write(name, GameBytes.Measure(games.Where(g => options["only"] is not { } one || g.Name == one),
                    options.Int("pictures", 240)), whole);
                break;
            case "codec":
                IEnumerable<FrameSet> sets = options["frames"] is { } folder
                    ? Directory.GetFiles(folder, "*.raw").Order(StringComparer.Ordinal).Select(RecordedFrames.Open)
                    : FrameSets.Sizes.Where(s => options["size"] is not { } size || size == $"{s.Width}x{s.Height}")
                        .SelectMany(s => FrameSets.Of(s.Width, s.Height));
                Results.Write(name, CodecTable.Measure(sets.Where(s => options["only"] is not { } only || s.Name == only), options["dump"]),
                    whole);
                break;
            case "start":
                Results.Write(name, await StartBenchmark.RunAsync(options), whole);
                break;
            case "burst":
                Results.Write(name, await BurstBenchmark.RunAsync(options), whole);
                break;
            case "play":
                Results.Write(name, await PlayBenchmark.RunAsync(options), whole);
                break;
            case "capacity":
                Results.Write(name, await CapacityBenchmark.RunAsync(options), whole);
                break;
            case "peers":
                Results.Write(name, await PeersBenchmark.RunAsync(options), whole);
                break;
            case "health":
                Results.Write(name, await HealthBenchmark.RunAsync(options), whole);
                break;
            case "library":
                Results.Write(name, await LibraryBenchmark.RunAsync(options), whole: false);
                break;
            case "installation":
                Results.Write(name, await InstallationBenchmark.RunAsync(options), whole);
                break;
            case "links":
                Results.Write(name, await GuessBenchmark.RunAsync(options), whole: false);
                break;
            case "recording":
                Results.Write(name, await RecordingBenchmark.RunAsync(options), whole: false);
                break;
            case "watchers":
                Results.Write(name, await WatchersBenchmark.RunAsync(options), whole: false);
                break;
            case "network":
                Results.Write(name, await NetworkBenchmark.RunAsync(options), whole: false);
                break;
            case "soak":
                Results.Write(name, await SoakBenchmark.RunAsync(options), whole);
                break;
            case "stalls":
                Results.Write(name, await StallsBenchmark.RunAsync(options), whole);
                break;
            case "journeys":
                JourneysResults journeys = await JourneysBenchmark.RunAsync(options);
                Results.Write(name, journeys, whole);
                if (journeys.Failed.Count > 0)
                {
                    // The results are written before this error.
                    throw new ArgumentException($"{journeys.Failed.Count} journeys failed.");
                }

                break;
        }
    }
}
