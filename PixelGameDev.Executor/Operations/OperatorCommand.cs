using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PixelGameDev.Executor.Configuration;
using PixelGameDev.ServiceDefaults;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Executor.Operations;

/// <summary>
/// Implements <c>prewarm N</c>, <c>drain</c> and <c>resume</c>: the Executor's program sends them to the running Executor, as
/// <c>--health</c> does. So a container needs neither a shell nor curl. Everybody who may run this program with the Executor's secret is an
/// operator.
/// </summary>
internal static class OperatorCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>How long <c>prewarm</c> waits for the sandboxes. Thirty sandboxes take about half a minute.</summary>
    private static readonly TimeSpan WarmLimit = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public static bool Matches(string[] args) => args is ["prewarm" or "drain" or "resume", ..];

    /// <returns>0: done; 1: refused or not reachable; 2: invalid arguments.</returns>
    public static async Task<int> RunAsync(string[] args, int defaultPort)
    {
        int count = 0;
        bool right = args switch
        {
            ["prewarm", string number] => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out count)
                && count is >= 1 and <= PrewarmRequest.MaxCount,
            ["drain"] or ["resume"] => true,
            _ => false,
        };
        if (!right)
        {
            await Console.Error.WriteLineAsync(
                $"prewarm N: N sandboxes (1 to {PrewarmRequest.MaxCount}) wait for the next games. drain: no new game is taken, those " +
                    $"that play go on. resume: games are taken again.");
            return 2;
        }

        using HttpClient http = new() { Timeout = Limit, BaseAddress = HealthProbe.Address(defaultPort, "/") };
        try
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token());
            ExecutorLoad load = await AskAsync(http, HttpMethod.Post, args[0], args[0] == "prewarm"
                ? JsonContent.Create(new PrewarmRequest(count)) : null);
            Console.WriteLine(args[0] switch
            {
                "drain" when load.Active == 0 => "No new game is taken, and none plays.",
                "drain" => $"No new game is taken; {Number(load.Active, "game still plays", "games still play")}.",
                "resume" => "Games are taken again.",
                _ => await WarmAsync(http, load, count),
            });
            return 0;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException or SettingsException)
        {
            await Console.Error.WriteLineAsync($"The Executor at {http.BaseAddress} did not do it: {error.Message}");
            return 1;
        }
    }

    private static async Task<string> WarmAsync(HttpClient http, ExecutorLoad load, int count)
    {
        using CancellationTokenSource limit = new(WarmLimit);
        int told = -1;
        while (load.Ready < Math.Min(count, load.Wanted) && !limit.IsCancellationRequested)
        {
            if (load.Ready != told)
            {
                told = load.Ready;
                await Console.Error.WriteLineAsync($"{load.Ready} of {Math.Min(count, load.Wanted)} wait.");
            }

            await Task.Delay(Pause);
            load = await AskAsync(http, HttpMethod.Get, "", null);
        }

        string waiting = Number(load.Ready, "sandbox waits", "sandboxes wait");
        return load.Ready >= count ? $"{waiting}."
            : load.Draining ? $"{waiting}: the Executor takes no games now (resume ends that)."
            : $"{waiting}, not {count}: free places, memory or time did not allow more.";
    }

    private static async Task<ExecutorLoad> AskAsync(HttpClient http, HttpMethod method, string path, HttpContent? content)
    {
        using HttpRequestMessage request = new(method, $"operations/{path}".TrimEnd('/')) { Content = content };
        using HttpResponseMessage answer = await http.SendAsync(request);
        if (!answer.IsSuccessStatusCode)
        {
            JsonNode? problem = answer.Content.Headers.ContentType?.MediaType == "application/problem+json"
                ? JsonNode.Parse(await answer.Content.ReadAsStringAsync()) : null;
            throw new HttpRequestException((string?)problem?["detail"] ?? $"it answered {(int)answer.StatusCode}.");
        }

        return (await answer.Content.ReadFromJsonAsync<ExecutorLoad>())!;
    }

    private static string Token()
    {
        HostApplicationBuilder builder =
            Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = ConfigurationFiles.ReadOnce() });
        ExecutorOptions options = ExecutorSettings.Read(builder.Configuration, builder.Environment);
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = ServiceToken.Issuer,
            Audience = ServiceToken.Audience,
            Expires = DateTime.UtcNow.AddSeconds(ServiceToken.LifetimeSeconds),
            SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(options.ServiceKey), SecurityAlgorithms.HmacSha256),
        });
    }

    private static string Number(int count, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");
}
