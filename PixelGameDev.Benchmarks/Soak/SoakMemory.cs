using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Soak;

/// <summary>The memory of a service's process at one time, in MB (10⁶ bytes).</summary>
/// <param name="Minute">Minutes since the soak began.</param>
/// <param name="Process">The process id, which changes with a restart.</param>
/// <param name="Resident">Resident memory.</param>
/// <param name="Heap">The managed heap; null when the service did not answer.</param>
internal sealed record MemorySample(double Minute, int Process, double Resident, double? Heap);

/// <summary>The memory of a service during the longest life of its process.</summary>
/// <param name="Starts">The number of processes seen.</param>
/// <param name="Minutes">The length of the judged part. The first third of the life, at most 5 minutes, is left out.</param>
/// <param name="ResidentSlope">MB an hour, by regression over the least value of each interval.</param>
/// <param name="ResidentError">The standard error of the slope.</param>
/// <param name="Samples">One sample for each half minute, of every process.</param>
internal sealed record MemoryTrend(
    string Service, int Starts, double Minutes, double ResidentFirst, double ResidentLast, double ResidentMost,
    double ResidentSlope, double ResidentError, double HeapSlope, double HeapError, IReadOnlyList<MemorySample> Samples);

/// <summary>Reads the memory of Api and Executor every few seconds.</summary>
internal sealed class SoakMemory : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(3);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(3) };
    private readonly Dictionary<string, List<MemorySample>> _samples = new() { ["Api"] = [], ["Executor"] = [] };

    public async Task LiveAsync(RunningSystem system, CancellationToken stop)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            while (true)
            {
                double minute = Stopwatch.GetElapsedTime(start).TotalMinutes;
                await ReadAsync("Api", system.ApiProcess(), system.Address, minute);
                await ReadAsync("Executor", system.ExecutorProcess(), system.ExecutorAddress, minute);
                await Task.Delay(Every, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The time is over.
        }
    }

    public IReadOnlyList<MemoryTrend> Trends() => [.. _samples.Select(service => TrendOf(service.Key, service.Value))];

    public void Dispose() => _http.Dispose();

    private async Task ReadAsync(string service, int? process, Uri address, double minute)
    {
        if (process is not { } id || Resident(id) is not { } resident)
        {
            return;
        }

        double? heap = null;
        try
        {
            // The answer of status 503 contains the document too.
            using HttpResponseMessage answer = await _http.GetAsync(new Uri(address, "/api/health"));
            using JsonDocument health = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            heap = health.RootElement.TryGetProperty("memory", out JsonElement memory)
                && (memory.TryGetProperty("heapUsed", out JsonElement used) || memory.TryGetProperty("heap_used", out used))
                ? used.GetInt64() / 1e6
                : null;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException or JsonException)
        {
            // The service is killed or stalled. The kernel's figure is known all the same.
        }

        _samples[service]
            .Add(new MemorySample(Math.Round(minute, 3), id, Math.Round(resident, 2), heap is { } known ? Math.Round(known, 2) : null));
    }

    private static double? Resident(int process)
    {
        try
        {
            // "VmRSS:     123456 kB"
            string line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024 / 1e6;
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            return null;
        }
    }

    private static MemoryTrend TrendOf(string service, List<MemorySample> all)
    {
        MemorySample[] longest = [.. all.GroupBy(sample => sample.Process)
            .OrderByDescending(life => life.Last().Minute - life.First().Minute).FirstOrDefault() ?? Enumerable.Empty<MemorySample>()];
        if (longest.Length < 2)
        {
            return new MemoryTrend(service, 0, 0, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, []);
        }

        double begins = longest[0].Minute + Math.Min(5, (longest[^1].Minute - longest[0].Minute) / 3);
        MemorySample[] judged = [.. longest.Where(sample => sample.Minute >= begins)];
        double interval = Math.Max(0.25, (judged[^1].Minute - judged[0].Minute) / 20);
        // Collections make every heap go up and down like a saw. The lower edge shows what stays.
        (double Minute, double Resident, double? Heap)[] edge = [.. judged
            .GroupBy(sample => (int)((sample.Minute - begins) / interval))
            .Select(part => (part.Average(sample => sample.Minute), part.Min(sample => sample.Resident), part.Min(sample => sample.Heap)))];
        (double slope, double error) = Line([.. edge.Select(point => (point.Minute, point.Resident))]);
        (double heapSlope, double heapError) =
            Line([.. edge.Where(point => point.Heap is not null).Select(point => (point.Minute, point.Heap!.Value))]);
        return new MemoryTrend(
            service, all.Select(sample => sample.Process).Distinct().Count(), Math.Round(judged[^1].Minute - judged[0].Minute, 1),
            judged[0].Resident, judged[^1].Resident, all.Max(sample => sample.Resident), slope, error, heapSlope, heapError,
            [.. all.GroupBy(sample => (sample.Process, (int)(sample.Minute * 2))).Select(part => part.First())]);
    }

    /// <summary>Returns the slope and its standard error, by the hour, of points in minutes, by least squares.</summary>
    private static (double Slope, double Error) Line((double X, double Y)[] points)
    {
        if (points.Length < 3)
        {
            return (double.NaN, double.NaN);
        }

        double x = points.Average(point => point.X), y = points.Average(point => point.Y);
        double spread = points.Sum(point => (point.X - x) * (point.X - x));
        double slope = points.Sum(point => (point.X - x) * (point.Y - y)) / spread;
        double rest = points.Sum(point => Math.Pow(point.Y - y - (slope * (point.X - x)), 2));
        return (Math.Round(60 * slope, 3), Math.Round(60 * Math.Sqrt(rest / (points.Length - 2) / spread), 3));
    }
}
