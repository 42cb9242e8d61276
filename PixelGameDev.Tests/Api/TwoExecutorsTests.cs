using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests several Executors: their free places and the id of a session decide which one runs it.</summary>
public sealed class TwoExecutorsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Sessions_spread_and_every_later_call_goes_to_the_executor_that_has_them()
    {
        await using FakeExecutor first = await FakeExecutor.StartAsync();
        await using FakeExecutor second = await FakeExecutor.StartAsync();
        await using RunningApi api = await RunningApi.StartAsync(
            postgres.ConnectionString, first.Address, $"--services:executor-2:http:0={second.Address}");
        await api.WaitUntilHealthyAsync();
        using Visitor visitor = await Visitor.ArriveAsync(api.Address);
        Guid project = await visitor.FirstProjectAsync();

        // 40 fair coins all fall the same way once in half a billion tries.
        HashSet<Guid> started = [];
        for (int i = 0; i < 40; i++)
        {
            using HttpResponseMessage answer = await visitor.Http.PostAsJsonAsync("/api/sessions", new { projectId = project });
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
            Guid id = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["id"]!.GetValue<Guid>();
            started.Add(id);
            (await visitor.Http.PostAsync($"/api/sessions/{id}/stop", null)).Dispose();
        }

        Assert.NotEmpty(first.Started);
        Assert.NotEmpty(second.Started);
        Assert.Equal(started.Order(), first.Started.Keys.Concat(second.Started.Keys).Order());
        Assert.All(first.Stopped, id => Assert.Contains(id, first.Started.Keys));
        Assert.All(second.Stopped, id => Assert.Contains(id, second.Started.Keys));
        Assert.Equal(started.Order(), first.Stopped.Concat(second.Stopped).Distinct().Order());
    }

    [Fact]
    public async Task An_executor_that_tells_no_free_place_is_not_even_asked()
    {
        await using FakeExecutor full = await FakeExecutor.StartAsync();
        await using FakeExecutor free = await FakeExecutor.StartAsync();
        (full.FreePlaces, free.FreePlaces) = (0, 30);
        int asked = 0;
        full.OnStart = _ => Task.FromResult(Interlocked.Increment(ref asked));
        await using RunningApi api = await RunningApi.StartAsync(
            await postgres.CreateDatabaseAsync(), full.Address, $"--services:executor-2:http:0={free.Address}");
        await api.WaitUntilHealthyAsync();
        using Visitor visitor = await Visitor.ArriveAsync(api.Address);
        Guid project = await visitor.FirstProjectAsync();
        for (int i = 0; i < 20; i++)
        {
            using HttpResponseMessage answer = await visitor.Http.PostAsJsonAsync("/api/sessions", new { projectId = project });
            Guid id = (await Visitor.JsonOf(answer, HttpStatusCode.Created))["id"]!.GetValue<Guid>();
            (await visitor.Http.PostAsync($"/api/sessions/{id}/stop", null)).Dispose();
        }

        Assert.Equal((20, 0), (free.Started.Count, asked));
    }

    [Theory]
    [InlineData("draining")]
    [InlineData("shutting_down")]
    [InlineData("all_slots_taken")]
    public async Task An_executor_without_a_place_leaves_the_session_to_the_other(string code)
    {
        await using FakeExecutor full = await FakeExecutor.StartAsync();
        await using FakeExecutor free = await FakeExecutor.StartAsync();
        full.OnStart = context => Results.Problem(
            "no place", statusCode: 503, title: "No place.", extensions: new Dictionary<string, object?> { ["code"] = code })
                .ExecuteAsync(context);
        await using RunningApi api = await RunningApi.StartAsync(
            await postgres.CreateDatabaseAsync(), full.Address, $"--services:executor-2:http:0={free.Address}");
        await api.WaitUntilHealthyAsync();
        using Visitor visitor = await Visitor.ArriveAsync(api.Address);
        Guid project = await visitor.FirstProjectAsync();
        for (int i = 0; i < 10; i++)
        {
            using HttpResponseMessage answer = await visitor.Http.PostAsJsonAsync("/api/sessions", new { projectId = project });
            Guid id = (await Visitor.JsonOf(answer, HttpStatusCode.Created))["id"]!.GetValue<Guid>();
            (await visitor.Http.PostAsync($"/api/sessions/{id}/stop", null)).Dispose();
            Assert.Contains(id, free.Stopped);
        }

        Assert.Equal(10, free.Started.Count);
        free.OnStart = full.OnStart;
        using HttpResponseMessage refused = await visitor.Http.PostAsJsonAsync("/api/sessions", new { projectId = project });
        await Visitor.ProblemOf(refused, HttpStatusCode.ServiceUnavailable, code);
    }

    [Fact]
    public async Task The_trace_that_begins_with_the_click_goes_on_in_the_executor()
    {
        const string trace = "0af7651916cd43dd8448eb211c80319c";
        await using FakeExecutor executor = await FakeExecutor.StartAsync();
        string? seen = null;
        executor.OnStart = context =>
        {
            seen = context.Request.Headers.TraceParent;
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        await using RunningApi api = await RunningApi.StartAsync(await postgres.CreateDatabaseAsync(), executor.Address);
        await api.WaitUntilHealthyAsync();
        using Visitor visitor = await Visitor.ArriveAsync(api.Address);
        // A page sends a header of its own. The usual handler would replace it with the trace of this process.
        using HttpClient page =
            new(new SocketsHttpHandler { CookieContainer = visitor.Cookies, UseProxy = false, ActivityHeadersPropagator = null })
            {
                BaseAddress = api.Address,
            };
        using HttpRequestMessage click = new(HttpMethod.Post, "/api/sessions")
        {
            Content = JsonContent.Create(new { projectId = await visitor.FirstProjectAsync() }),
            Headers = { { "traceparent", $"00-{trace}-b7ad6b7169203331-01" } },
        };
        (await page.SendAsync(click)).Dispose();
        Assert.NotNull(seen);
        Assert.StartsWith($"00-{trace}-", seen, StringComparison.Ordinal);
        Assert.EndsWith("-01", seen, StringComparison.Ordinal);
    }
}
