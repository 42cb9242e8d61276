using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PixelGameDev.Api.History;
using PixelGameDev.Api.SavedFiles;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Tests.Api;

/// <summary>Shares projects for tests of links.</summary>
public abstract class LinkTestBase(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private protected ApiFixture Fixture => fixture;

    private protected static async Task<JsonNode> ShareAsync(Visitor owner, Guid project, object? request = null)
    {
        using HttpResponseMessage made = await owner.Http.PostAsJsonAsync($"/api/projects/{project}/links", request ?? new { });
        return await Visitor.JsonOf(made, HttpStatusCode.Created);
    }

    private protected static async Task<string> CodeAsync(Visitor owner, Guid project, object? request = null) =>
        (await ShareAsync(owner, project, request))["code"]!.GetValue<string>();

    private protected static async Task<Guid> PlayAsync(Visitor player, string code)
    {
        using HttpResponseMessage started = await player.Http.PostAsJsonAsync($"/api/play/{code}/sessions", new { });
        return (await Visitor.JsonOf(started, HttpStatusCode.Created))["id"]!.GetValue<Guid>();
    }

    /// <summary>Returns the text of a file that the Executor got for a session; null if it got no such file.</summary>
    private protected string? FileOf(Guid session, string path) => fixture.Executor.Started[session].Files
        .FirstOrDefault(file => file.Path == path) is { } file ? Encoding.UTF8.GetString(file.Content) : null;

    /// <summary>Does what happens after each Run: the files become the newest revision.</summary>
    private protected Task RecordAsync(Guid project) =>
        fixture.Api.Services.GetRequiredService<RevisionRecorder>().RecordAsync(project, RevisionReason.Run, CancellationToken.None);

    private protected Task<bool> SaveByGameAsync(Guid session, long changes, string path, string text) =>
        fixture.Api.Services.GetRequiredService<SavedFileStore>().StoreAsync(
            session, changes, [new SavedGameFile(path, Encoding.UTF8.GetBytes(text))], CancellationToken.None);

    private protected async Task<T> ScalarAsync<T>(string sql)
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(fixture.ConnectionString);
        await using NpgsqlCommand command = database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
