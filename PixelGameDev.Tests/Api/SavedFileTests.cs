using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PixelGameDev.Api.SavedFiles;
using PixelGameDev.Api.Sessions.Records;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Executor;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests that the files of a game are stored for its player and given to the next run.</summary>
public sealed class SavedFileTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private SavedFileStore Store => fixture.Api.Services.GetRequiredService<SavedFileStore>();

    [Fact]
    public async Task The_newest_session_counts_and_a_file_that_its_author_changed_counts_more()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid project = await visitor.FirstProjectAsync();
        (await visitor.SaveAsync(project, "levels.json", "[1]")).Dispose();
        Guid first = await BeginAsync(visitor, project), second = await BeginAsync(visitor, project);

        await StoreAsync(second, 1, ("score.txt", "200"), ("levels.json", "[1, 2]"));
        // The older session ends later; and a repeated message changes nothing.
        await StoreAsync(first, 1, ("score.txt", "100"), ("only.txt", "first"));
        await StoreAsync(first, 1, ("only.txt", "again"));
        Assert.Equal(["levels.json=[1, 2]", "only.txt=first", "score.txt=200"], await GivenAsync(visitor, project));

        // The author changes the file: the saved one is no longer used, and is used again when the author takes the change back.
        (await visitor.SaveAsync(project, "levels.json", "[7]")).Dispose();
        Assert.Equal(["only.txt=first", "score.txt=200"], await GivenAsync(visitor, project));
        JsonNode list = await visitor.GetAsync($"/api/projects/{project}/saved");
        Assert.Equal(
            ["levels.json 6 False", "only.txt 5 True", "score.txt 3 True"],
            list["files"]!.AsArray().Select(static file => $"{file!["path"]} {file["size"]} {file["used"]!.GetValue<bool>()}"));
        // What the running game writes over the older file does not hide the author's change either.
        await StoreAsync(second, 2, ("levels.json", "[1, 2, 3]"));
        Assert.DoesNotContain("levels.json=[1, 2, 3]", await GivenAsync(visitor, project));
        (await visitor.SaveAsync(project, "levels.json", "[1]")).Dispose();
        Assert.Contains("levels.json=[1, 2]", await GivenAsync(visitor, project));

        // Deleted by the newer session: the late message of an older one does not bring it back.
        Guid third = await BeginAsync(visitor, project);
        await StoreAsync(third, 1, ("score.txt", null), ("levels.json", "[1]"));
        await StoreAsync(second, 3, ("score.txt", "300"));
        Assert.Equal(["only.txt=first"], await GivenAsync(visitor, project));
    }

    [Fact]
    public async Task Saved_files_are_bounded_counted_reset_and_go_with_their_project()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid project = await visitor.NewProjectAsync();
        long before = await UsedAsync(visitor);
        Guid first = await BeginAsync(visitor, project);
        await StoreAsync(first, 1, [.. Enumerable.Range(0, SavedFileRules.MaxFiles).Select(static i => ($"old{i}.txt", (string?)"x"))]);
        Guid second = await BeginAsync(visitor, project);
        await StoreAsync(second, 1, ("a b/größe.txt", new string('y', 999_990)), ("z.txt", "1"));
        string[] given = await GivenAsync(visitor, project);
        Assert.Equal(11, given.Length);
        Assert.Equal(1_000_000, await UsedAsync(visitor) - before);

        using (HttpResponseMessage file = await visitor.Http.GetAsync($"/api/projects/{project}/saved/a%20b%2Fgr%C3%B6%C3%9Fe.txt"))
        {
            Assert.Equal(("nosniff", "sandbox; default-src 'none'"),
                (file.Headers.GetValues("X-Content-Type-Options").Single(), file.Headers.GetValues("Content-Security-Policy").Single()));
            Assert.Equal(999_990, (await file.Content.ReadAsByteArrayAsync()).Length);
        }

        using Visitor other = await fixture.NewVisitorAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await other.Http.GetAsync($"/api/projects/{project}/saved")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await other.Http.DeleteAsync($"/api/projects/{project}/saved")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await other.Http.GetAsync($"/api/projects/{project}/saved/z.txt")).StatusCode);

        Assert.Equal(HttpStatusCode.NoContent, (await visitor.Http.DeleteAsync($"/api/projects/{project}/saved/z.txt")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.Http.DeleteAsync($"/api/projects/{project}/saved/z.txt")).StatusCode);
        Assert.Equal(10, (await GivenAsync(visitor, project)).Length);
        Assert.Equal(HttpStatusCode.NoContent, (await visitor.Http.DeleteAsync($"/api/projects/{project}/saved")).StatusCode);
        Assert.Empty(await GivenAsync(visitor, project));
        Assert.Equal(before, await UsedAsync(visitor));

        // Deleted for good with the project; a late message of its game finds nothing.
        await StoreAsync(second, 2, ("late.txt", "x"));
        long project2 = await UsedAsync(visitor);
        (await visitor.Http.DeleteAsync($"/api/projects/{project}")).EnsureSuccessStatusCode();
        await StoreAsync(second, 3, ("later.txt", "x"));
        Assert.Equal(project2, await UsedAsync(visitor));
        (await visitor.Http.DeleteAsync($"/api/trash/projects/{project}")).EnsureSuccessStatusCode();
        await StoreAsync(second, 4, ("latest.txt", "x"));
        Assert.Equal(0, await CountAsync(project));
    }

    [Fact]
    public async Task A_full_account_keeps_what_it_has_and_the_game_is_told_how_much_fits()
    {
        await using RunningApi api = await RunningApi.StartAsync(
            await fixture.CreateDatabaseAsync(), fixture.Executor.Address, "--GUEST_STORAGE_MB=1");
        using Visitor visitor = await Visitor.ArriveAsync(api.Address);
        Guid project = await visitor.FirstProjectAsync();
        long used = await UsedAsync(visitor);
        SavedFileStore store = api.Services.GetRequiredService<SavedFileStore>();
        Guid session = await BeginAsync(visitor, project, api);
        Assert.True(await store.StoreAsync(session, 1, [new SavedGameFile("a.txt", new byte[300_000])], default));
        (await visitor.SaveAsync(project, "big.bin", new byte[600_000])).EnsureSuccessStatusCode();
        Assert.False(await store.StoreAsync(session, 2, [new SavedGameFile("b.txt", new byte[300_000])], default));
        SavedForRun given = await store.ReadForRunAsync(visitor.Id, project, Guid.NewGuid(), null, default);
        Assert.Equal("a.txt", Assert.Single(given.Files).Path);
        Assert.Equal(1_000_000 - 600_000 - used, given.Bytes);
    }

    [Fact]
    public async Task What_a_guest_has_saved_moves_to_the_account_that_it_signs_in_to()
    {
        using Visitor owner = await fixture.NewVisitorAsync();
        string name = "saver" + Guid.NewGuid().ToString("N")[..8];
        object credentials = new { name, password = "a long enough passphrase" };
        (await owner.Http.PostAsJsonAsync("/api/account/sign-up", credentials)).EnsureSuccessStatusCode();
        using Visitor guest = await fixture.NewVisitorAsync();
        Guid project = await guest.NewProjectAsync();
        Guid session = await BeginAsync(guest, project);
        await StoreAsync(session, 1, ("score.txt", "500"));
        (await guest.Http.PostAsJsonAsync("/api/account/sign-in", credentials)).EnsureSuccessStatusCode();
        Assert.Equal("500", await guest.Http.GetStringAsync($"/api/projects/{project}/saved/score.txt"));
    }

    [Fact]
    public async Task A_run_right_after_Stop_gets_what_the_last_one_saved_at_its_end()
    {
        ScriptedSandboxFactory sandboxes = new();
        await using ExecutorHost host =
            await ExecutorHost.StartScriptedAsync(sandboxes, new() { ["EXECUTOR_SECRET_KEY"] = RunningApi.ExecutorSecret });
        await using RunningApi api = await RunningApi.StartAsync(await fixture.CreateDatabaseAsync(), host.Address);
        using Visitor visitor = await Visitor.ArriveAsync(api.Address);
        Guid project = await visitor.FirstProjectAsync();
        (await visitor.SaveAsync(project, "main.py", "# round 1\nopen('score.txt', 'w').write('0')")).Dispose();
        Guid first = await RunAsync(visitor, project);
        ScriptedSandbox sandbox = await sandboxes.OfSessionAsync("# round 1");
        // Stored while the game runs, by the watcher.
        await sandbox.SayAsync(SavedFileMessage.Create("score.txt", "10"u8.ToArray()));
        await Eventually.TrueAsync(async () =>
            (await visitor.GetAsync($"/api/projects/{project}/saved"))["files"]!.AsArray().Count == 1, "the file is stored");

        (await visitor.SaveAsync(project, "main.py", "# round 2\nopen('score.txt', 'w').write('0')")).Dispose();
        (await visitor.Http.PostAsync($"/api/sessions/{first}/stop", null)).Dispose();
        await Eventually.TrueAsync(() => sandbox.Of(MessageType.Stop).Any(), "the first is told to stop");
        await sandbox.SayAsync(SavedFileMessage.Create("score.txt", "20"u8.ToArray()));
        await sandbox.SayEndedAsync(EndReasons.Finished);
        // Whether the record of the first has its end already or not.
        await RunAsync(visitor, project);
        Assert.Contains("20", FileOf(await sandboxes.OfSessionAsync("# round 2"), "score.txt"), StringComparison.Ordinal);
        // The end is recorded, and the Executor holds nothing any more.
        await Eventually.TrueAsync(async () =>
            (await visitor.GetAsync($"/api/sessions/{first}"))["endReason"]?.GetValue<string>() == EndReasons.Stopped,
            "the end is on record");
        Assert.True(host.Get<PixelGameDev.Executor.Sessions.SessionRegistry>().Find(first)!.EndReported.IsCompleted);
    }

    private static string FileOf(ScriptedSandbox sandbox, string path) => sandbox.Of(MessageType.File)
        .Select(static message => Encoding.UTF8.GetString(message)).Single(text => text.Contains(path, StringComparison.Ordinal)
            && !text.Contains("main.py", StringComparison.Ordinal));

    private static async Task<Guid> RunAsync(Visitor visitor, Guid project)
    {
        using HttpResponseMessage run = await visitor.Http.PostAsJsonAsync("/api/sessions", new { projectId = project });
        return (await Visitor.JsonOf(run, HttpStatusCode.Created))["id"]!.GetValue<Guid>();
    }

    private static async Task<long> UsedAsync(Visitor visitor) =>
        (await visitor.GetAsync("/api/me"))["storage"]!["used"]!.GetValue<long>();

    private async Task<Guid> BeginAsync(Visitor visitor, Guid project, RunningApi? api = null)
    {
        Guid id = Guid.NewGuid();
        await (api ?? fixture.Api).Services.GetRequiredService<SessionStore>().BeginAsync(id, visitor.Id, project, "nowhere", default);
        return id;
    }

    private Task<bool> StoreAsync(Guid session, long changes, params (string Path, string? Text)[] files) => Store.StoreAsync(
        session, changes,
        [.. files.Select(static file => new SavedGameFile(file.Path, file.Text is null ? null : Encoding.UTF8.GetBytes(file.Text)))],
        default);

    private async Task<string[]> GivenAsync(Visitor visitor, Guid project) =>
    [
        .. (await Store.ReadForRunAsync(visitor.Id, project, Guid.NewGuid(), null, default)).Files
            .Select(static file => $"{file.Path}={Encoding.UTF8.GetString(file.Content)}").Order(StringComparer.Ordinal),
    ];

    private async Task<long> CountAsync(Guid project)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(fixture.ConnectionString);
        await using NpgsqlCommand command = source.CreateCommand("select count(*) from saved_files where project_id = $1");
        command.Parameters.Add(new() { Value = project });
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
