using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Npgsql;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

public sealed class DatabaseAwayTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task While_the_database_is_away_people_are_told_to_wait_and_then_it_goes_on()
    {
        await using DatabaseRelay relay = new(await postgres.CreateDatabaseAsync());
        await using RunningApi api = await RunningApi.StartAsync(relay.ConnectionString, null);
        using Visitor visitor = await Visitor.ArriveAsync(api.Address);
        Guid project = await visitor.FirstProjectAsync();

        relay.Cut();
        using HttpResponseMessage save = await visitor.SaveAsync(project, "main.py", "while away");
        await Visitor.ProblemOf(save, HttpStatusCode.ServiceUnavailable, "database_away");
        Assert.NotNull(save.Headers.RetryAfter);
        await Eventually.TrueAsync(async () => (await HealthAsync(visitor)).Status == HttpStatusCode.ServiceUnavailable, "health says so");
        JsonNode health = (await HealthAsync(visitor)).Body;
        Assert.Equal("unhealthy", health["status"]!.GetValue<string>());
        Assert.Equal("unhealthy", health["dependencies"]!["database"]!.GetValue<string>());
        using HttpResponseMessage alive = await visitor.Http.GetAsync("/alive");
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        using HttpResponseMessage ready = await visitor.Http.GetAsync("/health");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);

        relay.Mend();
        await Eventually.TrueAsync(async () => (await HealthAsync(visitor)).Status == HttpStatusCode.OK, "health recovers");
        await Eventually.TrueAsync(
            async () => (await visitor.SaveAsync(project, "main.py", "again")).IsSuccessStatusCode, "saving works again");
    }

    [Fact]
    public async Task Health_answers_while_the_database_hangs()
    {
        await using DatabaseRelay relay = new(await postgres.CreateDatabaseAsync());
        await using RunningApi api = await RunningApi.StartAsync(relay.ConnectionString, null);
        using Visitor visitor = await Visitor.ArriveAsync(api.Address);

        relay.Freeze();
        await Eventually.TrueAsync(async () => (await HealthAsync(visitor)).Status == HttpStatusCode.ServiceUnavailable, "health says so");
        relay.Mend();
        await Eventually.TrueAsync(async () => (await HealthAsync(visitor)).Status == HttpStatusCode.OK, "health recovers");
    }

    [Fact]
    public async Task Who_asks_while_the_database_stands_still_is_told_to_wait_and_does_not_wait_for_ever()
    {
        await using DatabaseRelay relay = new(new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync())
        {
            Timeout = 1,
            CommandTimeout = 1,
            CancellationTimeout = 1000,
        }.ConnectionString);
        await using RunningApi api = await RunningApi.StartAsync(relay.ConnectionString, null);
        using Visitor visitor = await Visitor.ArriveAsync(api.Address);
        Guid project = await visitor.FirstProjectAsync();

        relay.Freeze();
        // The first statements time out on open connections, the next ones on new connections.
        for (int count = 0; count < 3; count++)
        {
            using HttpResponseMessage save = await visitor.SaveAsync(project, "main.py", "while it stands still");
            await Visitor.ProblemOf(save, HttpStatusCode.ServiceUnavailable, "database_away");
            using HttpResponseMessage stop = await visitor.Http.PostAsync($"/api/sessions/{Guid.NewGuid()}/stop", null);
            await Visitor.ProblemOf(stop, HttpStatusCode.ServiceUnavailable, "database_away");
        }

        relay.Mend();
        await Eventually.TrueAsync(
            async () => (await visitor.SaveAsync(project, "main.py", "again")).IsSuccessStatusCode, "saving works again");
    }

    [Fact]
    public async Task The_server_starts_before_its_database_and_is_ready_when_that_comes()
    {
        await using DatabaseRelay relay = new(await postgres.CreateDatabaseAsync());
        relay.Cut();
        await using RunningApi api = await RunningApi.StartAsync(relay.ConnectionString, null);
        using Visitor visitor = Visitor.Stranger(api.Address);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await HealthAsync(visitor)).Status);
        using HttpResponseMessage me = await visitor.Http.PostAsync("/api/guests", null);
        await Visitor.ProblemOf(me, HttpStatusCode.ServiceUnavailable, "database_away");

        relay.Mend();
        await api.WaitUntilHealthyAsync();
        using HttpResponseMessage arrived = await visitor.Http.PostAsync("/api/guests", null);
        Assert.True((await Visitor.JsonOf(arrived, HttpStatusCode.Created))["guest"]!.GetValue<bool>());
    }

    [Fact]
    public async Task No_acknowledged_save_is_lost_when_connections_break_under_load()
    {
        await using DatabaseRelay relay = new(await postgres.CreateDatabaseAsync());
        await using RunningApi api = await RunningApi.StartAsync(relay.ConnectionString, null);
        using Visitor visitor = await Visitor.ArriveAsync(api.Address);
        Guid project = await visitor.FirstProjectAsync();
        ConcurrentDictionary<int, int> acknowledged = new();
        int saves = 0, refusals = 0;
        using CancellationTokenSource end = new();

        Task[] writers = [.. Enumerable.Range(0, 6).Select(async writer =>
        {
            for (int number = 1; !end.IsCancellationRequested; number++)
            {
                using HttpResponseMessage response = await visitor.SaveAsync(project, $"file{writer}.txt", $"{number}");
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    acknowledged[writer] = number;
                    Interlocked.Increment(ref saves);
                }
                else
                {
                    await Visitor.ProblemOf(response, HttpStatusCode.ServiceUnavailable, "database_away");
                    Interlocked.Increment(ref refusals);
                    await Task.Delay(10);
                }
            }
        })];
        for (int round = 1; round <= 3; round++)
        {
            int before = Volatile.Read(ref saves);
            await Eventually.TrueAsync(() => Volatile.Read(ref saves) >= before + 20, "saving goes on");
            int refusedBefore = Volatile.Read(ref refusals);
            relay.Cut();
            await Eventually.TrueAsync(() => Volatile.Read(ref refusals) > refusedBefore, "the cut is noticed");
            relay.Mend();
        }

        int last = Volatile.Read(ref saves);
        await Eventually.TrueAsync(() => Volatile.Read(ref saves) >= last + 20, "saving goes on after the last cut");
        await end.CancelAsync();
        await Task.WhenAll(writers);
        foreach ((int writer, int number) in acknowledged)
        {
            // A save without an acknowledgement may be stored too. The server never has less than it acknowledged.
            int saved = int.Parse(await visitor.Http.GetStringAsync(Visitor.FileUrl(project, $"file{writer}.txt")), provider: null);
            Assert.True(saved >= number, $"writer {writer}: {number} was acknowledged, {saved} is there");
        }
    }

    private static async Task<(HttpStatusCode Status, JsonNode Body)> HealthAsync(Visitor visitor)
    {
        using HttpResponseMessage response = await visitor.Http.GetAsync("/api/health");
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }
}
