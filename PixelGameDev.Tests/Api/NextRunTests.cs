using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests that an invitation shows the next Run of the same game, too.</summary>
public sealed class NextRunTests(ApiFixture fixture) : WatchTestBase(fixture)
{
    [Fact]
    public async Task The_next_run_keeps_the_invitation()
    {
        using Visitor owner = await Fixture.NewVisitorAsync();
        using Visitor stranger = Visitor.Stranger(Fixture.Api.Address);
        Guid project = await owner.FirstProjectAsync();
        (Guid first, string? none) = await RunAgainAsync(owner, project);
        Assert.Null(none);
        string code = await InviteAsync(owner, first);
        long number = await NumberAsync(first);
        (DateTimeOffset began, bool hasEnded) = await ShownAsync(stranger, code);
        Assert.False(hasEnded);

        // Run is pressed while the game runs.
        (Guid second, string? kept) = await RunAgainAsync(owner, project);
        Assert.Equal(code, kept);
        (DateTimeOffset later, hasEnded) = await ShownAsync(stranger, code);
        Assert.True(later > began && !hasEnded);
        await WatchAsync(code);
        Assert.Equal($"?role=watcher&invitation={number}", Fixture.Executor.StreamQueries[second]);
        // A window with the first game has the same invitation, and makes no other one.
        foreach (Guid session in new[] { first, second })
        {
            Assert.Equal(code, (await owner.GetAsync($"/api/sessions/{session}/invitation"))["code"]!.GetValue<string>());
            Assert.Equal(code, await InviteAsync(owner, session));
        }

        // And after the end of both.
        await EndAsync(owner, first);
        await EndAsync(owner, second);
        Assert.Equal((later, true), await ShownAsync(stranger, code));
        Assert.Equal(code, (await owner.GetAsync($"/api/sessions/{second}/invitation"))["code"]!.GetValue<string>());
        (Guid third, kept) = await RunAgainAsync(owner, project);
        Assert.Equal(code, kept);
        Assert.False((await ShownAsync(stranger, code)).HasEnded);
        await WatchAsync(code);
        Assert.Equal($"?role=watcher&invitation={number}", Fixture.Executor.StreamQueries[third]);
    }

    [Fact]
    public async Task Taking_it_back_ends_it_for_every_game_that_runs_and_for_later_ones()
    {
        using Visitor owner = await Fixture.NewVisitorAsync();
        using Visitor stranger = Visitor.Stranger(Fixture.Api.Address);
        Guid project = await owner.FirstProjectAsync();
        (Guid first, _) = await RunAgainAsync(owner, project);
        string code = await InviteAsync(owner, first);
        long number = await NumberAsync(first);
        (Guid second, _) = await RunAgainAsync(owner, project);

        // Somebody may still watch the first game, which has not ended.
        await TakeBackAsync(owner, first);
        Assert.Equal((number, number), (Fixture.Executor.ClosedInvitations[first], Fixture.Executor.ClosedInvitations[second]));
        Assert.Equal(await GoneAsync(stranger, "neverneverne"), await GoneAsync(stranger, code));
        (Guid third, string? none) = await RunAgainAsync(owner, project);
        Assert.Null(none);
        await GoneAsync(stranger, code);

        // While people wait for the next Run.
        string next = await InviteAsync(owner, third);
        await EndAsync(owner, third);
        Assert.True((await ShownAsync(stranger, next)).HasEnded);
        await TakeBackAsync(owner, third);
        Assert.Equal(await GoneAsync(stranger, "neverneverne"), await GoneAsync(stranger, next));
        Assert.Null((await RunAgainAsync(owner, project)).Invitation);
        await GoneAsync(stranger, next);
    }

    [Fact]
    public async Task Only_a_run_of_the_same_game_by_its_owner_takes_it_over_and_only_for_a_while()
    {
        using Visitor owner = await Fixture.NewVisitorAsync();
        using Visitor player = await Fixture.NewVisitorAsync();
        Guid project = await owner.FirstProjectAsync();
        using HttpResponseMessage shared = await owner.Http.PostAsJsonAsync($"/api/projects/{project}/links", new { withCode = true });
        string link = (await Visitor.JsonOf(shared, HttpStatusCode.Created))["code"]!.GetValue<string>();
        (Guid first, _) = await RunAgainAsync(owner, project);
        string code = await InviteAsync(owner, first);
        await EndAsync(owner, first);

        Assert.Null((await RunAgainAsync(owner, await owner.NewProjectAsync())).Invitation);
        (Guid played, string? none) = await PlayAsync();
        Assert.Null(none);
        string ofPlayer = await InviteAsync(player, played);
        await EndAsync(player, played);
        await OverAsync(player, ofPlayer);
        Assert.Null((await PlayAsync()).Invitation);
        await OverAsync(player, ofPlayer);
        Assert.True((await ShownAsync(player, code)).HasEnded);

        await ScalarAsync($"update sessions set ended_at = ended_at - interval '10 minutes' where id = '{first}' returning 1");
        await OverAsync(player, code);
        Assert.Null((await RunAgainAsync(owner, project)).Invitation);
        await OverAsync(player, code);

        async Task<(Guid Id, string? Invitation)> PlayAsync()
        {
            using HttpResponseMessage started = await player.Http.PostAsJsonAsync($"/api/play/{link}/sessions", new { });
            return Started(await Visitor.JsonOf(started, HttpStatusCode.Created));
        }
    }

