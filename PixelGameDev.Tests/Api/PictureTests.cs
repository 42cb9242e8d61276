using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.History;
using PixelGameDev.Streaming.Codec;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests that a project and its revisions show how the game looked, to its owner only.</summary>
public sealed class PictureTests(ApiFixture fixture) : SessionTestBase(fixture)
{
    private const string None = "none";

    private static readonly byte[] PngSignature = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    [Fact]
    public async Task Each_revision_keeps_the_picture_of_its_last_run_and_the_project_the_newest_one()
    {
        using Visitor visitor = await Fixture.NewVisitorAsync();
        using Visitor other = await Fixture.NewVisitorAsync();
        Guid id = await visitor.NewProjectAsync();
        Assert.Null(await PictureAsync(visitor, id));

        await PlayAsync(visitor, id, Plain(10));
        string first = (await PictureAsync(visitor, id))!;
        Assert.Equal([first], await PicturesAsync(visitor, id));
        using (HttpResponseMessage picture = await visitor.Http.GetAsync(UrlOf(id, first)))
        {
            Assert.Equal("image/png", picture.Content.Headers.ContentType!.MediaType);
            // The browser keeps it, but the server answers only its owner.
            Assert.True(picture.Headers.CacheControl is { NoCache: true, Private: true, MaxAge: null });
            using HttpRequestMessage kept = new(HttpMethod.Get, UrlOf(id, first));
            kept.Headers.IfNoneMatch.Add(picture.Headers.ETag!);
            using HttpResponseMessage same = await visitor.Http.SendAsync(kept);
            Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
            using HttpRequestMessage elsewhere = new(HttpMethod.Get, UrlOf(id, first));
            elsewhere.Headers.IfNoneMatch.Add(picture.Headers.ETag!);
            using HttpResponseMessage missing = await other.Http.SendAsync(elsewhere);
            Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
            Assert.Equal("nosniff", picture.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal(PngSignature, (await picture.Content.ReadAsByteArrayAsync())[..8]);
        }

        await IsMissingAsync(other, UrlOf(id, first));
        await IsMissingAsync(visitor, UrlOf(id, new string('0', 64)));
        await IsMissingAsync(visitor, UrlOf(await visitor.NewProjectAsync(), first));

        // The same files again: the newer picture takes its place.
        await PlayAsync(visitor, id, Plain(20));
        string second = (await PictureAsync(visitor, id))!;
        Assert.Equal([second], await PicturesAsync(visitor, id));
        await IsMissingAsync(visitor, UrlOf(id, first));

        // Other files: the revision before keeps its own. A run without a picture, or with an impossible one, changes nothing.
        await ChangeAsync(visitor, id, 1);
        await PlayAsync(visitor, id, Plain(30));
        string third = (await PictureAsync(visitor, id))!;
        await ChangeAsync(visitor, id, 2);
        await PlayAsync(visitor, id, new SmallPicture(4, 3, new byte[35]));
        await PlayAsync(visitor, id, null);
        Assert.Equal([None, third, second], await PicturesAsync(visitor, id));
        Assert.Equal(third, await PictureAsync(visitor, id));

        JsonNode copy = await Visitor.JsonOf(
            await visitor.Http.PostAsJsonAsync($"/api/projects/{id}/duplicate", new { }), HttpStatusCode.Created);
        Assert.Equal(third, await PictureAsync(visitor, copy["id"]!.GetValue<Guid>()));
        (await visitor.Http.GetAsync(UrlOf(copy["id"]!.GetValue<Guid>(), third))).EnsureSuccessStatusCode();

        (await visitor.Http.DeleteAsync($"/api/projects/{id}")).EnsureSuccessStatusCode();
        await IsMissingAsync(visitor, UrlOf(id, third));
        (await visitor.Http.DeleteAsync($"/api/trash/projects/{id}")).EnsureSuccessStatusCode();
        Assert.Equal(0, await CountAsync(id));
    }

    [Fact]
    public async Task A_thinned_revision_takes_its_picture_along_but_not_the_newest_one_of_the_project()
    {
        using Visitor visitor = await Fixture.NewVisitorAsync();
        Guid id = await visitor.NewProjectAsync();
        for (int i = 0; i < 3; i++)
        {
            await PlayAsync(visitor, id, Plain(i));
            await ChangeAsync(visitor, id, i);
        }

        // This run has no picture, so the newest one belongs to the revision before.
        await PlayAsync(visitor, id, null);
        string[] pictures = await PicturesAsync(visitor, id);
        Assert.Equal(4, pictures.Length);
        await using (NpgsqlDataSource database = NpgsqlDataSource.Create(Fixture.ConnectionString))
        await using (NpgsqlCommand age = database.CreateCommand(
            "update revisions set created_at = date_trunc('hour', now() - interval '30 hours', 'UTC') where project_id = $1"))
        {
            age.Parameters.Add(new() { Value = id });
            await age.ExecuteNonQueryAsync();
        }

        await Fixture.Api.Services.GetRequiredService<ExpiredDataCleanup>().RunAsync(CancellationToken.None);
        Assert.Equal([None, pictures[3]], await PicturesAsync(visitor, id));
        Assert.Equal(pictures[1], await PictureAsync(visitor, id));
        (await visitor.Http.GetAsync(UrlOf(id, pictures[1]))).EnsureSuccessStatusCode();
        Assert.Equal(2, await CountAsync(id));
    }

    [Fact]
    public async Task A_thinning_that_fails_half_way_keeps_the_revisions_and_their_pictures()
    {
        using Visitor visitor = await Fixture.NewVisitorAsync();
        Guid id = await visitor.NewProjectAsync();
        for (int i = 0; i < 4; i++)
        {
            await PlayAsync(visitor, id, Plain(i));
            await ChangeAsync(visitor, id, i);
        }

        string[] pictures = await PicturesAsync(visitor, id);
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(Fixture.ConnectionString);
        await ExecuteAsync(
            "update revisions set created_at = date_trunc('hour', now() - interval '30 hours', 'UTC') where project_id = '{0}'");
        await ExecuteAsync(
            """
            create function refuse() returns trigger language plpgsql as 'begin raise exception ''the server ends here''; end';
            create trigger refused before delete on pictures for each row when (old.project_id = '{0}') execute function refuse()
            """);
        await using (NpgsqlConnection connection = await database.OpenConnectionAsync())
        {
            await Assert.ThrowsAsync<PostgresException>(() => HistoryThinning.ThinAsync(connection, [id], CancellationToken.None));
        }

        Assert.Equal(pictures, await PicturesAsync(visitor, id));
        await ExecuteAsync("drop function refuse() cascade");
        await using (NpgsqlConnection connection = await database.OpenConnectionAsync())
        {
            await HistoryThinning.ThinAsync(connection, [id], CancellationToken.None);
        }

        Assert.Equal([pictures[0], pictures[^1]], await PicturesAsync(visitor, id));
        Assert.Equal(2, await CountAsync(id));

        async Task ExecuteAsync(string sql)
        {
            await using NpgsqlCommand command = database.CreateCommand(sql.Replace("{0}", $"{id}", StringComparison.Ordinal));
            await command.ExecuteNonQueryAsync();
        }
    }

    /// <summary>Tests a session that an Api of the version before, or one that was killed, has started.</summary>
    [Fact]
    public async Task A_run_that_no_revision_has_gives_its_picture_to_the_project_only()
    {
        using Visitor visitor = await Fixture.NewVisitorAsync();
        Guid id = await visitor.NewProjectAsync();
        Guid session = (await RunAsync(visitor, id))["id"]!.GetValue<Guid>();
        await RecordedAsync(session);
        await ScalarAsync("update sessions set revision = null where id = $1", session);
        await ChangeAsync(visitor, id, 7);
        string[] before = await PicturesAsync(visitor, id);
        await EndAsync(visitor, session, Plain(9));
        await Eventually.TrueAsync(async () => await PictureAsync(visitor, id) is not null, "the project has the picture");
        Assert.Equal(before, await PicturesAsync(visitor, id));
    }

    private static SmallPicture Plain(int level) => new(4, 3, [.. Enumerable.Repeat((byte)level, 36)]);

    private static string UrlOf(Guid project, string picture) => $"/api/projects/{project}/pictures/{picture}";

    private static async Task IsMissingAsync(Visitor visitor, string url)
    {
        using HttpResponseMessage answer = await visitor.Http.GetAsync(url);
        await Visitor.ProblemOf(answer, HttpStatusCode.NotFound, "not_found");
    }

    private static async Task<string?> PictureAsync(Visitor visitor, Guid project) =>
        (await visitor.GetAsync("/api/projects")).AsArray().Single(one => one!["id"]!.GetValue<Guid>() == project)!["picture"]
            ?.GetValue<string>();

    private static async Task<string[]> PicturesAsync(Visitor visitor, Guid project) =>
        [.. (await visitor.GetAsync($"/api/projects/{project}/history/"))["revisions"]!.AsArray()
            .Select(static one => one!["picture"]?.GetValue<string>() ?? None)];

    private static async Task ChangeAsync(Visitor visitor, Guid project, int number)
    {
        using HttpResponseMessage saved = await visitor.SaveAsync(project, "main.py", $"step = {number}\n");
        saved.EnsureSuccessStatusCode();
    }

    /// <summary>Runs the project until the end of its session, its revision and its picture are stored.</summary>
    private async Task PlayAsync(Visitor visitor, Guid project, SmallPicture? picture)
    {
        string? before = await PictureAsync(visitor, project);
        Guid session = (await RunAsync(visitor, project))["id"]!.GetValue<Guid>();
        await EndAsync(visitor, session, picture);
        // A run without a picture has a revision too.
        await RecordedAsync(session);
        if (picture?.IsPossible(picture.Pixels.Length) == true)
        {
            // The watcher may have taken it at the same moment.
            await Eventually.TrueAsync(async () => await PictureAsync(visitor, project) != before, "the picture is stored");
        }
    }

    private Task RecordedAsync(Guid session) => Eventually.TrueAsync(
        async () => await ScalarAsync("select revision from sessions where id = $1", session) is not null, "the run is in the history");

    /// <summary>Ends a session, whose end is on record afterwards.</summary>
    private async Task EndAsync(Visitor visitor, Guid session, SmallPicture? picture)
    {
        if (picture is not null)
        {
            Fixture.Executor.Pictures[session] = picture;
        }

        Fixture.Executor.Sessions[session] = Fixture.Executor.Sessions[session] with
        {
            State = "ended",
            EndedAt = DateTimeOffset.UtcNow,
            EndReason = "finished",
            HasPicture = true,
        };
        // Whoever asks for a session has its end recorded.
        await visitor.GetAsync($"/api/sessions/{session}");
        Assert.Equal("finished", await EndReasonAsync(session));
        Fixture.Executor.Sessions.TryRemove(session, out _);
    }

    private async Task<long> CountAsync(Guid project) =>
        (long)(await ScalarAsync("select count(*) from pictures where project_id = $1", project))!;

    private async Task<object?> ScalarAsync(string sql, Guid id)
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(Fixture.ConnectionString);
        await using NpgsqlCommand command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = id });
        return await command.ExecuteScalarAsync() is { } value and not DBNull ? value : null;
    }
}
