using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests that what a shared game saves is its player's, and nobody else's.</summary>
public sealed class LinkSavedFileTests(ApiFixture fixture) : LinkTestBase(fixture)
{
    [Fact]
    public async Task What_players_save_is_their_own()
    {
        using Visitor owner = await Fixture.NewVisitorAsync();
        using Visitor ann = await Fixture.NewVisitorAsync();
        using Visitor ben = await Fixture.NewVisitorAsync();
        Guid project = await owner.NewProjectAsync();
        (await owner.SaveAsync(project, "level.txt", "1")).EnsureSuccessStatusCode();
        string code = await CodeAsync(owner, project);
        long annBefore = await UsedAsync(ann), ownerBefore = await UsedAsync(owner);
        using HttpResponseMessage run = await owner.Http.PostAsJsonAsync("/api/sessions", new { projectId = project });
        Guid owners = (await Visitor.JsonOf(run, HttpStatusCode.Created))["id"]!.GetValue<Guid>();
        Guid anns = await PlayAsync(ann, code);
        await SaveByGameAsync(owners, 1, "score.txt", "owner");
        await SaveByGameAsync(anns, 1, "score.txt", "ann!!");
        await SaveByGameAsync(anns, 2, "level.txt", "7");

        // Each gets the own ones back, in the studio as by the link.
        Guid next = await PlayAsync(ann, code);
        Assert.Equal(("ann!!", "7"), (FileOf(next, "score.txt"), FileOf(next, "level.txt")));
        next = await PlayAsync(ben, code);
        Assert.Equal((null, "1"), (FileOf(next, "score.txt"), FileOf(next, "level.txt")));
        Assert.Equal("owner", await owner.Http.GetStringAsync($"/api/projects/{project}/saved/score.txt"));
        Assert.Equal(["level.txt True", "score.txt True"], await ListAsync(ann));
        Assert.Empty(await ListAsync(ben));
        // They count in the quota of their player.
        Assert.Equal((6, 5), (await UsedAsync(ann) - annBefore, await UsedAsync(owner) - ownerBefore));

        // What was saved over an older version of a file is not used with the new one. What the owner types is no version yet.
        (await owner.SaveAsync(project, "level.txt", "2")).EnsureSuccessStatusCode();
        Assert.Equal("7", FileOf(await PlayAsync(ann, code), "level.txt"));
        await RecordAsync(project);
        Assert.Equal(["level.txt False", "score.txt True"], await ListAsync(ann));
        Assert.Equal("2", FileOf(await PlayAsync(ann, code), "level.txt"));

        // In the export of their player only.
        string name = (await owner.GetAsync($"/api/projects/{project}"))["name"]!.GetValue<string>();
        Assert.Contains($"saved by games/{name}/score.txt", await ExportAsync(ann));
        Assert.DoesNotContain(await ExportAsync(ben), static path => path.StartsWith("saved by games/", StringComparison.Ordinal));

        // They stay when the link is revoked, and go with the game.
        Guid link = (await owner.GetAsync($"/api/projects/{project}/links"))[0]!["id"]!.GetValue<Guid>();
        Guid last = await PlayAsync(ann, code);
        (await owner.Http.DeleteAsync($"/api/projects/{project}/links/{link}")).EnsureSuccessStatusCode();
        await SaveByGameAsync(last, 1, "score.txt", "ann at last");
        Assert.Equal(12, await UsedAsync(ann) - annBefore);
        (await owner.Http.DeleteAsync($"/api/projects/{project}")).EnsureSuccessStatusCode();
        (await owner.Http.DeleteAsync($"/api/trash/projects/{project}")).EnsureSuccessStatusCode();
        Assert.Equal(0, await UsedAsync(ann) - annBefore);

        async Task<string[]> ListAsync(Visitor player) =>
        [
            .. (await player.GetAsync($"/api/play/{code}/saved"))["files"]!.AsArray()
                .Select(static file => $"{file!["path"]} {file["used"]!.GetValue<bool>()}"),
        ];
    }

    [Fact]
    public async Task A_player_starts_over_signs_in_and_leaves_with_the_scores()
    {
        using Visitor owner = await Fixture.NewVisitorAsync();
        Guid project = await owner.NewProjectAsync();
        string code = await CodeAsync(owner, project);
        using Visitor person = await Fixture.NewVisitorAsync();
        object credentials = new { name = "player" + Guid.NewGuid().ToString("N")[..8], password = "a long enough passphrase" };
        (await person.Http.PostAsJsonAsync("/api/account/sign-up", credentials)).EnsureSuccessStatusCode();

        // A guest plays and then signs in: the scores come along.
        using (Visitor guest = await Fixture.NewVisitorAsync())
        {
            await SaveByGameAsync(await PlayAsync(guest, code), 1, "score.txt", "10");
            (await guest.Http.PostAsJsonAsync("/api/account/sign-in", credentials)).EnsureSuccessStatusCode();
        }

        Assert.Equal("10", FileOf(await PlayAsync(person, code), "score.txt"));
        // Those of another guest do not replace the account's own.
        using (Visitor guest = await Fixture.NewVisitorAsync())
        {
            await SaveByGameAsync(await PlayAsync(guest, code), 1, "score.txt", "3");
            (await guest.Http.PostAsJsonAsync("/api/account/sign-in", credentials)).EnsureSuccessStatusCode();
        }

        Assert.Equal("10", FileOf(await PlayAsync(person, code), "score.txt"));
        Assert.Equal(HttpStatusCode.NoContent, (await person.Http.DeleteAsync($"/api/play/{code}/saved")).StatusCode);
        Guid session = await PlayAsync(person, code);
        Assert.Null(FileOf(session, "score.txt"));

        await SaveByGameAsync(session, 1, "score.txt", "20");
        Assert.Equal(1, await CountAsync());
        (await person.Http.PostAsJsonAsync("/api/account/delete", new { password = "a long enough passphrase", confirm = "delete" }))
            .EnsureSuccessStatusCode();
        Assert.Equal(0, await CountAsync());
        await owner.GetAsync($"/api/projects/{project}");

        Task<long> CountAsync() => ScalarAsync<long>($"select count(*) from saved_files where project_id = '{project}'");
    }

    private static async Task<long> UsedAsync(Visitor visitor) =>
        (await visitor.GetAsync("/api/me"))["storage"]!["used"]!.GetValue<long>();

    private static async Task<string[]> ExportAsync(Visitor visitor)
    {
        await using ZipArchive zip = new(await visitor.Http.GetStreamAsync("/api/account/export"), ZipArchiveMode.Read);
        return [.. zip.Entries.Select(static entry => entry.FullName)];
    }
}
