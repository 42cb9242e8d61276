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

public sealed class SessionTests(ApiFixture fixture) : SessionTestBase(fixture)
{
    [Fact]
    public async Task Run_hands_all_files_to_the_executor_under_an_opaque_name()
    {
        using Visitor visitor = await Fixture.NewVisitorAsync();
        Guid project = await visitor.FirstProjectAsync();
        byte[] picture = [0xFF, 0x00, 0x80];
        (await visitor.SaveAsync(project, "images/hero.png", picture)).Dispose();
        JsonNode session = await RunAsync(visitor, project);

        Guid id = session["id"]!.GetValue<Guid>();
        Assert.Equal("running", session["state"]!.GetValue<string>());
        Assert.Equal("docker", session["sandbox"]!.GetValue<string>());
        Assert.Equal($"/api/sessions/{id}/stream", session["streamUrl"]!.GetValue<string>());
        StartSessionRequest request = Fixture.Executor.Started[id];
        Assert.Equal("main.py", request.Entry);
        Assert.Equal(["images/hero.png", "main.py"], request.Files.Select(file => file.Path).Order(StringComparer.Ordinal));
        Assert.Equal(picture, request.Files.Single(file => file.Path == "images/hero.png").Content);
        string name = (await visitor.GetAsync("/api/me"))["name"]!.GetValue<string>();
        Assert.DoesNotContain(name, request.Owner, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(Fixture.Executor.Unauthorized);
    }

    [Fact]
    public async Task The_stream_passes_both_ways_without_the_persons_secrets()
    {
        using Visitor visitor = await Fixture.NewVisitorAsync();
        Guid id = (await RunAsync(visitor, await visitor.FirstProjectAsync()))["id"]!.GetValue<Guid>();

        using ClientWebSocket socket = new();
        socket.Options.Cookies = visitor.Cookies;
        socket.Options.SetRequestHeader("Origin", Fixture.Api.Address.GetLeftPart(UriPartial.Authority));
        await socket.ConnectAsync(StreamOf(id), CancellationToken.None);
        foreach (int size in new[] { 1, 1000, 60_000 })
        {
            byte[] message = new byte[size];
            Random.Shared.NextBytes(message);
            await socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
            Assert.Equal(message, await ReceiveAsync(socket));
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
        Dictionary<string, string> headers = Fixture.Executor.StreamHeaders[id];
        Assert.DoesNotContain("Cookie", headers.Keys, StringComparer.OrdinalIgnoreCase);
        Assert.DoesNotContain("Origin", headers.Keys, StringComparer.OrdinalIgnoreCase);
        Assert.StartsWith("Bearer ", headers["Authorization"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_is_not_opened_for_another_website()
    {
        using Visitor visitor = await Fixture.NewVisitorAsync();
        Guid id = (await RunAsync(visitor, await visitor.FirstProjectAsync()))["id"]!.GetValue<Guid>();
        using ClientWebSocket socket = new();
        socket.Options.Cookies = visitor.Cookies;
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("Origin", "https://evil.example");

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(StreamOf(id), CancellationToken.None));
        Assert.Equal(HttpStatusCode.Forbidden, socket.HttpStatusCode);
        Assert.False(Fixture.Executor.StreamHeaders.ContainsKey(id));
    }

    [Fact]
    public async Task Another_persons_session_is_not_there()
    {
        using Visitor owner = await Fixture.NewVisitorAsync();
        using Visitor other = await Fixture.NewVisitorAsync();
        Guid id = (await RunAsync(owner, await owner.FirstProjectAsync()))["id"]!.GetValue<Guid>();

        using HttpResponseMessage read = await other.Http.GetAsync($"/api/sessions/{id}");
        await Visitor.ProblemOf(read, HttpStatusCode.NotFound, "not_found");
        using HttpResponseMessage stop = await other.Http.PostAsync($"/api/sessions/{id}/stop", null);
        await Visitor.ProblemOf(stop, HttpStatusCode.NotFound, "not_found");
        using ClientWebSocket socket = new();
        socket.Options.Cookies = other.Cookies;
        socket.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(StreamOf(id), CancellationToken.None));
        Assert.Equal(HttpStatusCode.NotFound, socket.HttpStatusCode);
        Assert.DoesNotContain(id, Fixture.Executor.Stopped);
        Assert.Empty((await other.GetAsync("/api/sessions")).AsArray());
    }

    [Fact]
    public async Task Games_that_run_are_listed_apart_from_those_that_have_ended()
    {
        using Visitor visitor = await Fixture.NewVisitorAsync();
        Guid project = await visitor.FirstProjectAsync();
        Guid first = (await RunAsync(visitor, project))["id"]!.GetValue<Guid>();
        Guid second = (await RunAsync(visitor, project))["id"]!.GetValue<Guid>();
        Assert.Equal([second, first], (await visitor.GetAsync("/api/sessions?running=true")).AsArray()
            .Select(session => session!["id"]!.GetValue<Guid>()));

        Fixture.Executor.Sessions[first] =
            Fixture.Executor.Sessions[first] with { State = SessionStates.Ended, EndedAt = DateTimeOffset.UtcNow, EndReason = "finished" };
        Assert.NotNull((await visitor.GetAsync($"/api/sessions/{first}"))["endedAt"]);
        Assert.Equal([second], (await visitor.GetAsync("/api/sessions?running=true")).AsArray()
            .Select(session => session!["id"]!.GetValue<Guid>()));
        Assert.Equal(2, (await visitor.GetAsync("/api/sessions")).AsArray().Count);
    }

    [Fact]
    public async Task A_game_that_was_told_to_stop_is_listed_as_stopping_until_it_has_ended()
    {
        using Visitor visitor = await Fixture.NewVisitorAsync();
        Guid id = (await RunAsync(visitor, await visitor.FirstProjectAsync()))["id"]!.GetValue<Guid>();
        async Task<string?> ListedStateAsync() =>
            (await visitor.GetAsync("/api/sessions?running=true")).AsArray().SingleOrDefault()?["state"]!.GetValue<string>();
        Assert.Equal("starting", await ListedStateAsync());

        using HttpResponseMessage stop = await visitor.Http.PostAsync($"/api/sessions/{id}/stop", null);
        Assert.Equal(HttpStatusCode.Accepted, stop.StatusCode);
        Assert.Equal("stopping", await ListedStateAsync());

        Fixture.Executor.Sessions[id] =
            Fixture.Executor.Sessions[id] with { State = SessionStates.Ended, EndedAt = DateTimeOffset.UtcNow, EndReason = "stopped" };
        Assert.Equal("ended", (await visitor.GetAsync($"/api/sessions/{id}"))["state"]!.GetValue<string>());
        Assert.Null(await ListedStateAsync());
    }

    [Fact]
    public async Task A_stream_opened_without_websocket_is_told_so()
    {
        using Visitor visitor = await Fixture.NewVisitorAsync();
        Guid id = (await RunAsync(visitor, await visitor.FirstProjectAsync()))["id"]!.GetValue<Guid>();
        using HttpResponseMessage response = await visitor.Http.GetAsync($"/api/sessions/{id}/stream");
        await Visitor.ProblemOf(response, HttpStatusCode.BadRequest, "websocket_needed");
    }

    [Fact]
    public async Task Stop_reaches_the_executor()
    {
        using Visitor visitor = await Fixture.NewVisitorAsync();
        Guid id = (await RunAsync(visitor, await visitor.FirstProjectAsync()))["id"]!.GetValue<Guid>();
        using HttpResponseMessage response = await visitor.Http.PostAsync($"/api/sessions/{id}/stop", null);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Contains(id, Fixture.Executor.Stopped);
    }

    [Fact]
    public async Task A_refusal_comes_through_in_the_executors_own_words()
    {
        using Visitor visitor = await Fixture.NewVisitorAsync();
        await using FakeExecutor executor = await FakeExecutor.StartAsync();
        executor.OnStart = context => Results.Problem(
            title: "All seats are taken. Try again in a moment.", detail: "5 of 5 sandboxes in use", statusCode: 429,
            extensions: new Dictionary<string, object?> { ["code"] = "too_many_own_sessions" }).ExecuteAsync(context);
        await using RunningApi api = await RunningApi.StartAsync(Fixture.ConnectionString, executor.Address);
        using Visitor there = await Visitor.ArriveAsync(api.Address);

        using HttpResponseMessage response =
            await there.Http.PostAsJsonAsync("/api/sessions", new { projectId = await there.FirstProjectAsync() });
        JsonNode problem = await Visitor.ProblemOf(response, HttpStatusCode.TooManyRequests, "too_many_own_sessions");
        Assert.Equal("All seats are taken. Try again in a moment.", problem["detail"]!.GetValue<string>());
        Assert.DoesNotContain("sandboxes in use", problem.ToJsonString(), StringComparison.Ordinal);
        Assert.NotNull(response.Headers.RetryAfter);
        JsonNode record = (await there.GetAsync("/api/sessions"))[0]!;
        Assert.Equal("not_started", record["endReason"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(401)]
    [InlineData(500)]
    [InlineData(200)]
    public async Task An_executor_that_talks_nonsense_is_as_good_as_away(int status)
    {
        await using FakeExecutor executor = await FakeExecutor.StartAsync();
        executor.OnStart = context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync("<html>secret stack trace</html>");
        };
        await using RunningApi api = await RunningApi.StartAsync(Fixture.ConnectionString, executor.Address);
        using Visitor visitor = await Visitor.ArriveAsync(api.Address);

        using HttpResponseMessage response =
            await visitor.Http.PostAsJsonAsync("/api/sessions", new { projectId = await visitor.FirstProjectAsync() });
        JsonNode problem = await Visitor.ProblemOf(response, HttpStatusCode.ServiceUnavailable, "executor_away");
        Assert.DoesNotContain("stack trace", problem.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_executor_everything_but_playing_works()
    {
        await using RunningApi api = await RunningApi.StartAsync(Fixture.ConnectionString, new Uri("http://127.0.0.1:9"));
        using Visitor visitor = await Visitor.ArriveAsync(api.Address);
        Guid project = await visitor.FirstProjectAsync();

        using HttpResponseMessage run = await visitor.Http.PostAsJsonAsync("/api/sessions", new { projectId = project });
        await Visitor.ProblemOf(run, HttpStatusCode.ServiceUnavailable, "executor_away");
        Assert.NotNull(run.Headers.RetryAfter);
        using HttpResponseMessage save = await visitor.SaveAsync(project, "main.py", "print(1)");
        Assert.Equal(HttpStatusCode.OK, save.StatusCode);
        JsonNode health = await visitor.GetAsync("/api/health");
        Assert.Equal("healthy", health["status"]!.GetValue<string>());
        Assert.Equal("unhealthy", health["dependencies"]!["executor"]!.GetValue<string>());
        Assert.Null((await visitor.GetAsync("/api/info"))["sandbox"]);
    }
}
