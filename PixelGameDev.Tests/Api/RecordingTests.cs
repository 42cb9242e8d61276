using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.Recordings;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests that an owner keeps recordings of a game, and that nobody else reaches them.</summary>
public sealed class RecordingTests(ApiFixture fixture) : RecordingTestBase(fixture)
{
    [Fact]
    public async Task A_recording_is_kept_read_in_parts_chosen_and_deleted()
    {
        using Visitor visitor = await Fixture.NewVisitorAsync();
        Guid id = await visitor.NewProjectAsync();
        byte[] file = Recordings.Make(frames: 40, millis: 900);
        Guid session = await PlayAsync(visitor, id, file);
        Assert.Equal(10, Fixture.Executor.Started[session].RecordSeconds);
        long before = await UsedAsync(visitor);

        JsonNode kept = await KeepAsync(visitor, id, session);
        Assert.Equal((64, 48, 900, 40, file.Length), (
            kept["width"]!.GetValue<int>(), kept["height"]!.GetValue<int>(), kept["millis"]!.GetValue<int>(),
            kept["frames"]!.GetValue<int>(), kept["size"]!.GetValue<int>()));
        string name = kept["name"]!.GetValue<string>();
        Assert.Equal(file.Length, await UsedAsync(visitor) - before);
        // Once more is the same.
        Assert.Equal(name, (await KeepAsync(visitor, id, session))["name"]!.GetValue<string>());
        Assert.Equal(file.Length, await UsedAsync(visitor) - before);
        JsonNode list = await visitor.GetAsync(UrlOf(id));
        Assert.Equal(RecordingStore.Most, list["most"]!.GetValue<int>());
        Assert.Equal(name, Assert.Single(list["recordings"]!.AsArray())!["name"]!.GetValue<string>());

        using (HttpResponseMessage whole = await visitor.Http.GetAsync(UrlOf(id, name)))
        {
            Assert.Equal(file, await whole.Content.ReadAsByteArrayAsync());
            Assert.True(whole.Headers.CacheControl is { Private: true, MaxAge.TotalDays: 365, NoCache: false, NoStore: false });
            Assert.Equal("immutable", whole.Headers.CacheControl.Extensions.Single().Name);
            Assert.Equal("nosniff", whole.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal($"\"{name}\"", whole.Headers.ETag!.Tag);
            using HttpResponseMessage same =
                await AskAsync(visitor, id, name, request => request.Headers.IfNoneMatch.Add(whole.Headers.ETag));
            Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        }

        using (HttpResponseMessage part = await AskAsync(visitor, id, name, static request => request.Headers.Range = new(10, 29)))
        {
            Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
            Assert.Equal(new ContentRangeHeaderValue(10, 29, file.Length), part.Content.Headers.ContentRange);
            Assert.Equal(file[10..30], await part.Content.ReadAsByteArrayAsync());
        }

        using (HttpResponseMessage beyond =
            await AskAsync(visitor, id, name, static request => request.Headers.Range = new(9_000_000, null)))
        {
            await Visitor.ProblemOf(beyond, HttpStatusCode.RequestedRangeNotSatisfiable, "bad_range");
        }

        // The first one shows the game, until somebody chooses otherwise.
        Assert.Equal(name, await ShownAsync(visitor, id));
        Guid other = await PlayAsync(visitor, id, Recordings.Make(frames: 3));
        string second = (await KeepAsync(visitor, id, other))["name"]!.GetValue<string>();
        Assert.Equal(name, await ShownAsync(visitor, id));
        await ShowAsync(visitor, id, second, shown: true);
        Assert.Equal(second, await ShownAsync(visitor, id));
        await ShowAsync(visitor, id, name, shown: false);
        Assert.Equal(second, await ShownAsync(visitor, id));
        await ShowAsync(visitor, id, second, shown: false);
        Assert.Null(await ShownAsync(visitor, id));
        await ShowAsync(visitor, id, name, shown: true);

        foreach (string one in new[] { name, second })
        {
            using HttpResponseMessage deleted = await visitor.Http.DeleteAsync(UrlOf(id, one));
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
            await IsMissingAsync(visitor, HttpMethod.Get, UrlOf(id, one));
        }

        Assert.Null(await ShownAsync(visitor, id));
        Assert.Equal(before, await UsedAsync(visitor));
    }

    [Fact]
    public async Task Nobody_else_reaches_a_recording()
    {
        using Visitor owner = await Fixture.NewVisitorAsync();
        using Visitor other = await Fixture.NewVisitorAsync();
        Guid id = await owner.NewProjectAsync();
        Guid session = await PlayAsync(owner, id, Recordings.Make());
        string name = (await KeepAsync(owner, id, session))["name"]!.GetValue<string>();
        Guid others = await other.NewProjectAsync();
        foreach (string url in new[] { UrlOf(id, name), UrlOf(others, name) })
        {
            await IsMissingAsync(other, HttpMethod.Get, url);
            await IsMissingAsync(other, HttpMethod.Delete, url);
            await IsMissingAsync(other, HttpMethod.Patch, url);
        }

        await IsMissingAsync(other, HttpMethod.Get, UrlOf(id));
        // Neither a session of somebody else nor one of another project.
        await IsRefusedAsync(other, others, session, HttpStatusCode.NotFound, "not_found");
        await IsRefusedAsync(owner, await owner.NewProjectAsync(), session, HttpStatusCode.NotFound, "not_found");
        using HttpResponseMessage restart = await other.Http.PostAsync($"/api/sessions/{session}/recording", null);
        await Visitor.ProblemOf(restart, HttpStatusCode.NotFound, "not_found");
        Assert.DoesNotContain(session, Fixture.Executor.Restarted);
        (await owner.Http.GetAsync(UrlOf(id, name))).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task What_is_no_recording_and_what_has_no_room_is_refused()
    {
        using Visitor visitor = await Fixture.NewVisitorAsync();
        Guid id = await visitor.NewProjectAsync();
        byte[] file = Recordings.Make();
        await IsRefusedAsync(visitor, id, await PlayAsync(visitor, id, null), HttpStatusCode.Conflict, "no_recording");
        await IsRefusedAsync(visitor, id, await PlayAsync(visitor, id, file[..^1]), HttpStatusCode.Conflict, "no_recording");
        for (int number = 0; number < RecordingStore.Most; number++)
        {
            await KeepAsync(visitor, id, await PlayAsync(visitor, id, Recordings.Make(frames: 2, millis: 100 + number)));
        }

        await IsRefusedAsync(visitor, id, await PlayAsync(visitor, id, file), HttpStatusCode.Conflict, "too_many_recordings");
        Guid next = await visitor.NewProjectAsync();
        await ExecuteAsync($"update accounts set storage_quota = bytes_used + {file.Length - 1} where id = '{visitor.Id}'");
        Guid session = await PlayAsync(visitor, next, file);
        await IsRefusedAsync(visitor, next, session, HttpStatusCode.RequestEntityTooLarge, "storage_full");
        await ExecuteAsync($"update accounts set storage_quota = bytes_used + {file.Length} where id = '{visitor.Id}'");
        await KeepAsync(visitor, next, session);
    }

    [Fact]
    public async Task A_content_goes_with_the_last_recording_of_it()
    {
        using Visitor visitor = await Fixture.NewVisitorAsync();
        (Guid first, Guid second) = (await visitor.NewProjectAsync(), await visitor.NewProjectAsync());
        byte[] file = Recordings.Make(frames: 7, millis: 777);
        string name = (await KeepAsync(visitor, first, await PlayAsync(visitor, first, file)))["name"]!.GetValue<string>();
        await KeepAsync(visitor, second, await PlayAsync(visitor, second, file));
        long before = await UsedAsync(visitor);

        (await visitor.Http.DeleteAsync($"/api/projects/{first}")).EnsureSuccessStatusCode();
        await IsMissingAsync(visitor, HttpMethod.Get, UrlOf(first, name));
        (await visitor.Http.DeleteAsync($"/api/trash/projects/{first}")).EnsureSuccessStatusCode();
        Assert.InRange(before - await UsedAsync(visitor), file.Length, before);
        await CleanUpAsync();
        Assert.Equal(file, await visitor.Http.GetByteArrayAsync(UrlOf(second, name)));

        (await visitor.Http.DeleteAsync(UrlOf(second, name))).EnsureSuccessStatusCode();
        Assert.Equal(1, await CountBlobsAsync(name));
        await CleanUpAsync();
        Assert.Equal(0, await CountBlobsAsync(name));

        async Task CleanUpAsync()
        {
            await ExecuteAsync(
                $"update discarded_blobs set discarded_at = now() - interval '25 hours' where encode(hash, 'hex') = '{name}'");
            await Fixture.Api.Services.GetRequiredService<ExpiredDataCleanup>().RunAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task The_next_seconds_of_a_game_that_runs_can_be_recorded_and_the_export_has_what_is_kept()
    {
        using Visitor visitor = await Fixture.NewVisitorAsync();
        Guid id = await visitor.NewProjectAsync();
        byte[] file = Recordings.Make(frames: 4, millis: 444);
        Guid session = await PlayAsync(visitor, id, file, end: false);
        using (HttpResponseMessage begun = await visitor.Http.PostAsync($"/api/sessions/{session}/recording", null))
        {
            Assert.Equal(HttpStatusCode.Accepted, begun.StatusCode);
            Assert.Contains(session, Fixture.Executor.Restarted);
        }

        await KeepAsync(visitor, id, session);
        End(session);
        using (HttpResponseMessage late = await visitor.Http.PostAsync($"/api/sessions/{session}/recording", null))
        {
            await Visitor.ProblemOf(late, HttpStatusCode.Conflict, "not_recorded");
        }

        using ZipArchive zip = new(new MemoryStream(await visitor.Http.GetByteArrayAsync("/api/account/export")));
        ZipArchiveEntry entry = Assert.Single(zip.Entries, static one => one.FullName.StartsWith("recordings/", StringComparison.Ordinal));
        Assert.EndsWith(".pgdr", entry.FullName, StringComparison.Ordinal);
        using MemoryStream copy = new();
        await using (Stream content = await entry.OpenAsync())
        {
            await content.CopyToAsync(copy);
        }

        Assert.Equal(file, copy.ToArray());
    }

    [Fact]
    public async Task An_installation_can_record_nothing()
    {
        await using RunningApi api = await RunningApi.StartAsync(
            await Fixture.CreateDatabaseAsync(), Fixture.Executor.Address, "--RECORDING_SECONDS=0");
        using Visitor visitor = await Visitor.ArriveAsync(api.Address);
        Guid session = (await RunAsync(visitor, await visitor.FirstProjectAsync()))["id"]!.GetValue<Guid>();
        Assert.Equal(0, Fixture.Executor.Started[session].RecordSeconds);
        Assert.Equal(0, (await visitor.GetAsync("/api/info"))["limits"]!["recordingSeconds"]!.GetValue<int>());
    }

    private static async Task IsRefusedAsync(Visitor visitor, Guid project, Guid session, HttpStatusCode status, string code)
    {
        using HttpResponseMessage answer = await visitor.Http.PostAsJsonAsync(UrlOf(project), new { session });
        await Visitor.ProblemOf(answer, status, code);
    }

    private static async Task IsMissingAsync(Visitor visitor, HttpMethod method, string url)
    {
        using HttpRequestMessage request = new(method, url);
        request.Content = method == HttpMethod.Patch ? JsonContent.Create(new { shown = true }) : null;
        using HttpResponseMessage answer = await visitor.Http.SendAsync(request);
        await Visitor.ProblemOf(answer, HttpStatusCode.NotFound, "not_found");
    }

    private static async Task<HttpResponseMessage> AskAsync(Visitor visitor, Guid project, string name, Action<HttpRequestMessage> with)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, UrlOf(project, name));
        with(request);
        return await visitor.Http.SendAsync(request);
    }

    private static async Task ShowAsync(Visitor visitor, Guid project, string name, bool shown)
    {
        using HttpResponseMessage answer = await visitor.Http.PatchAsJsonAsync(UrlOf(project, name), new { shown });
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    private static async Task<string?> ShownAsync(Visitor visitor, Guid project) =>
        (await visitor.GetAsync("/api/projects")).AsArray().Single(one => one!["id"]!.GetValue<Guid>() == project)!["recording"]
            ?.GetValue<string>();

    private static async Task<long> UsedAsync(Visitor visitor) =>
        (await visitor.GetAsync("/api/me"))["storage"]!["used"]!.GetValue<long>();

    private async Task<long> CountBlobsAsync(string name)
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(Fixture.ConnectionString);
        await using NpgsqlCommand command = database.CreateCommand("select count(*) from blobs where encode(hash, 'hex') = $1");
        command.Parameters.Add(new() { Value = name });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(Fixture.ConnectionString);
        await using NpgsqlCommand command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
