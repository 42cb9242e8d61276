using System.Net;
using System.Text.Json.Nodes;
using Npgsql;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>Invites people for tests of watching.</summary>
public abstract class WatchTestBase(ApiFixture fixture) : SessionTestBase(fixture)
{
    private protected static async Task<string> InviteAsync(Visitor owner, Guid session)
    {
        using HttpResponseMessage made = await owner.Http.PostAsync($"/api/sessions/{session}/invitation", null);
        return (await Visitor.JsonOf(made, HttpStatusCode.OK))["code"]!.GetValue<string>();
    }

    private protected static async Task<string> GoneAsync(Visitor who, string code)
    {
        using HttpResponseMessage answer = await who.Http.GetAsync($"/api/watch/{code}");
        JsonNode problem = await Visitor.ProblemOf(answer, HttpStatusCode.NotFound, "not_found");
        problem.AsObject().Remove("traceId");
        problem.AsObject().Remove("instance");
        return problem.ToJsonString();
    }

    private protected Uri StreamOf(string code, string query = "") =>
        new($"ws://{Fixture.Api.Address.Authority}/api/watch/{code}/stream{query}");

    private protected async Task<long> NumberAsync(Guid session) =>
        (long)(await ScalarAsync($"select number from watch_invitations where session_id = '{session}'"))!;

    private protected async Task<object?> ScalarAsync(string sql)
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(Fixture.ConnectionString);
        await using NpgsqlCommand command = database.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Ends a session, as the Executor reports it.</summary>
    private protected async Task EndAsync(Visitor owner, Guid session)
    {
        Fixture.Executor.Sessions[session] = Fixture.Executor.Sessions[session] with
        {
            State = "ended",
            EndedAt = DateTimeOffset.UtcNow,
            EndReason = "finished",
        };
        await owner.GetAsync($"/api/sessions/{session}");
    }
}
