using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Api;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Executor;

/// <summary>
/// Tests the list of sessions that an Api requests every second: its contents, and that a real Api updates its records with it.
/// </summary>
public sealed class SessionListTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task An_ended_session_is_told_once_to_each_who_asks_from_where_it_was_and_a_running_one_without_its_tail()
    {
        ScriptedSandboxFactory sandboxes = new();
        await using ExecutorHost host = await ExecutorHost.StartScriptedAsync(sandboxes);
        SessionInfo ends = await host.RunAsync(ExecutorHost.Request("# ends"));
        SessionInfo plays = await host.RunAsync(ExecutorHost.Request("# plays"));
        (List<SessionInfo> first, string cursor) = await ListAsync(host, "?since=0");
        Assert.Equal(2, first.Count);
        Assert.All(first, static session => Assert.Null(session.ConsoleTail));

        ScriptedSandbox sandbox = await sandboxes.OfSessionAsync("# ends");
        await sandbox.SayAsync(SandboxMessages.Console(ConsoleKind.Output, "bye\n"));
        await sandbox.SayEndedAsync(EndReasons.Finished, "Your game finished.");
        await Eventually.TrueAsync(async () => (await host.InfoAsync(ends.SessionId)).EndedAt is not null, "it has ended");
        // Two Apis, each with its own place.
        for (int api = 0; api < 2; api++)
        {
            (List<SessionInfo> second, string next) = await ListAsync(host, "?since=" + cursor);
            Assert.Equal("bye\n", second.Single(session => session.SessionId == ends.SessionId).ConsoleTail);
            (List<SessionInfo> third, _) = await ListAsync(host, "?since=" + next);
            Assert.Equal(plays.SessionId, Assert.Single(third).SessionId);
        }

        // An Api of version 1.0 sends no place. A place of another incarnation counts as none.
        Assert.Equal(2, (await ListAsync(host, "")).Sessions.Count);
        Assert.Equal(2, (await ListAsync(host, "?since=another.7")).Sessions.Count);
    }

    [Fact]
    public async Task A_list_holds_no_more_than_so_many_ends_and_the_next_one_the_rest()
    {
        ScriptedSandboxFactory sandboxes = new();
        await using ExecutorHost host = await ExecutorHost.StartScriptedAsync(sandboxes, new() { ["MAX_CONCURRENT_SESSIONS"] = "20" });
        HashSet<Guid> ended = [];
        for (int i = 0; i < ExecutorHeaders.MaxEnded + 5; i++)
        {
            SessionInfo session = await host.RunAsync(ExecutorHost.Request($"# number {i}."));
            await (await sandboxes.OfSessionAsync($"# number {i}.")).SayEndedAsync(EndReasons.Finished, "Your game finished.");
            await Eventually.TrueAsync(async () => (await host.InfoAsync(session.SessionId)).EndedAt is not null, "it has ended");
            ended.Add(session.SessionId);
        }

        (List<SessionInfo> first, string cursor) = await ListAsync(host, "?since=0");
        Assert.Equal(ExecutorHeaders.MaxEnded, first.Count);
        (List<SessionInfo> rest, _) = await ListAsync(host, "?since=" + cursor);
        Assert.Equal(ended.Order(), first.Concat(rest).Select(static session => session.SessionId).Order());
    }

    [Fact]
    public async Task Every_answer_names_one_life_of_the_process_refusals_as_well()
    {
        string? life = null;
        await using (ExecutorHost host = await ExecutorHost.StartScriptedAsync(new ScriptedSandboxFactory()))
        {
            foreach (string path in new[] { "/sessions", $"/sessions/{Guid.NewGuid()}", "/api/health", "/nothing" })
            {
                using HttpResponseMessage answer = await host.SendAsync(HttpMethod.Get, path);
                string said = Assert.Single(answer.Headers.GetValues(ExecutorHeaders.Incarnation));
                Assert.Equal(life ??= said, said);
            }
        }

        await using ExecutorHost other = await ExecutorHost.StartScriptedAsync(new ScriptedSandboxFactory());
        using HttpResponseMessage another = await other.SendAsync(HttpMethod.Get, "/sessions");
        Assert.NotEqual(life, Assert.Single(another.Headers.GetValues(ExecutorHeaders.Incarnation)));
    }

    [Fact]
    public async Task A_real_Api_puts_the_end_and_the_tail_of_a_game_on_record_and_stops_one_that_was_stopped_at_its_start()
    {
        ScriptedSandboxFactory sandboxes = new();
        await using ExecutorHost host =
            await ExecutorHost.StartScriptedAsync(sandboxes, new() { ["EXECUTOR_SECRET_KEY"] = RunningApi.ExecutorSecret });
        string database = await postgres.CreateDatabaseAsync();
        await using RunningApi api = await RunningApi.StartAsync(database, host.Address);
        using Visitor visitor = await Visitor.ArriveAsync(api.Address);
        Guid project = await visitor.FirstProjectAsync();
        (await visitor.SaveAsync(project, "main.py", "# the first")).Dispose();
        Guid first = Guid.NewGuid(), second = Guid.NewGuid();
        using (HttpResponseMessage run = await visitor.Http.PostAsJsonAsync("/api/sessions", new { projectId = project, id = first }))
        {
            Assert.Equal(HttpStatusCode.Created, run.StatusCode);
        }

        ScriptedSandbox sandbox = await sandboxes.OfSessionAsync("# the first");
        await sandbox.SayAsync(SandboxMessages.Console(ConsoleKind.Output, "the last words\n"));
        await sandbox.SayEndedAsync(EndReasons.Finished, "Your game finished.");
        await Eventually.TrueAsync(async () =>
            (await visitor.GetAsync($"/api/sessions/{first}"))["endReason"]?.GetValue<string>() == "finished", "the end is on record");
        await using (NpgsqlDataSource source = NpgsqlDataSource.Create(database))
        await using (NpgsqlCommand tail = source.CreateCommand($"select console_tail from sessions where id = '{first}'"))
        {
            Assert.Equal("the last words\n", await tail.ExecuteScalarAsync());
        }

        // The start waits for a silent sandbox, and the stop comes meanwhile.
        sandboxes.SayHello = false;
        (await visitor.SaveAsync(project, "main.py", "# the second")).Dispose();
        int before = sandboxes.All.Count();
        Task<HttpResponseMessage> starting = visitor.Http.PostAsJsonAsync("/api/sessions", new { projectId = project, id = second });
        await Eventually.TrueAsync(async () => (await visitor.GetAsync("/api/sessions")).AsArray().Count == 2, "the start is under way");
        using (HttpResponseMessage stop = await visitor.Http.PostAsync($"/api/sessions/{second}/stop", null))
        {
            Assert.Equal(HttpStatusCode.Accepted, stop.StatusCode);
        }

        sandboxes.SayHello = true;
        foreach (ScriptedSandbox late in sandboxes.All.Skip(before))
        {
            await late.SayAsync(SandboxMessages.Hello(new HelloInfo("2.6.1", "3.13.5", 1)));
        }

        using HttpResponseMessage started = await starting;
        Assert.Equal(HttpStatusCode.Created, started.StatusCode);
        await Eventually.TrueAsync(
            async () => (await visitor.GetAsync($"/api/sessions/{second}"))["state"]!.GetValue<string>() is "stopping" or "ended",
            "the game is stopped");
    }

    private static async Task<(List<SessionInfo> Sessions, string Cursor)> ListAsync(ExecutorHost host, string query)
    {
        using HttpResponseMessage answer = await host.SendAsync(HttpMethod.Get, "/sessions" + query);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return ((await answer.Content.ReadFromJsonAsync<List<SessionInfo>>())!,
            Assert.Single(answer.Headers.GetValues(ExecutorHeaders.Cursor)));
    }
}
