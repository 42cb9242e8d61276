using System.Diagnostics.Tracing;
using System.Globalization;
using System.Text.Json;
using Microsoft.Diagnostics.NETCore.Client;
using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Budgets;

/// <summary>Reads the memory that a service really holds: after full garbage collections.</summary>
internal static class SettledMemory
{
    private const int Collections = 3;
    // GCHeapCollect of the provider Microsoft-Windows-DotNETRuntime: a listener starts a full collection.
    private const long CollectKeyword = 0x800000;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    public static async Task<IReadOnlyDictionary<string, ServiceMemory>> ReadAsync(RunningSystem system)
    {
        int api = system.ApiProcess() ?? throw new InvalidOperationException("The Api is not there.");
        int executor = system.ExecutorProcess() ?? throw new InvalidOperationException("The Executor is not there.");
        for (int i = 0; i < Collections; i++)
        {
            await CollectAsync(api);
            await CollectAsync(executor);
        }

        double residentApi = double.MaxValue, residentExecutor = double.MaxValue;
        for (int i = 0; i < 10; i++)
        {
            residentApi = Math.Min(residentApi, Resident(api));
            residentExecutor = Math.Min(residentExecutor, Resident(executor));
            await Task.Delay(Window / 10);
        }

        return new Dictionary<string, ServiceMemory>
        {
            ["Api"] = new(residentApi, await HeapAsync(system.Address)),
            ["Executor"] = new(residentExecutor, await HeapAsync(system.ExecutorAddress)),
        };
    }

    private static async Task CollectAsync(int process)
    {
        DiagnosticsClient client = new(process);
        using EventPipeSession session = client.StartEventPipeSession(
            [new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, CollectKeyword)], requestRundown: false,
            circularBufferMB: 8);
        Task read = session.EventStream.CopyToAsync(Stream.Null);
        await Task.Delay(TimeSpan.FromSeconds(1));
        await session.StopAsync(CancellationToken.None);
        await read.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static double Resident(int process)
    {
        // "VmRSS:     123456 kB"
        string line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return Math.Round(double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture) * 1024 / 1e6, 1);
    }

    private static async Task<double> HeapAsync(Uri address)
    {
        using HttpClient http = new() { Timeout = TimeSpan.FromSeconds(10) };
        // The answer of status 503 contains the document too.
        using HttpResponseMessage answer = await http.GetAsync(new Uri(address, "/api/health"));
        using JsonDocument health = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return health.RootElement.TryGetProperty("memory", out JsonElement memory)
            && (memory.TryGetProperty("heapUsed", out JsonElement used) || memory.TryGetProperty("heap_used", out used))
            ? Math.Round(used.GetInt64() / 1e6, 1)
            : double.NaN;
    }
}
