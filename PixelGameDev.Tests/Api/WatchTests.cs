using System.Net;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests invitations to watch a running session.</summary>
public sealed class WatchTests(ApiFixture fixture) : WatchTestBase(fixture)
{
    [Fact]
    public async Task Whoever_has_an_invitation_watches_and_nobody_else()
    {
        using Visitor owner = await Fixture.NewVisitorAsync();
        using Visitor other = await Fixture.NewVisitorAsync();
        using Visitor stranger = Visitor.Stranger(Fixture.Api.Address);
        JsonNode session = await RunAsync(owner, await owner.FirstProjectAsync());
        Guid id = session["id"]!.GetValue<Guid>();
        string address = $"/api/sessions/{id}/invitation";
        using HttpResponseMessage none = await owner.Http.GetAsync(address);
        await Visitor.ProblemOf(none, HttpStatusCode.NotFound, "not_found");

        string code = await InviteAsync(owner, id);
        Assert.Matches("^[a-hjkmnp-z2-9]{12}$", code);
        // A second window gets the same one.
        Assert.Equal(code, await InviteAsync(owner, id));
        Fixture.Executor.Sessions[id] = Fixture.Executor.Sessions[id] with { Watchers = 3 };
        Assert.Equal(3, (await owner.GetAsync(address))["watchers"]!.GetValue<int>());
        foreach (HttpMethod method in new[] { HttpMethod.Get, HttpMethod.Post, HttpMethod.Delete })
        {
            using HttpRequestMessage request = new(method, address);
            using HttpResponseMessage refused = await other.Http.SendAsync(request);
            await Visitor.ProblemOf(refused, HttpStatusCode.NotFound, "not_found");
        }

        // People copy codes by hand. They need no account and get none, and learn no id.
        using HttpResponseMessage shown = await stranger.Http.GetAsync($"/api/watch/{code[..4].ToUpperInvariant()}-{code[4..]}");
        JsonNode game = await Visitor.JsonOf(shown, HttpStatusCode.OK);
        Assert.False(shown.Headers.Contains("Set-Cookie"));
        Assert.Equal((await owner.GetAsync("/api/me"))["name"]!.GetValue<string>(), game["player"]!.GetValue<string>());
        Assert.Equal(["hasEnded", "player", "startedAt", "title"], game.AsObject().Select(static field => field.Key).Order());
        Assert.False(game["hasEnded"]!.GetValue<bool>());
        foreach (string closed in new[] { "", "/stream" })
        {
            using HttpResponseMessage refused = await other.Http.GetAsync($"/api/sessions/{id}{closed}");
            await Visitor.ProblemOf(refused, HttpStatusCode.NotFound, "not_found");
        }

        // The server says who comes, whatever the address says.
        using ClientWebSocket socket = new();
        await socket.ConnectAsync(StreamOf(code, "?role=player&invitation=0"), CancellationToken.None);
        await socket.SendAsync(new byte[] { 1, 2, 3 }, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        Assert.Equal([1, 2, 3], await ReceiveAsync(socket));
        long number = await NumberAsync(id);
        Assert.Equal($"?role=watcher&invitation={number}", Fixture.Executor.StreamQueries[id]);
        Assert.StartsWith("Bearer ", Fixture.Executor.StreamHeaders[id]["Authorization"], StringComparison.Ordinal);

        // The Executor is away: nothing is taken back by half.
        Fixture.Executor.OnAny = static context =>
        {
            if (HttpMethods.IsDelete(context.Request.Method))
            {
                context.Abort();
            }

            return Task.CompletedTask;
        };
        using HttpResponseMessage away = await owner.Http.DeleteAsync(address);
        await Visitor.ProblemOf(away, HttpStatusCode.ServiceUnavailable, "executor_away");
        Fixture.Executor.OnAny = null;
        await stranger.GetAsync($"/api/watch/{code}");

        using HttpResponseMessage taken = await owner.Http.DeleteAsync(address);
        Assert.Equal(HttpStatusCode.NoContent, taken.StatusCode);
        Assert.Equal(number, Fixture.Executor.ClosedInvitations[id]);
        // Like one that never was.
        Assert.Equal(await GoneAsync(stranger, "neverneverne"), await GoneAsync(stranger, code));
        using HttpResponseMessage twice = await owner.Http.DeleteAsync(address);
        await Visitor.ProblemOf(twice, HttpStatusCode.NotFound, "not_found");
        string next = await InviteAsync(owner, id);
        Assert.NotEqual(code, next);
        Assert.True(await NumberAsync(id) > number);
    }

    [Fact]
    public async Task An_invitation_ends_with_its_session()
    {
        using Visitor owner = await Fixture.NewVisitorAsync();
        using Visitor stranger = Visitor.Stranger(Fixture.Api.Address);
        Guid id = (await RunAsync(owner, await owner.FirstProjectAsync()))["id"]!.GetValue<Guid>();
        string code = await InviteAsync(owner, id);
        await EndAsync(owner, id);
        // For a while the same game may be started again.
        Assert.True((await stranger.GetAsync($"/api/watch/{code}"))["hasEnded"]!.GetValue<bool>());
        using (HttpResponseMessage stream = await stranger.Http.GetAsync($"/api/watch/{code}/stream"))
        {
            await Visitor.ProblemOf(stream, HttpStatusCode.Gone, "game_over");
        }

        await ScalarAsync($"update sessions set ended_at = ended_at - interval '10 minutes' where id = '{id}' returning 1");
        foreach (Visitor who in new[] { stranger, owner })
        {
            foreach (string part in new[] { "", "/stream" })
            {
                using HttpResponseMessage over = await who.Http.GetAsync($"/api/watch/{code}{part}");
                await Visitor.ProblemOf(over, HttpStatusCode.Gone, "game_over");
            }
        }

        using HttpResponseMessage taken = await owner.Http.DeleteAsync($"/api/sessions/{id}/invitation");
        await Visitor.ProblemOf(taken, HttpStatusCode.NotFound, "not_found");
        using HttpResponseMessage late = await owner.Http.PostAsync($"/api/sessions/{id}/invitation", null);
        await Visitor.ProblemOf(late, HttpStatusCode.Conflict, "session_ended");

        Guid forgotten = (await RunAsync(owner, await owner.FirstProjectAsync()))["id"]!.GetValue<Guid>();
        string lost = await InviteAsync(owner, forgotten);
        await ScalarAsync($"delete from sessions where id = '{forgotten}' returning 1");
        await GoneAsync(stranger, lost);
    }

    [Fact]
    public async Task Another_website_opens_no_stream()
    {
        using Visitor owner = await Fixture.NewVisitorAsync();
        Guid id = (await RunAsync(owner, await owner.FirstProjectAsync()))["id"]!.GetValue<Guid>();
        string code = await InviteAsync(owner, id);
        using ClientWebSocket socket = new();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("Origin", "https://evil.example");
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(StreamOf(code), CancellationToken.None));
        Assert.Equal(HttpStatusCode.Forbidden, socket.HttpStatusCode);
        Assert.False(Fixture.Executor.StreamHeaders.ContainsKey(id));
    }
}
