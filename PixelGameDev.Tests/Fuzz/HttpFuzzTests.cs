using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Fuzz;

/// <summary>Sends 10,000 malformed requests to the real Api and Executor, the same ones in every run.</summary>
[Collection(SystemCollection.Name)]
public sealed class HttpFuzzTests(SystemFixture fixture)
{
    private const int Seed = 20260131;
    private const int Parallel = 6;

    /// <summary>
    /// The memory growth that is allowed, in bytes: buffers grow to the size of the traffic. A leak of 10 kB a request would be 50 MB or
    /// more.
    /// </summary>
    private const long MostGrowth = 40L << 20;

    private static readonly FuzzRoute[] ApiRoutes =
    [
        new("GET", "/api/me"),
        new("POST", "/api/guests"),
        new("GET", "/api/trash"),
        new("GET", "/api/projects/{id}/trash"),
        new("POST", "/api/projects/{id}/restore"),
        new("POST", "/api/projects/{id}/trash/00000000-0000-0000-0000-000000000000/restore", """{"path":"a.py","replace":true}"""),
        new("GET", "/api/info"),
        new("GET", "/api/health"),
        new("GET", "/api/templates"),
        new("GET", "/api/projects"),
        new("POST", "/api/projects", """{"name":"Fuzz","template":"starter"}"""),
        new("GET", "/api/projects/{id}"),
        new("PATCH", "/api/projects/{id}", """{"name":"Fuzz","entry":"main.py"}"""),
        new("DELETE", "/api/projects/{id}"),
        new("POST", "/api/projects/{id}/duplicate", """{"name":"Fuzz"}"""),
        new("GET", "/api/projects/{id}/zip"),
        new("GET", "/api/projects/{id}/zip/pygbag"),
        new("POST", "/api/projects/import?name=Fuzz", "PK\u0003\u0004"),
        new("GET", "/api/projects/{id}/history?before=3"),
        new("GET", "/api/projects/{id}/history/1"),
        new("GET", "/api/projects/{id}/history/1/files/{path}"),
        new("POST", "/api/projects/{id}/history/1/restore", """{"path":"main.py"}"""),
        new("GET", "/api/projects/{id}/files/{path}"),
        new("PUT", "/api/projects/{id}/files/{path}", "print('hello')"),
        new("POST", "/api/projects/{id}/files/{path}", "{}"),
        new("DELETE", "/api/projects/{id}/files/{path}"),
        new("GET", "/api/sessions"),
        new("POST", "/api/sessions", """{"projectId":"00000000-0000-0000-0000-000000000001","id":"7f1e6c3a-52d4-4b8e-9a0f-3c2d1b4a5e6f"}"""),
        new("GET", "/api/sessions/{id}"),
        new("POST", "/api/sessions/{id}/stop", "{}"),
        new("GET", "/api/sessions/{id}/stream"),
        new("GET", "/openapi/v1.json"),
        new("GET", "/"),
        new("GET", "/assets/{path}"),
        new("GET", "/health"),
    ];

    private static readonly FuzzRoute[] ExecutorRoutes =
    [
        new("GET", "/sessions"),
        new("POST", "/sessions", """{"sessionId":"00000000-0000-0000-0000-000000000001","owner":"o","entry":"main.py","files":[{"path":"main.py","content":"AAAA"}]}"""),
        new("GET", "/sessions/{id}"),
        new("POST", "/sessions/{id}/stop", "{}"),
        new("GET", "/sessions/{id}/stream"),
        new("GET", "/api/health"),
        new("GET", "/alive"),
    ];

