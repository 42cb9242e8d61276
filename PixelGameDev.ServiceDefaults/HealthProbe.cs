using System.Globalization;

namespace PixelGameDev.ServiceDefaults;

/// <summary>
/// Implements <c>--health</c>: the service's program asks its running instance whether it is ready and exits with 0 or 1. So the health
/// check of a container needs no shell and no curl.
/// </summary>
public static class HealthProbe
{
    /// <summary>The argument.</summary>
    public const string Argument = "--health";

    /// <summary>Longer than any check and shorter than the timeout of a container's health check.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(4);

    /// <summary>Returns true when this process is a health probe and not the service.</summary>
    public static bool IsAsked(string[] arguments) => arguments is [Argument];

    /// <summary>
    /// Requests <c>/health</c> on loopback, at the port of the service: the first of <c>ASPNETCORE_URLS</c>, <c>HTTP_PORTS</c> or
    /// <c>ASPNETCORE_HTTP_PORTS</c>.
    /// </summary>
    /// <returns>0: ready; 1: not ready, with the reason on standard error, which the container runtime stores.</returns>
    public static async Task<int> RunAsync(int defaultPort)
    {
        try
        {
            using HttpClient client = new() { Timeout = Timeout };
            using HttpResponseMessage answer = await client.GetAsync(Address(defaultPort, "/health"));
            if (answer.IsSuccessStatusCode)
            {
                return 0;
            }

            await Console.Error.WriteLineAsync($"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync(error.Message);
        }

        return 1;
    }

    /// <summary>Returns the loopback address of the running instance.</summary>
    /// <param name="defaultPort">The port if no variable sets one.</param>
    /// <param name="path">The path, which begins with a slash.</param>
    public static Uri Address(int defaultPort, string path)
    {
        string first = (Environment.GetEnvironmentVariable("ASPNETCORE_URLS") ?? Environment.GetEnvironmentVariable("URLS") ?? "")
            .Split(';')[0];
        // .NET's Uri does not accept http://+:5000 and http://*:5000.
        if (Uri.TryCreate(first.Replace("//+", "//any", StringComparison.Ordinal).Replace("//*", "//any", StringComparison.Ordinal),
            UriKind.Absolute, out Uri? url))
        {
            return new UriBuilder(Uri.UriSchemeHttp, "127.0.0.1", url.Port, path).Uri;
        }

        string? ports = Environment.GetEnvironmentVariable("HTTP_PORTS") ?? Environment.GetEnvironmentVariable("ASPNETCORE_HTTP_PORTS");
        int port = int.TryParse(ports?.Split(';')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : defaultPort;
        return new UriBuilder(Uri.UriSchemeHttp, "127.0.0.1", port, path).Uri;
    }
}
