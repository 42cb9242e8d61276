using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.ServiceDiscovery.Http;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using PixelGameDev.Api.Sessions.Execution;
using PixelGameDev.ServiceDefaults;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests that a stop works at any time, and that a session with a stop request ends as stopped.</summary>
public sealed class SessionStopTests(PostgresFixture postgres) : SessionRecordTestBase(postgres)
{
    [Fact]
    public async Task A_game_that_was_asked_to_stop_and_whose_executor_died_before_it_told_the_end_was_stopped()
    {
        Guid id = await RunAsync();
        await Eventually.TrueAsync(async () =>
            await ValueAsync<string>(id, "incarnation") == _executor.Incarnation, "its life is on record");
        using (HttpResponseMessage answer = await _visitor.Http.PostAsync($"/api/sessions/{id}/stop", null))
        {
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        }

        _executor.Sessions.Clear();
        _executor.Incarnation = "another-life";
        await Eventually.TrueAsync(async () => await ValueAsync<string>(id, "end_reason") is not null, "it has an end");
        Assert.Equal("stopped", await ValueAsync<string>(id, "end_reason"));
        Assert.Equal("You stopped the game.", await ValueAsync<string>(id, "end_message"));
    }

    [Fact]
    public async Task A_stop_while_the_start_is_under_way_is_obeyed_after_it()
    {
        TaskCompletionSource starting = new(), start = new();
        _executor.OnStarting = () =>
        {
            starting.TrySetResult();
            return start.Task;
        };
        Guid id = Guid.NewGuid();
        Task<HttpResponseMessage> run = _visitor.Http.PostAsJsonAsync("/api/sessions", new { projectId = _project, id });
        await starting.Task;
        using (HttpResponseMessage stop = await _visitor.Http.PostAsync($"/api/sessions/{id}/stop", null))
        {
            Assert.Equal(HttpStatusCode.Accepted, stop.StatusCode);
        }

        int before = _executor.Stopped.Count;
        start.SetResult();
        using HttpResponseMessage answer = await run;
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(id, _executor.Stopped.Skip(before).First());
    }

    [Fact]
    public async Task A_stop_that_overtakes_its_start_is_obeyed_and_no_game_begins()
    {
        Guid id = Guid.NewGuid();
        using (HttpResponseMessage stop = await _visitor.Http.PostAsync($"/api/sessions/{id}/stop", null))
        {
            Assert.Equal(HttpStatusCode.Accepted, stop.StatusCode);
        }

        using HttpResponseMessage run = await _visitor.Http.PostAsJsonAsync("/api/sessions", new { projectId = _project, id });
        await Visitor.ProblemOf(run, HttpStatusCode.Conflict, "session_stopped");
        Assert.Empty(_executor.Started);
        Assert.Empty((await _visitor.GetAsync("/api/sessions")).AsArray());
    }

    [Fact]
    public async Task Another_persons_stop_stops_nothing_and_few_of_them_are_remembered()
    {
        using Visitor other = await Visitor.ArriveAsync(_api.Address);
        Guid id = Guid.NewGuid();
        (await other.Http.PostAsync($"/api/sessions/{id}/stop", null)).Dispose();
        using HttpResponseMessage run = await _visitor.Http.PostAsJsonAsync("/api/sessions", new { projectId = _project, id });
        Assert.Equal(HttpStatusCode.Created, run.StatusCode);
        PendingSessionRegistry pending = new(Store, new FakeTimeProvider());
        Guid person = Guid.NewGuid();
        Assert.Equal(
            PendingSessionRegistry.MaxStopsPerAccount, Enumerable.Range(0, 20).Count(_ => pending.RequestStop(person, Guid.NewGuid())));
    }

    [Fact]
    public async Task A_stop_while_the_executor_is_away_is_obeyed_when_it_answers_again()
    {
        Guid id = await RunAsync();
        await Eventually.TrueAsync(async () => await ValueAsync<string>(id, "sandbox") == "docker", "it is on record");
        bool away = true;
        _executor.OnAny = context =>
        {
            if (Volatile.Read(ref away))
            {
                context.Abort();
                throw new OperationCanceledException();
            }

            return Task.CompletedTask;
        };
        using (HttpResponseMessage stop = await _visitor.Http.PostAsync($"/api/sessions/{id}/stop", null))
        {
            Assert.Equal(HttpStatusCode.Accepted, stop.StatusCode);
        }

        Assert.DoesNotContain(id, _executor.Stopped);
        Volatile.Write(ref away, false);
        await Eventually.TrueAsync(() => _executor.Stopped.Contains(id), "it is told to stop");
    }
}
