using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace PixelGameDev.Tests.Api;

/// <summary>Plays games whose recordings are kept.</summary>
public abstract class RecordingTestBase(ApiFixture fixture) : SessionTestBase(fixture)
{
    private protected static string UrlOf(Guid project, string name = "") => $"/api/projects/{project}/recordings/{name}";

    private protected static async Task<JsonNode> KeepAsync(Visitor visitor, Guid project, Guid session) => await Visitor.JsonOf(
        await visitor.Http.PostAsJsonAsync(UrlOf(project), new { session }), HttpStatusCode.Created);

    /// <summary>Runs a project; the Executor has recorded <paramref name="file"/>.</summary>
    private protected async Task<Guid> PlayAsync(Visitor visitor, Guid project, byte[]? file, bool end = true)
    {
        Guid session = (await RunAsync(visitor, project))["id"]!.GetValue<Guid>();
        if (file is not null)
        {
            Fixture.Executor.Recordings[session] = file;
        }

        if (end)
        {
            End(session);
        }

        return session;
    }

    private protected void End(Guid session) => Fixture.Executor.Sessions[session] = Fixture.Executor.Sessions[session] with
    {
        State = "ended",
        EndedAt = DateTimeOffset.UtcNow,
        EndReason = "finished",
    };
}
