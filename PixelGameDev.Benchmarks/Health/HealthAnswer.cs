using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace PixelGameDev.Benchmarks.Health;

/// <summary>The answer to one health request.</summary>
internal sealed record HealthAnswer(bool AllWell, double Millis, IReadOnlyDictionary<string, bool> Checks)
{
    private static readonly HttpClient Http =
        new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 64 }) { Timeout = TimeSpan.FromSeconds(30) };

    public static async Task<HealthAnswer> OfAsync(Uri service)
    {
        long began = Stopwatch.GetTimestamp();
        using HttpResponseMessage response = await Http.GetAsync(new Uri(service, "/api/health"));
        string body = await response.Content.ReadAsStringAsync();
        double millis = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        using JsonDocument document = JsonDocument.Parse(body);
        Dictionary<string, bool> checks = document.RootElement.GetProperty("checks").EnumerateObject()
            .ToDictionary(static check => check.Name, static check => check.Value.GetBoolean());
        bool ready = document.RootElement.GetProperty("status").GetString() == "healthy" && response.StatusCode == HttpStatusCode.OK;
        return new HealthAnswer(ready && checks.Values.All(static check => check), millis, checks);
    }
}
