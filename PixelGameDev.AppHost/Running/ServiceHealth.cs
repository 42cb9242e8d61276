using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace PixelGameDev.AppHost.Running;

/// <summary>Reads the health of a service (<c>GET /api/health</c>); an answer with status 503 contains the document, too.</summary>
internal static class ServiceHealth
{
    /// <summary>The wait of one check for a part that is starting. Aspire checks an unhealthy part only every 1, 2, 3 … 5 s.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(4);

    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(3) };

    /// <summary>Checks a service. An Executor that answers but cannot start games is degraded.</summary>
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
    /// Returns an Executor's report about its sandboxes, e.g. <c>{"kind":"docker","ready":true}</c>; null if it does not answer.
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

    /// <summary>Tells whether the Api has no admin yet; false if it does not answer.</summary>
    public static async Task<bool> NeedsSetUpAsync(Uri api, CancellationToken cancellationToken)
    {
        try
        {
            JsonElement options = await Client.GetFromJsonAsync<JsonElement>(new Uri(api, "/api/account/options"), cancellationToken);
            return options.GetProperty("setUp").GetBoolean();
        }
        catch (Exception error) when (error is HttpRequestException or JsonException or TaskCanceledException
            && !cancellationToken.IsCancellationRequested)
        {
            return false;
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