    [Fact]
    public async Task A_game_that_is_taken_down_or_deleted_shows_nothing_more()
    {
        using Visitor owner = await Fixture.NewVisitorAsync();
        using Visitor stranger = Visitor.Stranger(Fixture.Api.Address);
        Guid project = await owner.NewProjectAsync();
        (Guid first, _) = await RunAgainAsync(owner, project);
        string code = await InviteAsync(owner, first);
        await EndAsync(owner, first);
        await ShownAsync(stranger, code);

        await ScalarAsync($"update projects set taken_down_at = now() where id = '{project}' returning 1");
        await OverAsync(stranger, code);
        (Guid hidden, string? none) = await RunAgainAsync(owner, project);
        Assert.Null(none);
        await OverAsync(stranger, code);
        await EndAsync(owner, hidden);
        await ScalarAsync($"update projects set taken_down_at = null where id = '{project}' returning 1");
        Assert.True((await ShownAsync(stranger, code)).HasEnded);

        using HttpResponseMessage trashed = await owner.Http.DeleteAsync($"/api/projects/{project}");
        Assert.Equal(HttpStatusCode.NoContent, trashed.StatusCode);
        await OverAsync(stranger, code);
        await ScalarAsync($"delete from projects where id = '{project}' returning 1");
        await OverAsync(stranger, code);
    }

    [Fact]
    public async Task A_run_that_does_not_start_gives_the_invitation_back()
    {
        using Visitor owner = await Fixture.NewVisitorAsync();
        using Visitor stranger = Visitor.Stranger(Fixture.Api.Address);
        Guid project = await owner.FirstProjectAsync();
        (Guid first, _) = await RunAgainAsync(owner, project);
        string code = await InviteAsync(owner, first);
        (DateTimeOffset Began, bool) shown = await ShownAsync(stranger, code);
        Fixture.Executor.OnStart = static context => Results.Problem(
            statusCode: StatusCodes.Status503ServiceUnavailable,
            detail: "No place.",
            extensions: new Dictionary<string, object?> { ["code"] = "no_capacity" }).ExecuteAsync(context);
        using HttpResponseMessage refused = await owner.Http.PostAsJsonAsync("/api/sessions", new { projectId = project });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Fixture.Executor.OnStart = null;

        Assert.Equal(shown, await ShownAsync(stranger, code));
        await WatchAsync(code);
        Assert.True(Fixture.Executor.StreamQueries.ContainsKey(first));
        Assert.Equal(code, (await RunAgainAsync(owner, project)).Invitation);
    }

    private static async Task<(Guid Id, string? Invitation)> RunAgainAsync(Visitor owner, Guid project) =>
        Started(await RunAsync(owner, project));

    private static (Guid Id, string? Invitation) Started(JsonNode session) =>
        (session["id"]!.GetValue<Guid>(), session["invitation"]?.GetValue<string>());

    private static async Task<(DateTimeOffset Began, bool HasEnded)> ShownAsync(Visitor who, string code)
    {
        JsonNode game = await who.GetAsync($"/api/watch/{code}");
        return (game["startedAt"]!.GetValue<DateTimeOffset>(), game["hasEnded"]!.GetValue<bool>());
    }

    private static async Task OverAsync(Visitor who, string code)
    {
        using HttpResponseMessage over = await who.Http.GetAsync($"/api/watch/{code}");
        await Visitor.ProblemOf(over, HttpStatusCode.Gone, "game_over");
    }

    private static async Task TakeBackAsync(Visitor owner, Guid session)
    {
        using HttpResponseMessage taken = await owner.Http.DeleteAsync($"/api/sessions/{session}/invitation");
        Assert.Equal(HttpStatusCode.NoContent, taken.StatusCode);
    }

    /// <summary>Opens the stream of an invitation and waits until it works.</summary>
    private async Task WatchAsync(string code)
    {
        using ClientWebSocket socket = new();
        await socket.ConnectAsync(StreamOf(code), CancellationToken.None);
        await socket.SendAsync(new byte[] { 1, 2, 3 }, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        Assert.Equal([1, 2, 3], await ReceiveAsync(socket));
    }
}
