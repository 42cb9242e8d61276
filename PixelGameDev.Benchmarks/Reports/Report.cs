using System.Text;
using System.Text.Json;
using PixelGameDev.Benchmarks.Burst;
using PixelGameDev.Benchmarks.Capacity;
using PixelGameDev.Benchmarks.Codec;
using PixelGameDev.Benchmarks.Journeys;
using PixelGameDev.Benchmarks.Peers;
using PixelGameDev.Benchmarks.Play;
using PixelGameDev.Benchmarks.Budgets;
using PixelGameDev.Benchmarks.Health;
using PixelGameDev.Benchmarks.Installation;
using PixelGameDev.Benchmarks.Soak;
using PixelGameDev.Benchmarks.Stalls;
using PixelGameDev.Benchmarks.Start;

namespace PixelGameDev.Benchmarks.Reports;

/// <summary>
/// Draws the plots of <c>docs/bench/</c> and writes the tables of docs/SPECIFICATION.md from the results in <c>docs/bench/*.json</c>, so
/// that every figure in the text is a measured one. It marks what has not been measured.
/// </summary>
internal sealed partial class Report
{
    private const string Us = "PixelGameDev";

    private readonly PlayResults? _play = Read<PlayResults>("play");
    private readonly StartResults? _start = Read<StartResults>("start");
    private readonly BurstResults? _burst = Read<BurstResults>("burst");
    private readonly CapacityResults? _capacity = Read<CapacityResults>("capacity");
    private readonly PeersResults? _peers = Read<PeersResults>("peers");
    private readonly GameBytesRow[]? _bytes = Read<GameBytesRow[]>("bytes");
    private readonly CodecRow[]? _codec = Read<CodecRow[]>("codec");

    public static string Folder { get; } = Path.Combine(Results.RepositoryRoot(), "docs", "bench");

    /// <summary>Writes everything for which there are results.</summary>
    public static void Write()
    {
        Report report = new();
        report.Plots();
        string path = Path.Combine(Results.RepositoryRoot(), "docs", "SPECIFICATION.md");
        File.WriteAllText(path, report.Fill(File.ReadAllText(path)));
    }

    /// <summary>Replaces the text between <c>&lt;!-- bench:NAME --&gt;</c> and <c>&lt;!-- /bench:NAME --&gt;</c>.</summary>
    public string Fill(string document)
    {
        foreach ((string name, Func<string> table) in new (string, Func<string>)[]
        {
            ("targets", Targets), ("codec", CodecText), ("bytes", BytesText), ("play", PlayText), ("start", StartText),
            ("burst", BurstText), ("capacity", CapacityText), ("peers", PeersText),
            ("stalls", () => StallsReport.Write(Read<StallResults>("stalls"))),
            ("journeys", () => SoakReport.Journeys(Read<JourneysResults>("journeys"))),
            ("soak", () => SoakReport.Soak(Read<SoakResults>("soak"))),
            ("budgets", () => BudgetsReport.Table(Read<BudgetsResults>("budgets"))),
            ("installation", () => InstallationReport.Table(Read<InstallationResults>("installation"))),
            ("health", () => HealthReport.Health(Read<HealthResults>("health"))),
        })
        {
            string open = $"<!-- bench:{name} -->", close = $"<!-- /bench:{name} -->";
            int from = document.IndexOf(open, StringComparison.Ordinal), to = document.IndexOf(close, StringComparison.Ordinal);
            if (from >= 0 && to > from)
            {
                document = document[..(from + open.Length)] + "\n" + table().TrimEnd('\n') + "\n" + document[to..];
            }
        }

        return document;
    }

    private static T? Read<T>(string name)
        where T : class
    {
        string path = Path.Combine(Folder, name + ".json");
        return File.Exists(path)
            ? JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("results").Deserialize<T>(Results.Json) : null;
    }

