using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PixelGameDev.Api.Sessions.Execution;
using PixelGameDev.Api.Sessions.Records;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests a session whose page chooses the id and opens the stream while the start request is under way.</summary>
public sealed class StreamBesideTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_is_held_until_its_session_is_there(bool streamFirst)
    {
        await using FakeExecutor executor = await FakeExecutor.StartAsync();
        await using RunningApi api = await RunningApi.StartAsync(fixture.ConnectionString, executor.Address);
        using Visitor visitor = await Visitor.ArriveAsync(api.Address);
        Guid project = await visitor.FirstProjectAsync(), id = Guid.NewGuid();
        PendingSessionRegistry pending = api.Services.GetRequiredService<PendingSessionRegistry>();
        TaskCompletionSource starting = new(), start = new();
        executor.OnStarting = () =>
        {
            starting.TrySetResult();
            return start.Task;
        };
        Task<HttpResponseMessage>? asked = null;
        if (!streamFirst)
        {
            asked = AskAsync(visitor, project, id);
            await starting.Task;
        }

        using ClientWebSocket socket = Socket(visitor);
        Task connecting = socket.ConnectAsync(StreamOf(api, id), CancellationToken.None);
        await Eventually.TrueAsync(() => pending.Count == 1, "it is known of");
        asked ??= AskAsync(visitor, project, id);
        await starting.Task;
        Assert.False(connecting.IsCompleted);
        Assert.Empty(executor.StreamHeaders);

        start.SetResult();
        using HttpResponseMessage answer = await asked;
        Assert.Equal(id, (await Visitor.JsonOf(answer, HttpStatusCode.Created))["id"]!.GetValue<Guid>());
        await connecting;
        await socket.SendAsync(new byte[] { 1, 2, 3 }, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        byte[] echo = new byte[8];
        Assert.Equal(3, (await socket.ReceiveAsync(echo.AsMemory(), CancellationToken.None)).Count);
        await Eventually.TrueAsync(() => pending.Count == 0, "nothing is kept of it");
    }

    [Fact]
    public async Task A_stream_is_let_in_where_another_server_was_asked_to_start_its_session()
    {
        await using RunningApi other = await RunningApi.StartAsync(fixture.ConnectionString, fixture.Executor.Address);
        await other.WaitUntilHealthyAsync();
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid project = await visitor.FirstProjectAsync(), id = Guid.NewGuid();
        using ClientWebSocket socket = Socket(visitor);
        Task connecting = socket.ConnectAsync(StreamOf(other, id), CancellationToken.None);
        await Eventually.TrueAsync(() => other.Services.GetRequiredService<PendingSessionRegistry>().Count == 1, "it is held");
        using HttpResponseMessage answer = await AskAsync(visitor, project, id);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        await connecting;
    }

    [Fact]
    public async Task A_server_that_stops_waits_for_no_stream()
    {
        // The timeout is so long that the test fails if the server waits for the stream.
        await using RunningApi api =
            await RunningApi.StartAsync(fixture.ConnectionString, fixture.Executor.Address, "--shutdownTimeoutSeconds=3600");
        using Visitor visitor = await Visitor.ArriveAsync(api.Address);
        Guid project = await visitor.FirstProjectAsync(), id = Guid.NewGuid();
        (await AskAsync(visitor, project, id)).Dispose();
        using ClientWebSocket socket = Socket(visitor);
        await socket.ConnectAsync(StreamOf(api, id), CancellationToken.None);
        Task<WebSocketException> cut =
            Assert.ThrowsAsync<WebSocketException>(() => socket.ReceiveAsync(new byte[8].AsMemory(), CancellationToken.None).AsTask());

        await api.StopAsync().WaitAsync(Eventually.Limit);
        await cut.WaitAsync(Eventually.Limit);
    }

    [Fact]
    public async Task Somebody_elses_session_is_as_unknown_while_it_starts_as_later()
    {
        using Visitor owner = await fixture.NewVisitorAsync();
        using Visitor other = await fixture.NewVisitorAsync();
        Guid project = await owner.FirstProjectAsync(), id = Guid.NewGuid();
        Task<HttpStatusCode> early = RefusalAsync(other, id);
        await Eventually.TrueAsync(() => fixture.Api.Services.GetRequiredService<PendingSessionRegistry>().Count > 0, "the other waits");
        using HttpResponseMessage answer = await AskAsync(owner, project, id);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);

        Assert.Equal(HttpStatusCode.NotFound, await early);
        Assert.Equal(HttpStatusCode.NotFound, await RefusalAsync(other, id));
        Assert.Equal(HttpStatusCode.NotFound, await RefusalAsync(other, Guid.NewGuid()));
        Assert.False(fixture.Executor.StreamHeaders.ContainsKey(id));
    }

    [Fact]
    public async Task A_start_that_is_refused_refuses_its_stream()
    {
        await using FakeExecutor executor = await FakeExecutor.StartAsync();
        await using RunningApi api = await RunningApi.StartAsync(fixture.ConnectionString, executor.Address);
        using Visitor visitor = await Visitor.ArriveAsync(api.Address);
        Guid project = await visitor.FirstProjectAsync(), id = Guid.NewGuid();
        PendingSessionRegistry pending = api.Services.GetRequiredService<PendingSessionRegistry>();
        executor.OnStart = context =>
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return Task.CompletedTask;
        };
        Task<HttpStatusCode> stream = RefusalAsync(visitor, id, api);
        await Eventually.TrueAsync(() => pending.Count == 1, "the stream is held");
        using HttpResponseMessage answer = await AskAsync(visitor, project, id);
        await Visitor.ProblemOf(answer, HttpStatusCode.ServiceUnavailable, "executor_away");
        Assert.Equal(HttpStatusCode.NotFound, await stream);
        Assert.Empty(executor.StreamHeaders);
    }

    [Fact]
    public async Task An_id_is_good_for_one_session_whoever_has_it()
    {
        using Visitor owner = await fixture.NewVisitorAsync();
        using Visitor other = await fixture.NewVisitorAsync();
        Guid id = Guid.NewGuid();
        using HttpResponseMessage first = await AskAsync(owner, await owner.FirstProjectAsync(), id);
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        string name = fixture.Executor.Started[id].Owner;

        foreach (Visitor visitor in new[] { owner, other })
        {
            using HttpResponseMessage again = await AskAsync(visitor, await visitor.FirstProjectAsync(), id);
            await Visitor.ProblemOf(again, HttpStatusCode.Conflict, "session_exists");
        }

        Assert.Equal(name, fixture.Executor.Started[id].Owner);
        Assert.DoesNotContain(id, fixture.Executor.Stopped);
        JsonNode record = await owner.GetAsync($"/api/sessions/{id}");
        Assert.Null(record["endedAt"]);
    }

    [Theory]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("019aa1e0-0000-7000-8000-000000000001")]
    [InlineData("6ba7b810-9dad-11d1-80b4-00c04fd430c8")]
    [InlineData("ffffffff-ffff-4fff-ffff-ffffffffffff")]
    public async Task Only_a_random_id_may_be_chosen(string id)
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        using HttpResponseMessage answer = await AskAsync(visitor, await visitor.FirstProjectAsync(), Guid.Parse(id));
        await Visitor.ProblemOf(answer, HttpStatusCode.BadRequest, "bad_session_id");
        Assert.Empty((await visitor.GetAsync("/api/sessions")).AsArray());
    }

    [Fact]
    public async Task Few_streams_of_one_person_wait_for_a_start_and_nothing_is_kept_of_those_that_leave()
    {
        // The clock stands still, so a stream waits until the test releases it.
        PendingSessionRegistry pending = new(fixture.Api.Services.GetRequiredService<SessionStore>(), new StillTime());
        Guid person = Guid.NewGuid();
        using CancellationTokenSource leave = new();
        Task<SessionPlace?>[] waiting = [.. Enumerable.Range(0, PendingSessionRegistry.MaxPerAccount)
            .Select(_ => pending.WaitUntilWatchableAsync(person, "here", Guid.NewGuid(), leave.Token))];
        await Eventually.TrueAsync(() => pending.Count == waiting.Length, "as many as may wait do");

        Assert.Null(await pending.WaitUntilWatchableAsync(person, "here", Guid.NewGuid(), CancellationToken.None));
        Guid session = Guid.NewGuid();
        Task<SessionPlace?> other = pending.WaitUntilWatchableAsync(Guid.NewGuid(), "here", session, leave.Token);
        await Eventually.TrueAsync(() => pending.Count == waiting.Length + 1, "another person may still");
        using (PendingSessionRegistry.PendingStart start = pending.Begin(person, session))
        {
            start.Complete(new SessionPlace("executor"));
        }

        Assert.All([.. waiting, other], task => Assert.False(task.IsCompleted));
        await leave.CancelAsync();
        await Eventually.TrueAsync(() => pending.Count == 0, "all have left");
        Task<SessionPlace?> next = pending.WaitUntilWatchableAsync(person, "here", session, CancellationToken.None);
        await Eventually.TrueAsync(() => pending.Count == 1, "there is room again");
        using (PendingSessionRegistry.PendingStart start = pending.Begin(person, session))
        {
            start.Complete(new SessionPlace("executor"));
            Assert.NotNull(await next);
        }
    }

    /// <summary>Tests that many guests of one address cannot take all places of waiting streams.</summary>
    [Fact]
    public async Task One_address_has_only_its_own_share_of_the_streams_that_wait()
    {
        PendingSessionRegistry pending = new(fixture.Api.Services.GetRequiredService<SessionStore>(), new StillTime());
        using CancellationTokenSource leave = new();
        Task<SessionPlace?>[] waiting = [.. Enumerable.Range(0, PendingSessionRegistry.MaxPerAddress)
            .Select(_ => pending.WaitUntilWatchableAsync(Guid.NewGuid(), "here", Guid.NewGuid(), leave.Token))];
        await Eventually.TrueAsync(() => pending.Count == waiting.Length, "as many as may wait do");
        Assert.Null(await pending.WaitUntilWatchableAsync(Guid.NewGuid(), "here", Guid.NewGuid(), CancellationToken.None));
        Task<SessionPlace?> elsewhere = pending.WaitUntilWatchableAsync(Guid.NewGuid(), "there", Guid.NewGuid(), leave.Token);
        await Eventually.TrueAsync(() => pending.Count == waiting.Length + 1, "another address has places");
        await leave.CancelAsync();
        await Eventually.TrueAsync(() => pending.Count == 0, "all have left");
        Assert.False(elsewhere.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_person_has_so_many_streams_and_is_told_when_one_is_too_many()
    {
        await using FakeExecutor executor = await FakeExecutor.StartAsync();
        await using RunningApi api = await RunningApi.StartAsync(fixture.ConnectionString, executor.Address);
        using Visitor visitor = await Visitor.ArriveAsync(api.Address);
        using Visitor other = await Visitor.ArriveAsync(api.Address);
        Guid id = Guid.NewGuid(), others = Guid.NewGuid();
        using HttpResponseMessage answer = await AskAsync(visitor, await visitor.FirstProjectAsync(), id);
        using HttpResponseMessage second = await AskAsync(other, await other.FirstProjectAsync(), others);
        List<ClientWebSocket> open = [];
        for (int count = 0; count < OpenStreams.MaxPerAccount; count++)
        {
            open.Add(Socket(visitor));
            await open[^1].ConnectAsync(StreamOf(api, id), CancellationToken.None);
        }

        // The page reads the reason from the close.
        using (ClientWebSocket more = Socket(visitor))
        {
            await more.ConnectAsync(StreamOf(api, id), CancellationToken.None);
            Assert.Equal(WebSocketMessageType.Close, (await more.ReceiveAsync(new byte[8].AsMemory(), CancellationToken.None)).MessageType);
            Assert.Equal(WebSocketCloseStatus.PolicyViolation, more.CloseStatus);
            Assert.StartsWith(CloseReasons.TooManyStreams + ": ", more.CloseStatusDescription, StringComparison.Ordinal);
        }

        // Streams that are only opened to be refused are limited too.
        OpenStreams counted = api.Services.GetRequiredService<OpenStreams>();
        await Eventually.TrueAsync(() => counted.Count == OpenStreams.MaxPerAccount, "the one that was told has left");
        List<StreamSlot> told = [];
        while (counted.Enter(visitor.Id) is { } place)
        {
            Assert.False(place.IsAllowed);
            told.Add(place);
        }

        Assert.Equal(OpenStreams.MaxPerAccount, told.Count);
        Assert.Equal(HttpStatusCode.TooManyRequests, await RefusalAsync(visitor, id, api));
        told.ForEach(static place => place.Dispose());
        Assert.Single(executor.StreamHeaders);
        using (ClientWebSocket socket = Socket(other))
        {
            await socket.ConnectAsync(StreamOf(api, others), CancellationToken.None);
            await EchoAsync(socket);
        }

        open.ForEach(static socket => socket.Dispose());
        await Eventually.TrueAsync(() => counted.Count == 0, "nothing is counted of those that have left");
        using ClientWebSocket again = Socket(visitor);
        await again.ConnectAsync(StreamOf(api, id), CancellationToken.None);
        await EchoAsync(again);

        static async Task EchoAsync(ClientWebSocket socket)
        {
            await socket.SendAsync(new byte[] { 1, 2, 3 }, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
            Assert.Equal(3, (await socket.ReceiveAsync(new byte[8].AsMemory(), CancellationToken.None)).Count);
        }
    }

    private static Task<HttpResponseMessage> AskAsync(Visitor visitor, Guid project, Guid id) =>
        visitor.Http.PostAsJsonAsync("/api/sessions", new { projectId = project, id });

    private async Task<HttpStatusCode> RefusalAsync(Visitor visitor, Guid id, RunningApi? api = null)
    {
        using ClientWebSocket socket = Socket(visitor);
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(StreamOf(api ?? fixture.Api, id), CancellationToken.None));
        return socket.HttpStatusCode;
    }

    private static ClientWebSocket Socket(Visitor visitor)
    {
        ClientWebSocket socket = new();
        // The cookie jar belongs to one host name. Ports do not matter.
        socket.Options.Cookies = visitor.Cookies;
        socket.Options.CollectHttpResponseDetails = true;
        return socket;
    }

    private static Uri StreamOf(RunningApi api, Guid id) => new($"ws://{api.Address.Authority}/api/sessions/{id}/stream");
}
