using System.Globalization;

namespace PixelGameDev.ServiceDefaults;

/// <summary>
/// <c>--health</c>: the service's program asks its running twin whether it is ready and ends with 0 or 1. A container's health check
/// thus needs no shell and no curl.
/// </summary>
public static class HealthProbe
{
    /// <summary>The argument.</summary>
    public const string Argument = "--health";

    /// <summary>Longer than any check takes, shorter than a container's health check waits.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(4);

    /// <summary>Is this process the question, not the service?</summary>
    public static bool IsAsked(string[] arguments) => arguments is [Argument];

    /// <summary>
    /// Asks <c>/health</c> on loopback, at the port the service was told: the first of <c>ASPNETCORE_URLS</c>, <c>HTTP_PORTS</c> or
    /// <c>ASPNETCORE_HTTP_PORTS</c>.
    /// </summary>
    /// <returns>0 when ready, else 1 with the reason on standard error, where the container runtime keeps it.</returns>
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

    /// <summary>The address of the running twin on loopback.</summary>
    /// <param name="defaultPort">Where nothing names another.</param>
    /// <param name="path">Begins with a slash.</param>
    public static Uri Address(int defaultPort, string path)
    {
        string first = (Environment.GetEnvironmentVariable("ASPNETCORE_URLS") ?? Environment.GetEnvironmentVariable("URLS") ?? "")
            .Split(';')[0];
        // http://+:5000 and http://*:5000 are not addresses to .NET's Uri.
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
