using BenchmarkDotNet.Running;
using PixelGameDev.Benchmarks.Capacity;
using PixelGameDev.Benchmarks.Codec;
using PixelGameDev.Benchmarks.Peers;
using PixelGameDev.Benchmarks.Play;
using PixelGameDev.Benchmarks.Start;

namespace PixelGameDev.Benchmarks;

/// <summary>The command: one benchmark by its name.</summary>
internal static class BenchmarkProgram
{
    private const string Usage = """
        ./pixel bench [name] [options]

          codec     frame sets through encoder and decoder: a table of times and bytes (the default)
                    --frames DIR   recorded frames (*.raw) instead of the scripted sets
                    --only SET     one set, e.g. scrolling
                    --size WxH     one size, e.g. 800x600
                    --dump DIR     also write the messages, for the page's decoder
          play      the whole way in a real Chromium: Run → first frame, key → pixel, frames delivered, bytes, CPU
                    --address URL  a running system instead of one of its own
                    --runs N --keys N --seconds N
          micro     the same by BenchmarkDotNet (several minutes)
        """;

    public static async Task<int> Main(string[] args)
    {
        string name = args.Length > 0 && !args[0].StartsWith('-') ? args[0] : "codec";
        Options options = Options.Parse(args);
        if (options.Has("help"))
        {
            Console.WriteLine(Usage);
            return 0;
        }

        switch (name)
        {
            case "codec":
                IEnumerable<FrameSet> sets = options["frames"] is { } folder
                    ? Directory.GetFiles(folder, "*.raw").Order(StringComparer.Ordinal).Select(RecordedFrames.Open)
                    : FrameSets.Sizes.Where(s => options["size"] is not { } size || size == $"{s.Width}x{s.Height}").SelectMany(s => FrameSets.Of(s.Width, s.Height));
                IReadOnlyList<CodecRow> rows = CodecTable.Measure(sets.Where(s => options["only"] is not { } only || s.Name == only), options["dump"]);
                Results.Write("codec", rows);
                return 0;

            case "bytes":
                IReadOnlyList<BenchGame> set = GameSet.FindExamples(Results.DataDirectory()) is { } examples ? GameSet.All(examples) : [.. GameSet.Own, .. GameSet.Templates];
                Results.Write("bytes", GameBytes.Measure(set.Where(g => options["only"] is not { } one || g.Name == one), options.Int("frames", 240)));
                return 0;

            case "play":
                Results.Write("play", await PlayBenchmark.RunAsync(options));
                return 0;

            case "start":
                Results.Write("start", await StartBenchmark.RunAsync(options));
                return 0;

            case "capacity":
                Results.Write("capacity", await CapacityBenchmark.RunAsync(options));
                return 0;

            case "peers":
                Results.Write("peers", await PeersBenchmark.RunAsync(options));
                return 0;

            case "list":
                Console.WriteLine("codec\nplay\npeers\nmicro");
                return 0;

            case "micro":
                BenchmarkRunner.Run<CodecBenchmarks>();
                return 0;

            default:
                Console.Error.WriteLine($"There is no benchmark '{name}'.\n\n{Usage}");
                return 2;
        }
    }
}
