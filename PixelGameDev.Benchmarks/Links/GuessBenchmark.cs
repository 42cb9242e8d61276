using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using PixelGameDev.Benchmarks.People;
using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Links;

/// <summary>
/// Guesses codes of links, beside codes that were revoked. None may be found, and the time of the answer may not tell one kind from the
/// other.
/// </summary>
/// <remarks>
/// One request follows the other on one connection, the kinds in random order. The difference of the medians is computed for each of
/// <see cref="Blocks"/> parts of the run, so its error is known.
/// </remarks>
internal static class GuessBenchmark
{
    private const int Blocks = 20;

    /// <summary>The letters of a code; see ReadableCode of the Api.</summary>
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";

    private const int CodeLength = 12;

    /// <exception cref="InvalidOperationException">A guess was answered with something else than "not found".</exception>
    public static async Task<IReadOnlyList<GuessRow>> RunAsync(Options options)
    {
        int guesses = options.Int("guesses", 100_000);
        await using RunningSystem system = await RunningSystem.StartAsync(options["address"]);
        using GuestClient owner = new(system.Address);
        string[] revoked = await MakeAndRevokeAsync(owner);
        using HttpClient client = new() { BaseAddress = system.Address };
        List<GuessRow> rows = [];
        foreach (string address in new[] { "/api/play/", "/play/" })
        {
            rows.Add(await GuessAsync(client, address, revoked, guesses));
            Console.WriteLine(rows[^1]);
        }

        return rows;
    }

    private static async Task<string[]> MakeAndRevokeAsync(GuestClient owner)
    {
        await owner.ArriveAsync();
        string links = $"/api/projects/{owner.Project}/links";
        List<string> codes = [];
        for (int i = 0; i < 20; i++)
        {
            using HttpResponseMessage made = await owner.Http.PostAsJsonAsync(links, new { });
            JsonNode link = (await made.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonNode>())!;
            codes.Add(link["code"]!.GetValue<string>());
            using HttpResponseMessage gone = await owner.Http.DeleteAsync($"{links}/{link["id"]}");
            gone.EnsureSuccessStatusCode();
        }

        return [.. codes];
    }

    private static async Task<GuessRow> GuessAsync(HttpClient client, string address, string[] revoked, int guesses)
    {
        List<double> differences = [];
        List<double> never = [];
        List<double> before = [];
        for (int block = 0; block <= Blocks; block++)
        {
            List<double> neverHere = [];
            List<double> revokedHere = [];
            for (int i = 0; i < guesses / Blocks; i++)
            {
                bool isRevoked = Random.Shared.Next(2) == 0;
                // Both are made, so that nothing differs before the request.
                string[] codes = [RandomNumberGenerator.GetString(Letters, CodeLength), revoked[Random.Shared.Next(revoked.Length)]];
                string code = codes[isRevoked ? 1 : 0];
                long began = Stopwatch.GetTimestamp();
                using HttpResponseMessage answer = await client.GetAsync(address + code);
                (isRevoked ? revokedHere : neverHere).Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds);
                if (answer.StatusCode != HttpStatusCode.NotFound)
                {
                    throw new InvalidOperationException($"{address}{code} was answered with {(int)answer.StatusCode}.");
                }
            }

            // The first block warms everything up.
            if (block > 0)
            {
                differences.Add(Distribution.Of(revokedHere).P50 - Distribution.Of(neverHere).P50);
                never.AddRange(neverHere);
                before.AddRange(revokedHere);
            }
        }

        double mean = differences.Average();
        double error = Math.Sqrt(differences.Sum(one => (one - mean) * (one - mean)) / (Blocks - 1) / Blocks);
        return new GuessRow(address, never.Count + before.Count, Distribution.Of(never), Distribution.Of(before), mean, error);
    }
}

/// <summary>How long guesses take at one address.</summary>
/// <param name="Address">The address before the code.</param>
/// <param name="Guesses">The number of requests; all were answered with "not found".</param>
/// <param name="Never">Codes that never were, µs.</param>
/// <param name="Revoked">Codes of revoked links, µs.</param>
/// <param name="Difference">The mean difference of the medians, revoked − never, µs.</param>
/// <param name="Error">Its standard error, µs.</param>
internal sealed record GuessRow(string Address, int Guesses, Distribution Never, Distribution Revoked, double Difference, double Error)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Address,-10} {Guesses} guesses, none found; never made p50 {Never.P50:0} µs (p95 {Never.P95:0}), revoked {Revoked.P50:0} µs " +
            $"(p95 {Revoked.P95:0}); difference {Difference:+0.0;-0.0} ± {Error:0.0} µs");
}