    private static string F(InvariantText text) => text.Build();

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Where(double.IsFinite).Order()];
        return sorted.Length == 0 ? double.NaN
            : sorted.Length % 2 == 1 ? sorted[sorted.Length / 2]
            : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    private static double Cpu(IReadOnlyDictionary<string, double> shares, params string[] names) =>
        names.Sum(n => shares.GetValueOrDefault(n));

    private string Targets()
    {
        StringBuilder table = new("| figure | asked | measured | |\n| --- | --- | --- | --- |\n");
        Row("click Run → first frame in the page, warm, ms", "p50 ≤ 60, p95 ≤ 120", _play is null ? null
            : F($"p50 {_play.RunToFirstFrame.P50:0.0}, p95 {_play.RunToFirstFrame.P95:0.0}"),
            _play?.RunToFirstFrame is { P50: <= 60, P95: <= 120 });
        Row("key down → changed pixel on the canvas, ms", "p50 ≤ 18, p95 ≤ 27", _play is null ? null
            : F($"p50 {_play.KeyToPixel.P50:0.0}, p95 {_play.KeyToPixel.P95:0.0}"), _play?.KeyToPixel is { P50: <= 18, P95: <= 27 });
        double fps = Median(_play?.Delivered.Select(d => d.Fps) ?? []);
        Row("delivered, 800×600 at 60, median game, fps", "≥ 59.5", _play is null ? null : F($"{fps:0.00}"), fps >= 59.5);
        double age = Median(_play?.Delivered.Select(d => d.Age.P95) ?? []);
        Row("frame age, 800×600 at 60, median game, p95, ms", "≤ 16.7", _play is null ? null : F($"{age:0.0}"), age <= 16.7);
        double ratio = _bytes is null ? double.NaN : GameBytes.Median(_bytes);
        Row("lossless bytes a picture, of JPEG in base64, median of the game set", "≤ 10 %", _bytes is null ? null
            : F($"{100 * ratio:0.0} %"), ratio <= 0.10);
        double vnc = Against("noVNC", r => r.BytesPerSecond / r.Fps);
        Row("lossless bytes a picture, of noVNC, median of the games beside peers", "≤ 50 %", double.IsNaN(vnc) ? null
            : F($"{100 * vnc:0.0} %"), vnc <= 0.5);
        double host = Median(_play?.Delivered.Select(d => Cpu(d.CpuPercent, "gamehost", "executor", "api")) ?? []);
        Row("GameHost + relay (Executor and Api), 800×600 at 60, median game, of a core", "≤ 10 %", _play is null ? null
            : F($"{host:0.0} %"), host <= 10);
        double relay = Median(_play?.Delivered.Select(d => Cpu(d.CpuPercent, "executor", "dockerd")) ?? []);
        double containers = Median(_play?.Delivered.Select(d => Cpu(d.CpuPercent, "executor", "dockerd", "containerd")) ?? []);
        Row("Executor + dockerd, the same, of a core", "≤ 2 %", _play is null ? null
            : F($"{relay:0.0} % (with containerd and its shims {containers:0.0} %)"), relay <= 2);
        string shares = string.Join(", ",
            _capacity?.Games.Select(g => F($"{g.Game} {100 * g.Share:0} % ({g.Sessions.Steady} of {g.Bare.Steady})")) ?? []);
        Row("sessions at a steady 60 fps, of bare subprocesses", "≥ 90 %", _capacity is null ? null
            : shares, _capacity?.Games.All(g => g.Share >= 0.9) == true);
        Row(
            "start under the published limits, warm p50, of the plain system's in the same run", "≤ 1.5 ×",
            double.IsFinite(ComposeRatio())
                ? F($"{ComposeRatio():0.00} × ({StartOf("in turns: Compose, warm")!.P50:0.0} of " +
                $"{StartOf("in turns: plain, warm")!.P50:0.0} ms)") : null, ComposeRatio() <= 1.5);
        double least = _burst?.Players.Min(static p => p.Least) ?? double.NaN;
        Row("30 press Run within 2 s: worst second of who plays, fps", "≥ 57", _burst is null ? null : F($"{least:0.0}"), least >= 57);
        Row("30 press Run within 2 s: slowest start, s", "≤ 5", _burst is null ? null
            : F($"{_burst.Starts.Max / 1000:0.0}"), _burst?.Starts.Max <= 5000);
        Row("page before play, compressed, kB", "≤ 250", _play is null ? null
            : F($"{_play.PageBytes / 1000.0:0.0}"), _play?.PageBytes <= 250_000);
        Row("Executor's growth for each session, MB", "≤ 2", double.IsFinite(_capacity?.Memory.ExecutorPerSession ?? double.NaN)
            ? F($"{_capacity!.Memory.ExecutorPerSession:0.00}") : null, _capacity?.Memory.ExecutorPerSession <= 2);
        Row("idle warm sandbox, MB", "≤ 45", double.IsFinite(_capacity?.Memory.WarmSandbox ?? double.NaN)
            ? F($"{_capacity!.Memory.WarmSandbox:0.0}") : null, _capacity?.Memory.WarmSandbox <= 45);
        return table.ToString();

        void Row(string figure, string asked, string? measured, bool reached) =>
            table.Append(
                F($"| {figure} | {asked} | {measured ?? "not measured"} | " +
                $"{(measured is null ? "–" : reached ? "reached" : "**not reached**")} |\n"));
    }

    private string CodecText()
    {
        StringBuilder table =
            new("| pictures | size | encode p50 / p95, µs | decode (C#) p50, µs | bytes a frame | keyframe |\n| --- | --- | --- | --- | " +
            "--- | --- |\n");
        foreach (CodecRow row in _codec ?? [])
        {
            table.Append(
                F($"| {row.Set} | {row.Width}×{row.Height} | {row.EncodeP50:N0} / {row.EncodeP95:N0} | {row.DecodeP50:N0} | " +
                $"{row.Bytes:N0} | {row.KeyframeBytes:N0} |\n"));
        }

        return _codec is null ? "Not measured." : table.ToString();
    }

    private string BytesText()
    {
        if (_bytes is null)
        {
            return "Not measured.";
        }

        StringBuilder table =
            new("| game | size | bytes a picture | first picture | JPEG q75 base64 | of it |\n| --- | --- | --- | --- | --- | --- |\n");
        foreach (GameBytesRow row in _bytes)
        {
            table.Append(GameBytes.Format(row)).Append('\n');
        }

        return table.Append(
            F($"| **median** | | | | | **{100 * GameBytes.Median(_bytes):0.0} %** |\n\n![Bytes a picture](bench/bytes.svg)"))
            .ToString();
    }

    private string PlayText()
    {
        if (_play is null)
        {
            return "Not measured.";
        }

        StringBuilder text =
            new(F($"Run → first frame, warm: {_play.RunToFirstFrame} ms.\n\nKey down → changed pixel: {_play.KeyToPixel} ms; " +
            $"{_play.KeysWithPixels} changes read back from the canvas.\n\n"));
        text.Append(
            "| game, 800×600 | fps | age p50 / p95, ms | kB/s | decode and draw, ms | GameHost | game | Executor | Api | dockerd | " +
            "containerd | browser |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
        foreach (DeliveredRow row in _play.Delivered)
        {
            text.Append(
                F($"| {row.Game} | {row.Fps:0.00} | {row.Age.P50:0.0} / {row.Age.P95:0.0} | {row.BytesPerSecond / 1000:0.0} | " +
                $"{row.DecodeMillis:0.00}"));
            foreach (string part in new[] { "gamehost", "game", "executor", "api", "dockerd", "containerd", "browser" })
            {
                text.Append(F($" | {row.CpuPercent.GetValueOrDefault(part):0.0} %"));
            }

            text.Append(" |\n");
        }

        return text.Append(F($"\nPage before play: {_play.PageBytes / 1000.0:0.0} kB.\n")).ToString();
    }

    private string StartText()
    {
        StringBuilder table = new("| way | p50, ms | p95, ms | phases, ms, medians |\n| --- | --- | --- | --- |\n");
        foreach (StartRow row in _start?.Rows ?? [])
        {
            table.Append(
                F($"| {row.Way} | {row.Millis.P50:0.0} | {row.Millis.P95:0.0} | " +
                $"{string.Join(", ", row.Phases.Select(p => F($"{p.Key} {p.Value:0.0}")))} |\n"));
        }

        return _start is null ? "Not measured." : table.Append("\n![Start to first picture](bench/start.svg)").ToString();
    }

    private double ComposeRatio() =>
        StartOf("in turns: Compose, warm") is { } compose && StartOf("in turns: plain, warm") is { } plain
            ? compose.P50 / plain.P50 : double.NaN;

    private Distribution? StartOf(string way) => _start?.Rows.FirstOrDefault(r => r.Way == way)?.Millis;

    private string BurstText()
    {
        if (_burst is null)
        {
            return "Not measured.";
        }

        StringBuilder table = new(F(
            $"{_burst.Starts.Count + _burst.Refused.Count} starts ({_burst.System}, {_burst.Warm} of them warm): {_burst.Starts} ms; " +
            $"{_burst.Refused.Count} refused; all within {_burst.Seconds:0.0} s of the first press.\n\n"));
        table.Append(
            "| player | before, fps | meanwhile, fps | its worst second, fps | with all games running, fps |\n" +
            "| --- | --- | --- | --- | --- |\n");
        foreach ((PlayerRow row, int i) in _burst.Players.Select(static (row, i) => (row, i)))
        {
            table.Append(F($"| {i + 1} | {row.Before:0.0} | {row.Mean:0.0} | {row.Least:0.0} | {row.After:0.0} |\n"));
        }

        return table.ToString();
    }

    private string CapacityText()
    {
        if (_capacity is null)
        {
            return "Not measured.";
        }

        StringBuilder text =
            new("| game | bare subprocesses | sessions | share | a bare one, of a core | a session, of a core |\n| --- | --- | --- | " +
            "--- | --- | --- |\n");
        foreach (GameCapacity row in _capacity.Games)
        {
            text.Append(
                F($"| {row.Game} | {row.Bare.Steady} | {row.Sessions.Steady} | {100 * row.Share:0} % | {row.BareCost:0.0} % | " +
                $"{row.Cost?.Parts.Values.Sum():0.0} % |\n"));
        }

        text.Append(
            "\nWhat each of these sessions cost, of a core:\n\n| game | the game | GameHost | Executor | Api | dockerd, containerd | " +
            "viewer | the rest of the machine |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n");
        foreach (GameCapacity row in _capacity.Games)
        {
            IReadOnlyDictionary<string, double> parts = row.Cost?.Parts ?? new Dictionary<string, double>();
            text.Append(
                F($"| {row.Game} | {Cpu(parts, "game"):0.00} % | {Cpu(parts, "gamehost"):0.00} % | {Cpu(parts, "executor"):0.00} % | " +
                $"{Cpu(parts, "api"):0.00} % | {Cpu(parts, "dockerd", "containerd"):0.00} % | {Cpu(parts, "viewer"):0.00} % | " +
                $"{Cpu(parts, "rest", "postgres"):0.00} % |\n"));
        }

        text.Append("\nThe slowest game's pictures a second, by number of games:\n\n");
        foreach (GameCapacity row in _capacity.Games)
        {
            text.Append(F($"- {row.Game}: bare {Tried(row.Bare)}; sessions {Tried(row.Sessions)}\n"));
        }

        MemoryFigures memory = _capacity.Memory;
        text.Append(
            F($"\nExecutor: {memory.ExecutorFirst:0.0} MB with one session, {memory.ExecutorLast:0.0} MB with {memory.Sessions} and " +
            $"{memory.Waiting} sandboxes that wait: {memory.ExecutorPerSession:0.00} MB for each, playing or waiting. A warm sandbox: " +
            $"{memory.WarmSandbox:0.0} MB.\n\n"));
        return text.Append("![Games at once](bench/capacity.svg)").ToString();

        static string Tried(CapacityRow row) => string.Join(", ", row.Tried.OrderBy(t => t.Key).Select(t => F($"{t.Key}: {t.Value:0.0}")));
    }
}
