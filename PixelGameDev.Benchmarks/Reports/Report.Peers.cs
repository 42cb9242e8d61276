using System.Text;
using PixelGameDev.Benchmarks.Burst;
using PixelGameDev.Benchmarks.Capacity;
using PixelGameDev.Benchmarks.Codec;
using PixelGameDev.Benchmarks.Journeys;
using PixelGameDev.Benchmarks.Peers;
using PixelGameDev.Benchmarks.Play;
using PixelGameDev.Benchmarks.Budgets;
using PixelGameDev.Benchmarks.Health;
using PixelGameDev.Benchmarks.Soak;
using PixelGameDev.Benchmarks.Stalls;
using PixelGameDev.Benchmarks.Start;

namespace PixelGameDev.Benchmarks.Reports;

/// <content>The comparison with other ways, and the plots.</content>
internal sealed partial class Report
{
    /// <summary>Returns one way's figure as a part of the other's, as the median over the games that both ways showed.</summary>
    private double Against(string way, Func<PeerRow, double> figure)
    {
        Dictionary<string, PeerRow> others = _peers?.Rows.Where(r => r.Way == way).ToDictionary(r => r.Game) ?? [];
        return Median((_peers?.Rows ?? []).Where(r => r.Way == Us && others.ContainsKey(r.Game))
            .Select(r => figure(r) / figure(others[r.Game])));
    }

    private string PeersText()
    {
        if (_peers is null)
        {
            return "Not measured.";
        }

        StringBuilder text = new("| way | start → first picture p50, ms |\n| --- | --- |\n");
        foreach (PeerStart row in _peers.Starts)
        {
            text.Append(F($"| {row.Way} | {row.Millis.P50:0} |\n"));
        }

        text.Append(
            "\n| game | way | fps | age p50 / p95, ms | key → pixel p50 / p95, ms | kB/s | bytes a picture | server, of a core | " +
            "browser |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
        foreach (PeerRow row in _peers.Rows.OrderBy(r => Array.IndexOf([.. _peers.Rows.Select(x => x.Game)], r.Game)))
        {
            string key = row.KeyToPixel is { } keys ? F($"{keys.P50:0.0} / {keys.P95:0.0}") : string.Empty;
            text.Append(
                F($"| {row.Game} {row.Width}×{row.Height} | {row.Way} | {row.Fps:0.0} | {row.FrameAge.P50:0.0} / {row.FrameAge.P95:0.0} " +
                $"| {key} | {row.BytesPerSecond / 1000:N1} | {row.BytesPerSecond / row.Fps:N0} | {row.ServerCpu:0.0} % | " +
                $"{row.CpuPercent.GetValueOrDefault("browser"):0.0} % |\n"));
        }

        text.Append(
            "\nPixelGameDev for a part of each, median over these games:\n\n| | bytes a picture | bytes a second | server CPU | browser " +
            "CPU |\n| --- | --- | --- | --- | --- |\n");
        foreach (string way in _peers.Rows.Select(r => r.Way).Distinct().Where(w => w != Us))
        {
            text.Append(
                F($"| of {way} | {100 * Against(way, r => r.BytesPerSecond / r.Fps):0} % | " +
                $"{100 * Against(way, r => r.BytesPerSecond):0} % | {100 * Against(way, r => r.ServerCpu):0} % | " +
                $"{100 * Against(way, r => r.CpuPercent.GetValueOrDefault("browser")):0} % |\n"));
        }

        return text.Append(
            "\n![Frames delivered](bench/peers-fps.svg)\n![Frame age](bench/peers-age.svg)\n![Key to " +
            "pixel](bench/peers-keys.svg)\n![Bytes](bench/peers-bytes.svg)\n![CPU](bench/peers-cpu.svg)").ToString();
    }

    private void Plots()
    {
        Directory.CreateDirectory(Folder);
        if (_bytes is not null)
        {
            Save("bytes", BarChart.Draw("Bytes a picture, lossless, beside JPEG q75 in base64", "bytes",
                [.. _bytes.Select(r => new BarGroup(r.Game, [new(Us, r.Bytes), new("JPEG, base64", r.JpegBytes)]))], logarithmic: true));
        }

        if (_start is not null || _peers is not null)
        {
            List<BarGroup> groups =
                [.. (_start?.Rows ?? []).Select(r =>
                    new BarGroup(r.Way,
                        [new(r.Way.StartsWith("session", StringComparison.Ordinal) ? Us : "plain", r.Millis.P50, r.Millis.P95)]))];
            groups.AddRange((_peers?.Starts ?? []).Where(s => s.Millis.Count > 0)
                .Select(s => new BarGroup(s.Way + " in page", [new(s.Way == Us ? Us : "peers", s.Millis.P50, s.Millis.P95)])));
            Save("start", BarChart.Draw("Start → first picture, p50 / p95", "ms", groups, logarithmic: true));
        }

        if (_capacity is not null)
        {
            Save("capacity", BarChart.Draw("Games at once at a steady 60 fps", "games",
                [.. _capacity.Games.Select(g =>
                    new BarGroup(g.Game, [new("bare subprocesses", g.Bare.Steady), new(Us, g.Sessions.Steady)]))]));
        }

        if (_peers is not null)
        {
            Save("peers-fps", Beside("Frames delivered, 60 drawn", "fps", _peers.Rows, r => r.Fps));
            Save("peers-age", Beside("Age of a frame on the page, p50 / p95", "ms", _peers.Rows, r => r.FrameAge.P50, r =>
                r.FrameAge.P95, logarithmic: true));
            Save("peers-keys", Beside("Key down → changed pixel, p50 / p95", "ms", [.. _peers.Rows.Where(r => r.KeyToPixel is not null)],
                r => r.KeyToPixel!.P50, r => r.KeyToPixel!.P95));
            Save("peers-bytes", Beside("Bytes a picture", "bytes", _peers.Rows, r => r.BytesPerSecond / r.Fps, logarithmic: true));
            Save("peers-cpu", Beside("CPU of the server without the game, of a core", "%", _peers.Rows, r => r.ServerCpu));
        }
    }

    private static string Beside(string title, string unit, IReadOnlyList<PeerRow> rows, Func<PeerRow, double> value,
        Func<PeerRow, double>? whisker = null, bool logarithmic = false) =>
        BarChart.Draw(title, unit,
            [.. rows.GroupBy(r => r.Game).Select(g =>
                new BarGroup(g.Key, [.. g.Select(r => new Bar(r.Way, value(r), whisker?.Invoke(r) ?? double.NaN))]))], logarithmic);

    private static void Save(string name, string svg) => File.WriteAllText(Path.Combine(Folder, name + ".svg"), svg);
}
