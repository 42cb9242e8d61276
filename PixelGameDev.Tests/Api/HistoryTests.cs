using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.History;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests that earlier states of a project are kept, shown and brought back.</summary>
public sealed class HistoryTests(ApiFixture fixture) : SessionTestBase(fixture)
{
    [Fact]
    public async Task Each_run_of_something_new_is_kept_and_the_beginning_too()
    {
        using Visitor visitor = await Fixture.NewVisitorAsync();
        Guid id = await visitor.FirstProjectAsync();
        string starter = await visitor.Http.GetStringAsync(Visitor.FileUrl(id, "main.py"));
        Assert.Empty((await ListAsync(visitor, id))["revisions"]!.AsArray());
        await SaveAsync(visitor, id, "main.py", "one = 1\n");
        await RunAsync(visitor, id);
        await Eventually.TrueAsync(async () => (await ReasonsAsync(visitor, id)) == "run begin", "the first Run is recorded");
        await RunAsync(visitor, id);
        await SaveAsync(visitor, id, "two.py", "two = 2\n");
        await RunAsync(visitor, id);
        await Eventually.TrueAsync(async () => (await ReasonsAsync(visitor, id)) == "run run begin", "the changed project is recorded");

        JsonNode list = await ListAsync(visitor, id);
        Assert.Equal(1, list["first"]!.GetValue<long>());
        Assert.Equal(["two.py", "main.py", ""], list["revisions"]!.AsArray().Select(ChangedIn));
        JsonNode begin = await visitor.GetAsync($"/api/projects/{id}/history/1");
        Assert.Equal("main.py", begin["entry"]!.GetValue<string>());
        Assert.Equal(
            ["main.py changed", "two.py new"],
            begin["files"]!.AsArray().Select(static file => $"{file!["path"]} {file["state"]}"));
        Assert.Equal(starter, await visitor.Http.GetStringAsync($"/api/projects/{id}/history/1/files/main.py"));
        using HttpResponseMessage missing = await visitor.Http.GetAsync($"/api/projects/{id}/history/1/files/two.py");
        await Visitor.ProblemOf(missing, HttpStatusCode.NotFound, "not_found");
        using HttpResponseMessage never = await visitor.Http.GetAsync($"/api/projects/{id}/history/99");
        await Visitor.ProblemOf(never, HttpStatusCode.NotFound, "not_found");

        static string ChangedIn(JsonNode? revision) =>
            string.Join(' ', revision!["changed"]!.AsArray().Select(static path => path!.GetValue<string>()));
    }

