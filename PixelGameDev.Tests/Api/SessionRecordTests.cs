using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.ServiceDiscovery.Http;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Sessions.Execution;
using PixelGameDev.Api.Sessions.Records;
using PixelGameDev.ServiceDefaults;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>
/// Tests the records of sessions: when a session is lost, which Executor it belongs to, what is written, and how long it is kept.
/// </summary>
public sealed class SessionRecordTests(PostgresFixture postgres) : SessionRecordTestBase(postgres)
{
    [Fact]
    public async Task Where_another_life_of_the_executor_answers_its_sessions_are_lost()
    {
        Guid id = await RunAsync();
        await Eventually.TrueAsync(async () =>
            await ValueAsync<string>(id, "incarnation") == _executor.Incarnation, "its life is on record");
        _executor.Sessions.Clear();
        _executor.Incarnation = "another-life";
        await Eventually.TrueAsync(async () => await ValueAsync<string>(id, "end_reason") == "sandbox_lost", "it is lost");
        Assert.Equal("the Executor was started again", await ValueAsync<string>(id, "end_detail"));
    }

    [Fact]
    public async Task A_refused_connection_is_no_end_but_a_minute_of_silence_is()
    {
        Guid id = await RunAsync();
        await Watcher.PollAsync(CancellationToken.None);
        // The watcher of the server uses the clock of the machine.
        await Watcher.StopAsync(CancellationToken.None);
        await _executor.DisposeAsync();
        FakeTimeProvider clock = new();
        using ExecutorClient client = Client(clock);
        SessionWatcher watcher = NewWatcher(client, clock);
        for (int second = 0; second < 60; second += 5)
        {
            await watcher.PollAsync(CancellationToken.None);
            Assert.Null(await ValueAsync<string>(id, "end_reason"));
            clock.Advance(TimeSpan.FromSeconds(5));
        }

        await watcher.PollAsync(CancellationToken.None);
        Assert.Equal("sandbox_lost", await ValueAsync<string>(id, "end_reason"));
        JsonNode record = await _visitor.GetAsync($"/api/sessions/{id}");
        Assert.Contains("a minute", record["endMessage"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("Run", record["endMessage"]!.GetValue<string>(), StringComparison.Ordinal);
        _executor = await FakeExecutor.StartAsync();
    }

    [Fact]
    public async Task One_more_executor_loses_no_session_whether_or_not_its_record_says_where_it_is()
    {
        List<Guid> sessions = [];
        for (int i = 0; i < 12; i++)
        {
            sessions.Add(await RunAsync());
        }

        await Watcher.PollAsync(CancellationToken.None);
        await _api.DisposeAsync();
        // Half of them look as version 1.0 wrote them.
        await ExecuteAsync("update sessions set executor = null, incarnation = null where id = any($1)", sessions.Take(6).ToArray());
        await using FakeExecutor second = await FakeExecutor.StartAsync();
        _api = await RunningApi.StartAsync(_database, _executor.Address, $"--services:executor-2:http:0={second.Address}");
        await _api.WaitUntilHealthyAsync();
        using HttpClient http =
            new(new SocketsHttpHandler { CookieContainer = _visitor.Cookies, UseProxy = false }) { BaseAddress = _api.Address };
        foreach (Guid id in sessions)
        {
            (await http.PostAsync($"/api/sessions/{id}/stop", null)).Dispose();
        }

        Assert.Equal(sessions.Order(), _executor.Stopped.Distinct().Order());
        await Watcher.PollAsync(CancellationToken.None);
        await Watcher.PollAsync(CancellationToken.None);
        foreach (Guid id in sessions)
        {
            Assert.Null(await ValueAsync<string>(id, "end_reason"));
            Assert.Equal("executor", await ValueAsync<string>(id, "executor"));
        }
    }

    [Fact]
    public async Task An_executor_that_is_silent_delays_the_records_of_no_other()
    {
        await using FakeExecutor silent = await FakeExecutor.StartAsync();
        await _api.DisposeAsync();
        _api = await RunningApi.StartAsync(_database, silent.Address, $"--services:executor-2:http:0={_executor.Address}");
        await _api.WaitUntilHealthyAsync();
        using HttpClient http =
            new(new SocketsHttpHandler { CookieContainer = _visitor.Cookies, UseProxy = false }) { BaseAddress = _api.Address };
        Guid session;
        do
        {
            using HttpResponseMessage answer = await http.PostAsJsonAsync("/api/sessions", new { projectId = _project });
            session = (await Visitor.JsonOf(answer, HttpStatusCode.Created))["id"]!.GetValue<Guid>();
        }
        while (!_executor.Started.ContainsKey(session));

        // The gate never opens. The recorded end proves that the server does not wait for it.
        silent.ListGate = new TaskCompletionSource().Task;
        await Eventually.TrueAsync(() => silent.Lists > 0, "the silent one is asked");
        _executor.Sessions[session] = _executor.Sessions[session] with
        {
            State = "ended",
            EndedAt = DateTimeOffset.UtcNow,
            EndReason = "finished",
            EndMessage = "Done."
        };
        await Eventually.TrueAsync(async () => await ValueAsync<string>(session, "end_reason") == "finished", "the end is on record");
    }

    [Fact]
    public async Task A_game_whose_record_is_gone_is_stopped_and_nothing_is_kept_of_it()
    {
        Guid id = await RunAsync();
        await ExecuteAsync("delete from sessions where id = any($1)", [id]);
        await Eventually.TrueAsync(() => _executor.Stopped.Contains(id), "it is told to stop");
        await Eventually.TrueAsync(() => Watcher.StartedCount == 0, "nothing is kept");
    }

    [Fact]
    public async Task Only_what_differs_is_written_and_the_tail_at_the_end_alone()
    {
        Guid id = await RunAsync();
        SessionInfo info = _executor.Sessions[id] with { ConsoleTail = "so far" };
        await Eventually.TrueAsync(async () => await ValueAsync<string>(id, "sandbox") == "docker", "it is on record");
        Assert.Equal(0, await Store.UpdateAsync([info], "executor", _executor.Incarnation, CancellationToken.None));
        Assert.Equal(0,
            await Store.UpdateAsync([info with { Frames = 900, Bytes = 5 }], "executor", _executor.Incarnation, CancellationToken.None));
        Assert.Equal(1, await Store.UpdateAsync([info with { Frames = 1000 }], "executor", _executor.Incarnation, CancellationToken.None));
        Assert.Equal(1,
            await Store.UpdateAsync([info with { Frames = 1000, Viewers = 1 }], "executor", _executor.Incarnation, CancellationToken.None));
        Assert.Null(await ValueAsync<string>(id, "console_tail"));
        Assert.Equal(
            1, await Store.UpdateAsync([info with { State = "ended", EndedAt = DateTimeOffset.UtcNow, Frames = 1001 }], "executor",
                _executor.Incarnation, CancellationToken.None));
        Assert.Equal("so far", await ValueAsync<string>(id, "console_tail"));
        Assert.Equal(1001, await ValueAsync<long>(id, "frames"));
    }

    [Fact]
    public async Task Records_go_after_ninety_days_and_tails_after_seven()
    {
        Guid[] ids = [.. Enumerable.Range(0, 4).Select(static _ => Guid.NewGuid())];
        foreach ((Guid id, string age) in ids.Zip(["91 days", "89 days", "8 days", "6 days"]))
        {
            await ExecuteAsync(
                $"""
                insert into sessions (id, account_id, project_id, project_name, state, created_at, ended_at, console_tail)
                select s, '{_visitor.Id}', '{_project}', 'x', 'ended', now() - interval '{age}', now() - interval '{age}', 'tail' from unnest($1) s
                """,
                [id]);
        }

        SessionRetention retention = _api.Services.GetRequiredService<SessionRetention>();
        await using (NpgsqlDataSource source = NpgsqlDataSource.Create(_database))
        await using (await DatabaseLock.TryTakeAsync(source, 0x50495845_53455353, CancellationToken.None))
        {
            Assert.Equal((0, 0), await retention.ExpireAsync(CancellationToken.None));
        }

        Assert.Equal((1, 2), await retention.ExpireAsync(CancellationToken.None));
        Assert.Null(await ValueAsync<string>(ids[0], "state"));
        Assert.Null(await ValueAsync<string>(ids[1], "console_tail"));
        Assert.Null(await ValueAsync<string>(ids[2], "console_tail"));
        Assert.Equal("tail", await ValueAsync<string>(ids[3], "console_tail"));
    }

    [Fact]
    public async Task A_run_of_a_person_who_is_gone_meanwhile_is_a_matter_of_signing_in()
    {
        // The account is deleted between the check of the cookie and the write. A lock on its row keeps this moment open.
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(_database);
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        await using NpgsqlTransaction gone = await connection.BeginTransactionAsync();
        await using (NpgsqlCommand keep =
            new($"update projects set owner_id = owner_id where owner_id = '{_visitor.Id}'; delete from accounts where id = " +
                $"'{_visitor.Id}'",
                connection))
        {
            await keep.ExecuteNonQueryAsync();
        }

        Task<HttpResponseMessage> run = _visitor.Http.PostAsJsonAsync("/api/sessions", new { projectId = _project });
        await Eventually.TrueAsync(
            async () =>
            {
                await using NpgsqlCommand waiting =
                    source.CreateCommand(
                        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
                return await waiting.ExecuteScalarAsync() is > 0L;
            },
            "the write waits");
        await gone.CommitAsync();
        using HttpResponseMessage answer = await run;
        await Visitor.ProblemOf(answer, HttpStatusCode.Unauthorized, "not_signed_in");
    }
}
