using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace PixelGameDev.AppHost.Running;

/// <summary>Reads the health of a service (<c>GET /api/health</c>; a 503 has the document too).</summary>
internal static class ServiceHealth
{
    /// <summary>
    /// Aspire checks an unhealthy part only every 1, 2, 3 … 5 s. Each check waits this long for a part that is just starting.
    /// </summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(4);

    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(3) };

    /// <summary>Healthy, or unhealthy; an Executor on which no game can be started is degraded: it answers, but nobody can play.</summary>
    public static async Task<HealthCheckResult> CheckAsync(Uri service, CancellationToken cancellationToken)
    {
        long began = Stopwatch.GetTimestamp();
        while (true)
        {
            HealthCheckResult result = await AskAsync(service, cancellationToken);
            if (result.Status != HealthStatus.Unhealthy || Stopwatch.GetElapsedTime(began) > MaxWait)
            {
                return result;
            }

            await Task.Delay(50, cancellationToken);
        }
    }

    /// <summary>
    /// Returns what an Executor reports about its sandboxes: <c>{"kind":"docker","ready":true}</c>; null when it does not answer.
    /// </summary>
    public static async Task<JsonElement?> SandboxAsync(Uri service, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage answer = await Client.GetAsync(new Uri(service, "/api/health"), cancellationToken);
            JsonElement document = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            return document.TryGetProperty("sandbox", out JsonElement sandbox) ? sandbox : null;
        }
        catch (Exception error) when (error is HttpRequestException or JsonException or TaskCanceledException
            && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task<HealthCheckResult> AskAsync(Uri service, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage answer = await Client.GetAsync(new Uri(service, "/health"), cancellationToken);
            if (!answer.IsSuccessStatusCode && await SandboxAsync(service, cancellationToken) is null)
            {
                return HealthCheckResult.Unhealthy($"Its health answers {(int)answer.StatusCode}.");
            }
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy("It does not answer.");
        }

        return await SandboxAsync(service, cancellationToken) is not { } sandbox || sandbox.GetProperty("ready").GetBoolean()
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded("No game can be started: " +
                (sandbox.TryGetProperty("state", out JsonElement state) ? state.GetString() : "no sandbox is ready"));
    }
}
