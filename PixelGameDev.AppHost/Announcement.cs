using System.Text.Json;

namespace PixelGameDev.AppHost;

/// <summary>What a person wants to know when everything is up: the address, and what her games run in.</summary>
internal static class Announcement
{
    public static async Task ShowAsync(ProcessHost host, HostLog log, CancellationToken cancellationToken)
    {
        string address = $"http://localhost:{host.Api.Address.Port}";
        log.Line("host", "");
        log.Line("host", $"PixelGameDev is ready: {address}");
        log.Line("host", await SandboxAsync(host, cancellationToken));
        log.Line("host", "Ctrl-C stops everything.");
        log.Line("host", "");
    }

    private static async Task<string> SandboxAsync(ProcessHost host, CancellationToken cancellationToken)
    {
        // {"checks":{"docker_available":true,"docker_daemon":true,"game_executor_image":true,"force_docker_mode":false}, …}
        using HttpClient client = new() { Timeout = TimeSpan.FromSeconds(5) };
        using JsonDocument health = JsonDocument.Parse(
            await client.GetStringAsync(new Uri(host.Executor.Address, "/api/health"), cancellationToken));
        bool docker = health.RootElement.TryGetProperty("checks", out JsonElement checks)
            && checks.TryGetProperty("docker_daemon", out JsonElement daemon) && daemon.ValueKind == JsonValueKind.True
            && checks.TryGetProperty("game_executor_image", out JsonElement image) && image.ValueKind == JsonValueKind.True;
        return docker
            ? "Games run in locked-down Docker containers."
            : "Games run WITHOUT Docker, in the development sandbox: fine for your own games, not for strangers'.";
    }
}
