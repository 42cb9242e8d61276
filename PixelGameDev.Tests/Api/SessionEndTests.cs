using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PixelGameDev.Api.Sessions.Records;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests that the end of a session is recorded, whichever way the Api learns it.</summary>
public sealed class SessionEndTests(ApiFixture fixture) : SessionTestBase(fixture)
{
    [Fact]
    public async Task How_a_session_ended_goes_on_record_by_itself_and_stays()
    {
        using Visitor visitor = await Fixture.NewVisitorAsync();
        Guid id = (await RunAsync(visitor, await visitor.FirstProjectAsync()))["id"]!.GetValue<Guid>();
        DateTimeOffset end = DateTimeOffset.UtcNow;
        // A game can print anything, also a NUL and half a surrogate pair, which the database cannot store.
        Fixture.Executor.Sessions[id] = Fixture.Executor.Sessions[id] with
        {
            State = "ended",
            EndedAt = end,
            EndReason = "crashed",
            EndMessage = "Your game stopped at line 3.",
            EndDetail = "exit code 1",
            Viewers = 2,
            Frames = 1234,
            Bytes = 99_999,
            ConsoleTail = "hello\0 \uD83D",
        };

        await Eventually.TrueAsync(async () => await EndReasonAsync(id) == "crashed", "the end is on record");
        Fixture.Executor.Sessions.TryRemove(id, out _);
        JsonNode record = await visitor.GetAsync($"/api/sessions/{id}");
        Assert.Equal("ended", record["state"]!.GetValue<string>());
        Assert.Equal("Your game stopped at line 3.", record["endMessage"]!.GetValue<string>());
        Assert.Equal(1234, record["frames"]!.GetValue<long>());
        Assert.Equal(2, record["peakViewers"]!.GetValue<int>());
        Assert.Equal("hello\uFFFD \uFFFD", record["consoleTail"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_session_the_executor_took_and_forgot_is_lost_at_once_but_not_one_that_may_be_starting()
    {
        using Visitor visitor = await Fixture.NewVisitorAsync();
        Guid project = await visitor.FirstProjectAsync();
        Guid account = Guid.Parse((await visitor.GetAsync("/api/me"))["id"]!.GetValue<string>());
        SessionStore store = Fixture.Api.Services.GetRequiredService<SessionStore>();
        Guid forgotten = (await RunAsync(visitor, project))["id"]!.GetValue<Guid>();
        Guid starting = Guid.CreateVersion7(), never = Guid.CreateVersion7();
        await store.BeginAsync(starting, account, project, "executor", CancellationToken.None);
        await store.BeginAsync(never, account, project, "executor", CancellationToken.None);
        await using (NpgsqlDataSource database = NpgsqlDataSource.Create(Fixture.ConnectionString))
        await using (NpgsqlCommand age =
            database.CreateCommand("update sessions set created_at = now() - interval '10 minutes' where id = $1"))
        {
            age.Parameters.Add(new() { Value = never });
            await age.ExecuteNonQueryAsync();
        }

        Fixture.Executor.Sessions.TryRemove(forgotten, out _);
        await Fixture.Api.Services.GetRequiredService<SessionWatcher>().PollAsync(CancellationToken.None);

        Assert.Equal("sandbox_lost", await EndReasonAsync(forgotten));
        Assert.Equal("sandbox_lost", await EndReasonAsync(never));
        Assert.Null(await EndReasonAsync(starting));
        await store.EndAsync([starting], "finished", "Over.", "the test is over", CancellationToken.None);
    }

    [Fact]
    public async Task An_executor_that_is_only_silent_keeps_its_sessions()
    {
        await using FakeExecutor executor = await FakeExecutor.StartAsync();
        string database = await Fixture.CreateDatabaseAsync();
        await using RunningApi api = await RunningApi.StartAsync(database, executor.Address);
        using Visitor visitor = await Visitor.ArriveAsync(api.Address);
        Guid id = (await RunAsync(visitor, await visitor.FirstProjectAsync()))["id"]!.GetValue<Guid>();
        TaskCompletionSource gate = new();
        executor.ListGate = gate.Task;

        for (int look = 0; look < 2; look++)
        {
            await api.Services.GetRequiredService<SessionWatcher>().PollAsync(CancellationToken.None);
        }

        Assert.Null(await EndReasonAsync(id, database));
        gate.SetResult();
    }

    [Fact]
    public async Task A_session_that_starts_while_its_executor_is_telling_of_the_others_is_not_lost()
    {
        await using FakeExecutor executor = await FakeExecutor.StartAsync();
        string database = await Fixture.CreateDatabaseAsync();
        await using RunningApi api = await RunningApi.StartAsync(database, executor.Address);
        using Visitor visitor = await Visitor.ArriveAsync(api.Address);
        Guid project = await visitor.FirstProjectAsync();
        TaskCompletionSource starting = new(), start = new(), told = new(), tell = new();
        executor.OnStarting = async () =>
        {
            starting.TrySetResult();
            await start.Task;
        };
        Task<JsonNode> run = RunAsync(visitor, project);
        await starting.Task;
        await Eventually.TrueAsync(async () => (await visitor.GetAsync("/api/sessions")).AsArray().Count == 1, "its record is there");

        // The Executor makes the list before the start, and the list arrives after the start.
        executor.OnTold = async () =>
        {
            told.TrySetResult();
            await tell.Task;
        };
        Task look = api.Services.GetRequiredService<SessionWatcher>().PollAsync(CancellationToken.None);
        await told.Task;
        start.SetResult();
        Guid id = (await run)["id"]!.GetValue<Guid>();
        tell.SetResult();
        await look;

        Assert.Null(await EndReasonAsync(id, database));
    }

    [Fact]
    public async Task A_game_that_is_over_on_record_does_not_play_on_for_nobody()
    {
        using Visitor visitor = await Fixture.NewVisitorAsync();
        Guid id = (await RunAsync(visitor, await visitor.FirstProjectAsync()))["id"]!.GetValue<Guid>();
        await Fixture.Api.Services.GetRequiredService<SessionStore>()
            .EndAsync([id], "sandbox_lost", "Gone.", "nobody listens", CancellationToken.None);

        // The watcher polls while another session runs.
        await RunAsync(visitor, await visitor.FirstProjectAsync());
        await Eventually.TrueAsync(() => Fixture.Executor.Stopped.Contains(id), "it is told to stop");
    }
}
