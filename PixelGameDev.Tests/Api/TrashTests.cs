using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Npgsql;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests that deleted and replaced files can be restored for 30 days.</summary>
public sealed class TrashTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task A_deleted_project_is_gone_everywhere_but_in_the_trash_and_comes_back_whole()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.NewProjectAsync();
        (await visitor.SaveAsync(id, "notes.txt", "precious")).EnsureSuccessStatusCode();
        (await visitor.Http.DeleteAsync($"/api/projects/{id}")).EnsureSuccessStatusCode();

        using (HttpResponseMessage read = await visitor.Http.GetAsync($"/api/projects/{id}"))
        using (HttpResponseMessage file = await visitor.Http.GetAsync(Visitor.FileUrl(id, "notes.txt")))
        using (HttpResponseMessage write = await visitor.SaveAsync(id, "notes.txt", "late"))
        using (HttpResponseMessage run = await visitor.Http.PostAsJsonAsync("/api/sessions", new { projectId = id }))
        {
            Assert.All([read, file, write, run], response => Assert.Equal(HttpStatusCode.NotFound, response.StatusCode));
        }

        JsonNode trashed = Assert.Single((await visitor.GetAsync("/api/trash")).AsArray())!;
        Assert.Equal(id, trashed["id"]!.GetValue<Guid>());
        Assert.True(trashed["bytes"]!.GetValue<long>() > "precious".Length);
        Assert.Equal(
            TimeSpan.FromDays(30), trashed["expiresAt"]!.GetValue<DateTimeOffset>() - trashed["deletedAt"]!.GetValue<DateTimeOffset>());

        using HttpResponseMessage restored = await visitor.Http.PostAsync($"/api/projects/{id}/restore", null);
        Assert.Equal(id, (await Visitor.JsonOf(restored, HttpStatusCode.OK))["id"]!.GetValue<Guid>());
        Assert.Equal("precious", await visitor.Http.GetStringAsync(Visitor.FileUrl(id, "notes.txt")));
        Assert.Empty((await visitor.GetAsync("/api/trash")).AsArray());
        using HttpResponseMessage again = await visitor.Http.PostAsync($"/api/projects/{id}/restore", null);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
    }

    [Fact]
    public async Task A_deleted_file_comes_back_at_its_path_or_at_another_one()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.FirstProjectAsync();
        (await visitor.SaveAsync(id, "notes.txt", "precious")).EnsureSuccessStatusCode();
        using HttpResponseMessage deleted = await visitor.Http.DeleteAsync(Visitor.FileUrl(id, "notes.txt"));
        string address = deleted.Headers.Location!.OriginalString;
        JsonNode item = Assert.Single((await visitor.GetAsync($"/api/projects/{id}/trash")).AsArray())!;
        Assert.Equal("notes.txt", item["path"]!.GetValue<string>());
        Assert.Equal("deleted", item["reason"]!.GetValue<string>());
        Assert.EndsWith(item["id"]!.GetValue<string>(), address, StringComparison.Ordinal);

        // Another file has the name now. The restore overwrites nothing.
        (await visitor.SaveAsync(id, "notes.txt", "newer")).EnsureSuccessStatusCode();
        using (HttpResponseMessage taken = await visitor.Http.PostAsync($"{address}/restore", null))
        {
            await Visitor.ProblemOf(taken, HttpStatusCode.Conflict, "file_exists");
        }

        using HttpResponseMessage restored = await visitor.Http.PostAsJsonAsync($"{address}/restore", new { path = "old/notes.txt" });
        Assert.Equal("old/notes.txt", (await Visitor.JsonOf(restored, HttpStatusCode.OK))["path"]!.GetValue<string>());
        Assert.Equal("precious", await visitor.Http.GetStringAsync(Visitor.FileUrl(id, "old/notes.txt")));
        Assert.Equal("newer", await visitor.Http.GetStringAsync(Visitor.FileUrl(id, "notes.txt")));
        Assert.Empty((await visitor.GetAsync($"/api/projects/{id}/trash")).AsArray());
    }

    [Fact]
    public async Task An_upload_over_a_file_can_be_undone_and_the_undo_too()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.FirstProjectAsync();
        (await visitor.SaveAsync(id, "hero.bin", [1, 0, 1])).EnsureSuccessStatusCode();
        using HttpResponseMessage uploaded = await visitor.Http.PutAsync(
            $"{Visitor.FileUrl(id, "hero.bin")}?keepReplaced=true", new ByteArrayContent([2, 0, 2, 2]));
        string replaced = (await Visitor.JsonOf(uploaded, HttpStatusCode.OK))["replaced"]!.GetValue<string>();
        Assert.Equal("replaced", (await visitor.GetAsync($"/api/projects/{id}/trash"))[0]!["reason"]!.GetValue<string>());

        using HttpResponseMessage undone =
            await visitor.Http.PostAsJsonAsync($"/api/projects/{id}/trash/{replaced}/restore", new { replace = true });
        string redo = (await Visitor.JsonOf(undone, HttpStatusCode.OK))["replaced"]!.GetValue<string>();
        Assert.Equal(new byte[] { 1, 0, 1 }, await visitor.Http.GetByteArrayAsync(Visitor.FileUrl(id, "hero.bin")));
        (await visitor.Http.PostAsJsonAsync($"/api/projects/{id}/trash/{redo}/restore", new { replace = true })).EnsureSuccessStatusCode();
        Assert.Equal(new byte[] { 2, 0, 2, 2 }, await visitor.Http.GetByteArrayAsync(Visitor.FileUrl(id, "hero.bin")));

        // An ordinary save keeps no old version: the editor saves twice a second.
        using HttpResponseMessage saved = await visitor.SaveAsync(id, "hero.bin", [3, 0]);
        Assert.Null((await Visitor.JsonOf(saved, HttpStatusCode.OK))["replaced"]);
    }

    [Fact]
    public async Task What_is_removed_from_the_trash_is_gone()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.NewProjectAsync();
        (await visitor.SaveAsync(id, "notes.txt", "precious")).EnsureSuccessStatusCode();
        using HttpResponseMessage deleted = await visitor.Http.DeleteAsync(Visitor.FileUrl(id, "notes.txt"));
        (await visitor.Http.DeleteAsync(deleted.Headers.Location)).EnsureSuccessStatusCode();
        using HttpResponseMessage file = await visitor.Http.PostAsync($"{deleted.Headers.Location}/restore", null);
        Assert.Equal(HttpStatusCode.NotFound, file.StatusCode);

        (await visitor.Http.DeleteAsync($"/api/projects/{id}")).EnsureSuccessStatusCode();
        (await visitor.Http.DeleteAsync($"/api/trash/projects/{id}")).EnsureSuccessStatusCode();
        using HttpResponseMessage project = await visitor.Http.PostAsync($"/api/projects/{id}/restore", null);
        Assert.Equal(HttpStatusCode.NotFound, project.StatusCode);
    }

    [Fact]
    public async Task The_trash_of_a_guest_comes_along_into_an_account()
    {
        using Visitor first = await fixture.NewVisitorAsync();
        string name = $"n{Guid.NewGuid():N}"[..12];
        (await first.Http.PostAsJsonAsync("/api/account/sign-up", new { name, password = "nine green whales" })).EnsureSuccessStatusCode();
        using Visitor second = await fixture.NewVisitorAsync();
        Guid id = await second.NewProjectAsync();
        (await second.Http.DeleteAsync($"/api/projects/{id}")).EnsureSuccessStatusCode();
        (await second.Http.PostAsJsonAsync("/api/account/sign-in", new { name, password = "nine green whales" })).EnsureSuccessStatusCode();
        (await second.Http.PostAsync($"/api/projects/{id}/restore", null)).EnsureSuccessStatusCode();
    }

    /// <summary>Tests the triggers of the database that count bytes: after any operation the sums equal those of the rows.</summary>
    [Fact]
    public async Task Bytes_used_are_the_bytes_that_are_there()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid first = await visitor.FirstProjectAsync();
        Guid second = await visitor.NewProjectAsync();
        (await visitor.SaveAsync(first, "a.txt", new string('a', 1000))).EnsureSuccessStatusCode();
        (await visitor.SaveAsync(first, "a.txt", new string('a', 10))).EnsureSuccessStatusCode();
        (await visitor.SaveAsync(second, "b.txt", new string('b', 500))).EnsureSuccessStatusCode();
        using HttpResponseMessage deleted = await visitor.Http.DeleteAsync(Visitor.FileUrl(second, "b.txt"));
        await AssertCountedAsync(visitor);
        (await visitor.Http.PostAsync($"{deleted.Headers.Location}/restore", null)).EnsureSuccessStatusCode();
        await AssertCountedAsync(visitor);
        (await visitor.Http.DeleteAsync($"/api/projects/{second}")).EnsureSuccessStatusCode();
        await AssertCountedAsync(visitor);
        (await visitor.Http.DeleteAsync($"/api/trash/projects/{second}")).EnsureSuccessStatusCode();
        await AssertCountedAsync(visitor);
    }

    private async Task AssertCountedAsync(Visitor visitor)
    {
        JsonNode storage = (await visitor.GetAsync("/api/me"))["storage"]!;
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(fixture.ConnectionString);
        await using NpgsqlCommand command = database.CreateCommand(
            """
            select sum(bytes)::bigint from (
                select octet_length(f.content) as bytes from files f join projects p on p.id = f.project_id where $1 in (p.owner_id, p.trashed_owner_id)
                union all
                select octet_length(f.content) from trashed_files f join projects p on p.id = f.project_id where $1 in (p.owner_id, p.trashed_owner_id)) every
            """);
        command.Parameters.Add(new() { Value = visitor.Id });
        Assert.Equal((long)(await command.ExecuteScalarAsync())!, storage["used"]!.GetValue<long>());
        Assert.Equal(50_000_000, storage["quota"]!.GetValue<long>());
    }
}