    [Fact]
    public async Task A_restore_brings_all_files_back_and_can_be_taken_back()
    {
        using Visitor visitor = await Fixture.NewVisitorAsync();
        Guid id = await visitor.FirstProjectAsync();
        string starter = await visitor.Http.GetStringAsync(Visitor.FileUrl(id, "main.py"));
        byte[] picture = [0x89, 0x50, 0, 255];
        await SaveAsync(visitor, id, "main.py", "mine = True\n");
        await SaveAsync(visitor, id, "untouched.txt", "same");
        using (HttpResponseMessage saved = await visitor.SaveAsync(id, "hero.png", picture))
        {
            saved.EnsureSuccessStatusCode();
        }

        using (HttpResponseMessage entry = await visitor.Http.PatchAsJsonAsync($"/api/projects/{id}", new { entry = "main.py" }))
        {
            entry.EnsureSuccessStatusCode();
        }

        JsonNode first = await RestoreAsync(visitor, id, 1);
        Assert.Equal(["main.py"], PathsOf(first["project"]!));
        Assert.Equal(starter, await visitor.Http.GetStringAsync(Visitor.FileUrl(id, "main.py")));
        Assert.Equal("restore before_restore begin", await ReasonsAsync(visitor, id));

        // The restore is a change like any other: an older window is asked.
        using (HttpResponseMessage late = await visitor.SaveAsync(id, "main.py", "late", "\"2\""))
        {
            await Visitor.ProblemOf(late, HttpStatusCode.PreconditionFailed, "changed_elsewhere");
        }

        JsonNode undone = await RestoreAsync(visitor, id, first["before"]!.GetValue<long>());
        Assert.Equal(["hero.png", "main.py", "untouched.txt"], PathsOf(undone["project"]!));
        Assert.Equal("mine = True\n", await visitor.Http.GetStringAsync(Visitor.FileUrl(id, "main.py")));
        Assert.Equal(picture, await visitor.Http.GetByteArrayAsync(Visitor.FileUrl(id, "hero.png")));

        // One file; the other keeps its revision, so no window sees a change in it.
        await SaveAsync(visitor, id, "main.py", "newer = True\n");
        JsonNode one = await RestoreAsync(visitor, id, 1, "main.py");
        Assert.Equal(["hero.png", "main.py", "untouched.txt"], PathsOf(one["project"]!));
        Assert.Equal(starter, await visitor.Http.GetStringAsync(Visitor.FileUrl(id, "main.py")));
        Assert.Equal(
            undone["project"]!["files"]!.AsArray()[0]!["revision"]!.GetValue<long>(),
            one["project"]!["files"]!.AsArray()[0]!["revision"]!.GetValue<long>());
        Assert.Equal("main.py", (await ListAsync(visitor, id))["revisions"]![0]!["path"]!.GetValue<string>());

        // Nothing to do is no revision.
        string reasons = await ReasonsAsync(visitor, id);
        await RestoreAsync(visitor, id, 1, "main.py");
        Assert.Equal(reasons, await ReasonsAsync(visitor, id));
        using HttpResponseMessage unknown = await visitor.Http.PostAsJsonAsync(
            $"/api/projects/{id}/history/1/restore", new { path = "hero.png" });
        await Visitor.ProblemOf(unknown, HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task One_file_does_not_come_back_beside_a_folder_of_its_name()
    {
        using Visitor visitor = await Fixture.NewVisitorAsync();
        Guid id = await visitor.FirstProjectAsync();
        await SaveAsync(visitor, id, "images", "a file");
        await RecordAsync(id, RevisionReason.Run);
        long number = (await ListAsync(visitor, id))["revisions"]![0]!["number"]!.GetValue<long>();
        using (HttpResponseMessage deleted = await visitor.Http.DeleteAsync(Visitor.FileUrl(id, "images")))
        {
            deleted.EnsureSuccessStatusCode();
        }

        await SaveAsync(visitor, id, "images/hero.txt", "in a folder");
        using HttpResponseMessage refused = await visitor.Http.PostAsJsonAsync(
            $"/api/projects/{id}/history/{number}/restore", new { path = "images" });
        await Visitor.ProblemOf(refused, HttpStatusCode.Conflict, "file_and_folder");
        await RestoreAsync(visitor, id, number);
        Assert.Equal("a file", await visitor.Http.GetStringAsync(Visitor.FileUrl(id, "images")));
    }

    [Fact]
    public async Task An_upload_over_a_file_and_a_pause_are_kept_and_a_project_that_is_at_rest_is_not_kept_again()
    {
        using Visitor visitor = await Fixture.NewVisitorAsync();
        Guid id = await visitor.FirstProjectAsync();
        await SaveAsync(visitor, id, "main.py", "one = 1\n");
        using (HttpRequestMessage request = new(HttpMethod.Put, $"{Visitor.FileUrl(id, "main.py")}?keepReplaced=true")
        {
            Content = new StringContent("two = 2\n"),
        })
        using (HttpResponseMessage replaced = await visitor.Http.SendAsync(request))
        {
            replaced.EnsureSuccessStatusCode();
        }

        Assert.Equal("before_replace begin", await ReasonsAsync(visitor, id));
        PauseRecorder pauses = Fixture.Api.Services.GetRequiredService<PauseRecorder>();
        await pauses.RecordAsync(CancellationToken.None);
        Assert.Equal("before_replace begin", await ReasonsAsync(visitor, id));
        await ExecuteAsync("update projects set updated_at = now() - interval '6 minutes' where id = $1", id);
        await pauses.RecordAsync(CancellationToken.None);
        await pauses.RecordAsync(CancellationToken.None);
        Assert.Equal("pause before_replace begin", await ReasonsAsync(visitor, id));
        // The same files ran: that says more than a pause.
        await RecordAsync(id, RevisionReason.Run);
        Assert.Equal("run before_replace begin", await ReasonsAsync(visitor, id));
    }

    /// <summary>The files of an installation before the upgrade have no hash yet, and their project no revision.</summary>
    [Fact]
    public async Task A_project_of_the_version_before_gets_its_history_with_its_next_run()
    {
        using Visitor visitor = await Fixture.NewVisitorAsync();
        Guid id = await visitor.FirstProjectAsync();
        await SaveAsync(visitor, id, "main.py", "old = True\n");
        await ExecuteAsync("delete from revisions where project_id = $1", id);
        await ExecuteAsync("update files set content_hash = null where project_id = $1", id);
        await RunAsync(visitor, id);
        await Eventually.TrueAsync(async () => (await ReasonsAsync(visitor, id)) == "run", "the Run is recorded");
        await SaveAsync(visitor, id, "main.py", "new = True\n");
        await RestoreAsync(visitor, id, (await ListAsync(visitor, id))["first"]!.GetValue<long>());
        Assert.Equal("old = True\n", await visitor.Http.GetStringAsync(Visitor.FileUrl(id, "main.py")));
    }

    [Fact]
    public async Task Old_revisions_are_thinned_and_what_nobody_needs_is_removed_a_day_later()
    {
        using Visitor visitor = await Fixture.NewVisitorAsync();
        using Visitor other = await Fixture.NewVisitorAsync();
        Guid id = await visitor.FirstProjectAsync();
        Guid shared = await other.FirstProjectAsync();
        for (int i = 0; i < 8; i++)
        {
            await SaveAsync(visitor, id, "main.py", $"step = {i}\n# {id}\n");
            await RecordAsync(id, RevisionReason.Run);
        }

        // The other project has one of the contents, and that alone must stay.
        await SaveAsync(other, shared, "main.py", $"step = 1\n# {id}\n");
        await RecordAsync(shared, RevisionReason.Run);
        // Three in an hour of yesterday, three in a day of last month, two of today (numbers 2 to 9).
        await ExecuteAsync(
            """
            update revisions set created_at = case
                when number between 2 and 4 then date_trunc('day', now() - interval '30 days', 'UTC') + number * interval '1 hour'
                when number between 5 and 7 then date_trunc('hour', now() - interval '30 hours', 'UTC') + number * interval '1 minute'
                else now() end
            where project_id = $1
            """,
            id);
        ExpiredDataCleanup housekeeping = Fixture.Api.Services.GetRequiredService<ExpiredDataCleanup>();
        await housekeeping.RunAsync(CancellationToken.None);
        Assert.Equal("9 8 7 4 1", string.Join(' ', await NumbersAsync(visitor, id)));
        Assert.Equal(8, await CountBlobsAsync(id));

        await ExecuteAsync("update discarded_trees set discarded_at = now() - interval '2 days' where $1::uuid is not null", id);
        await housekeeping.RunAsync(CancellationToken.None);
        await ExecuteAsync("update discarded_blobs set discarded_at = now() - interval '2 days' where $1::uuid is not null", id);
        await housekeeping.RunAsync(CancellationToken.None);
        // Of steps 0, 1, 3 and 4 (numbers 2, 3, 5 and 6), the other project needs step 1.
        Assert.Equal(5, await CountBlobsAsync(id));
        await RestoreAsync(visitor, id, 4);
        Assert.Equal($"step = 2\n# {id}\n", await visitor.Http.GetStringAsync(Visitor.FileUrl(id, "main.py")));

        // A project that is gone for good takes its history along, except what others need.
        await ExecuteAsync("delete from projects where id = $1", id);
        await ExecuteAsync(
            "update discarded_trees set discarded_at = now() - interval '2 days' where $1::uuid is not null", id);
        await housekeeping.RunAsync(CancellationToken.None);
        await ExecuteAsync("update discarded_blobs set discarded_at = now() - interval '2 days' where $1::uuid is not null", id);
        await housekeeping.RunAsync(CancellationToken.None);
        Assert.Equal(1, await CountBlobsAsync(id));
    }

    [Fact]
    public async Task The_list_comes_in_pages_and_the_history_of_an_account_has_a_bound()
    {
        await using RunningApi api = await RunningApi.StartAsync(await Fixture.CreateDatabaseAsync(), null, "--GUEST_STORAGE_MB=1");
        await api.WaitUntilHealthyAsync();
        using Visitor visitor = await Visitor.ArriveAsync(api.Address);
        Guid id = await visitor.FirstProjectAsync();
        RevisionRecorder recorder = api.Services.GetRequiredService<RevisionRecorder>();
        for (int i = 0; i < HistoryStore.PageSize + 5; i++)
        {
            await SaveAsync(visitor, id, "main.py", $"step = {i}\n");
            await recorder.RecordAsync(id, RevisionReason.Run, CancellationToken.None);
        }

        JsonNode page = await ListAsync(visitor, id);
        Assert.Equal(HistoryStore.PageSize, page["revisions"]!.AsArray().Count);
        long last = page["revisions"]!.AsArray()[^1]!["number"]!.GetValue<long>();
        JsonNode rest = await visitor.GetAsync($"/api/projects/{id}/history/?before={last}");
        Assert.Equal(6, rest["revisions"]!.AsArray().Count);
        Assert.Equal(1, rest["revisions"]!.AsArray()[^1]!["number"]!.GetValue<long>());

        // Each of these is new and takes more than a third of the megabyte.
        for (int i = 0; i < 5; i++)
        {
            byte[] noise = new byte[400_000];
            new Random(i).NextBytes(noise);
            using HttpResponseMessage saved = await visitor.SaveAsync(id, "noise.bin", noise);
            saved.EnsureSuccessStatusCode();
            await recorder.RecordAsync(id, RevisionReason.Run, CancellationToken.None);
        }

        long[] kept = await NumbersAsync(visitor, id);
        Assert.Equal(3, kept.Length);
        Assert.Equal(1, kept[^1]);
    }

    private static Task<JsonNode> ListAsync(Visitor visitor, Guid project) => visitor.GetAsync($"/api/projects/{project}/history/");

    private static async Task<string> ReasonsAsync(Visitor visitor, Guid project) => string.Join(
        ' ', (await ListAsync(visitor, project))["revisions"]!.AsArray().Select(static one => one!["reason"]!.GetValue<string>()));

    private static async Task<long[]> NumbersAsync(Visitor visitor, Guid project) =>
        [.. (await ListAsync(visitor, project))["revisions"]!.AsArray().Select(static one => one!["number"]!.GetValue<long>())];

    private static async Task SaveAsync(Visitor visitor, Guid project, string path, string text)
    {
        using HttpResponseMessage saved = await visitor.SaveAsync(project, path, text);
        saved.EnsureSuccessStatusCode();
    }

    private static async Task<JsonNode> RestoreAsync(Visitor visitor, Guid project, long number, string? path = null)
    {
        using HttpResponseMessage restored = await visitor.Http.PostAsJsonAsync(
            $"/api/projects/{project}/history/{number}/restore", new { path });
        return await Visitor.JsonOf(restored, HttpStatusCode.OK);
    }

    private static IEnumerable<string> PathsOf(JsonNode project) =>
        project["files"]!.AsArray().Select(static file => file!["path"]!.GetValue<string>());

    private Task<long?> RecordAsync(Guid project, string reason) =>
        Fixture.Api.Services.GetRequiredService<RevisionRecorder>().RecordAsync(project, reason, CancellationToken.None);

    private async Task<long> CountBlobsAsync(Guid project)
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(Fixture.ConnectionString);
        await using NpgsqlCommand command = database.CreateCommand(
            "select count(*) from blobs where position(convert_to($1, 'UTF8') in content) > 0");
        command.Parameters.Add(new() { Value = $"# {project}\n" });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task ExecuteAsync(string sql, Guid id)
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(Fixture.ConnectionString);
        await using NpgsqlCommand command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = id });
        await command.ExecuteNonQueryAsync();
    }
}