    [Fact]
    public async Task Six_thousand_malformed_requests_do_the_Api_no_harm()
    {
        TestSystem system = await fixture.GetAsync();
        using HttpClient visitor = system.NewVisitor();
        using HttpResponseMessage arrival = await visitor.PostAsync("/api/guests", null);
        string cookie = arrival.Headers.GetValues("Set-Cookie").First().Split(';')[0];
        JsonArray projects = (await visitor.GetFromJsonAsync<JsonArray>("/api/projects"))!;
        string project = projects[0]!["id"]!.GetValue<string>();

        HttpFuzzer fuzzer = new(Seed, system.Address.Authority, ApiRoutes, [project, project, Guid.Empty.ToString(), "x"], () =>
            ["Cookie: " + cookie]);
        await FuzzAsync(fuzzer, new FuzzTarget(system.Address, () => system.Host.Api.ProcessId), 6000, system);
        // The server serves the same person as before.
        using HttpResponseMessage after = await visitor.GetAsync("/api/projects");
        Assert.True(after.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Four_thousand_malformed_requests_do_the_Executor_no_harm()
    {
        TestSystem system = await fixture.GetAsync();
        HttpFuzzer fuzzer = new(
            Seed + 1, system.ExecutorAddress.Authority, ExecutorRoutes,
            ["00000000-0000-0000-0000-000000000001", Guid.Empty.ToString(), "x"], Credentials);
        await FuzzAsync(fuzzer, new FuzzTarget(system.ExecutorAddress, () => system.Host.Executor.ProcessId), 4000, system);

        IReadOnlyList<string> Credentials()
        {
            string good = "Authorization: Bearer " + FuzzTokens.Service(system.Host.Secret("EXECUTOR_SECRET_KEY"));
            return [good, good, good, good[..^2] + "AA", "Authorization: Bearer " + new string('A', 3000)];
        }
    }

    private static async Task FuzzAsync(HttpFuzzer fuzzer, FuzzTarget target, int count, TestSystem system)
    {
        int? process = target.Process;
        // The first requests load and compile code. That is no leak.
        await SendAsync(fuzzer, target, -1000, 0, new ConcurrentDictionary<int, int>());
        long before = target.Memory;

        ConcurrentDictionary<int, int> statuses = [];
        await SendAsync(fuzzer, target, 0, count, statuses);

        Assert.Equal(process, target.Process);
        Assert.True(statuses.Count >= 4
            && statuses.Values.Sum() > count / 2, "Most requests were not even answered: " + string.Join(", ", statuses));
        Assert.DoesNotContain("Unhandled exception", system.Log, StringComparison.Ordinal);

        // A service that does nothing collects no garbage, so it goes on serving until it has collected.
        int sent = count;
        await Eventually.TrueAsync(
            async () =>
            {
                if (target.Memory - before < MostGrowth)
                {
                    return true;
                }

                await SendAsync(fuzzer, target, sent, sent += 100, statuses);
                return false;
            },
            $"memory is back near {before >> 20} MiB ({target.Memory >> 20} after {count} requests)");
    }

    private static async Task SendAsync(HttpFuzzer fuzzer, FuzzTarget target, int from, int to, ConcurrentDictionary<int, int> statuses)
    {
        ConcurrentQueue<string> wrong = [];
        await System.Threading.Tasks.Parallel.ForAsync(from, to, new ParallelOptions { MaxDegreeOfParallelism = Parallel },
            async (number, _) =>
        {
            FuzzRequest request = fuzzer.Next(number);
            int? status = await target.SendAsync(request);
            // 501 and 505 say that the server does not support such HTTP. 503 says that there is no room or no sandbox now.
            if (status is >= 500 and not (501 or 503 or 505) || (status is null && request.WholeFraming))
            {
                wrong.Enqueue(
                    $"Request {number} was answered with " +
                    $"{status?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "nothing"}:\n" +
                    $"{System.Text.Encoding.Latin1.GetString(request.Bytes[..Math.Min(600, request.Bytes.Length)])}");
            }

            if (status is { } known)
            {
                statuses.AddOrUpdate(known, 1, static (_, old) => old + 1);
            }
        });
        Assert.True(wrong.IsEmpty, $"{wrong.Count} requests:\n" + string.Join("\n\n", wrong.Take(8)));
    }
}
