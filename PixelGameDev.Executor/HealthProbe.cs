using System.Globalization;

namespace PixelGameDev.Executor;

/// <summary><c>--health</c>: asks the Executor of this container, for a probe without shell or curl. Exit code 0: healthy.</summary>
internal static class HealthProbe
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync()
    {
        string urls = Environment.GetEnvironmentVariable("ASPNETCORE_URLS") ?? Environment.GetEnvironmentVariable("URLS") ?? "";
        string? ports = Environment.GetEnvironmentVariable("ASPNETCORE_HTTP_PORTS") ?? Environment.GetEnvironmentVariable("HTTP_PORTS");
        string first = urls.Split(';')[0];
        int port = Uri.TryCreate(first.Replace("//+", "//localhost", StringComparison.Ordinal).Replace("//*", "//localhost", StringComparison.Ordinal), UriKind.Absolute, out Uri? url)
            ? url.Port
            : int.TryParse(ports?.Split(';')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int named) ? named : 5001;
        using HttpClient client = new() { Timeout = AnswerTime };
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/api/health"));
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
    }
}
