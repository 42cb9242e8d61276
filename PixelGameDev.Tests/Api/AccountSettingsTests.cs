using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.History;
using PixelGameDev.Api.History.Pictures;
using PixelGameDev.Api.Security.Authentication;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests what people do with their account as a whole: leave a computer, take everything along, delete it.</summary>
public sealed class AccountSettingsTests(ApiFixture fixture) : AccountTestBase(fixture)
{
    [Fact]
    public async Task Signing_out_everywhere_ends_every_browser_and_every_token()
    {
        string name = NewName();
        using Visitor home = await SignedUpAsync(name);
        using Visitor school = Visitor.Stranger(Fixture.Api.Address);
        (await PostAsync(school, "sign-in", name, Password)).EnsureSuccessStatusCode();
        using HttpClient program = Program(await TokenAsync(name, Password));
        string cookie = home.Cookies.GetCookieHeader(Fixture.Api.Address);

        (await home.Http.PostAsync("/api/account/sign-out-everywhere", null)).EnsureSuccessStatusCode();

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfAsync("/api/projects", cookie));
        Assert.Equal(HttpStatusCode.Unauthorized, (await school.Http.GetAsync("/api/projects")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await program.GetAsync("/api/projects")).StatusCode);
        using Visitor again = Visitor.Stranger(Fixture.Api.Address);
        (await PostAsync(again, "sign-in", name, Password)).EnsureSuccessStatusCode();

        using Visitor guest = await Fixture.NewVisitorAsync();
        using HttpResponseMessage refused = await guest.Http.PostAsync("/api/account/sign-out-everywhere", null);
        await Visitor.ProblemOf(refused, HttpStatusCode.Conflict, "guest_keeps_games");
    }

    [Fact]
    public async Task A_fresh_start_leaves_nothing_of_a_guest_in_the_browser()
    {
        string name = NewName();
        using Visitor home = await SignedUpAsync(name);
        using Visitor shared = await Fixture.NewVisitorAsync();
        await shared.NewProjectAsync();
        string guestsCookie = shared.Cookies.GetCookieHeader(Fixture.Api.Address);
        (await shared.Http.PostAsJsonAsync("/api/account/sign-in", new { name, password = Password, bringGames = false }))
            .EnsureSuccessStatusCode();
        string accountsCookie = shared.Cookies.GetCookieHeader(Fixture.Api.Address);
        Assert.Contains(ParkedGuest.Name, accountsCookie, StringComparison.Ordinal);
        Assert.Contains(DeviceCookie.Name, accountsCookie, StringComparison.Ordinal);

        (await shared.Http.PostAsync("/api/account/start-fresh", null)).EnsureSuccessStatusCode();

        Assert.Equal("", shared.Cookies.GetCookieHeader(Fixture.Api.Address));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfAsync("/api/projects", guestsCookie));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfAsync("/api/projects", accountsCookie));
        // The account itself stays, and so does its own browser.
        Assert.Equal(home.Id, (await home.GetAsync("/api/me"))["id"]!.GetValue<Guid>());
    }

    [Fact]
    public async Task Everything_of_a_person_and_nothing_of_another_is_in_the_zip()
    {
        string name = NewName();
        using Visitor visitor = await SignedUpAsync(name);
        Guid game = await visitor.NewProjectAsync();
        byte[] picture = new byte[300_000];
        Random.Shared.NextBytes(picture);
        (await visitor.Http.PatchAsJsonAsync($"/api/projects/{game}", new { name = "Fluß: 3/4 \"Boote\"", folder = "School" }))
            .EnsureSuccessStatusCode();
        (await visitor.SaveAsync(game, "images/größe.png", picture)).EnsureSuccessStatusCode();
        (await visitor.SaveAsync(game, "old.py", "old = True\n")).EnsureSuccessStatusCode();
        (await visitor.Http.DeleteAsync(Visitor.FileUrl(game, "old.py"))).EnsureSuccessStatusCode();
        await Fixture.Api.Services.GetRequiredService<RevisionRecorder>()
            .RecordAsync(game, RevisionReason.Run, CancellationToken.None);
        PictureStore pictures = Fixture.Api.Services.GetRequiredService<PictureStore>();
        byte[] first = [1, 2, 3];
        byte[] last = new byte[200_000];
        Random.Shared.NextBytes(last);
        JsonArray history = (await visitor.GetAsync($"/api/projects/{game}/history"))["revisions"]!.AsArray();
        await pictures.StoreAsync(game, history[1]!["number"]!.GetValue<long>(), first, CancellationToken.None);
        await pictures.StoreAsync(game, history[0]!["number"]!.GetValue<long>(), last, CancellationToken.None);
        Guid deleted = await visitor.NewProjectAsync();
        (await visitor.SaveAsync(deleted, "kept.txt", "still here")).EnsureSuccessStatusCode();
        await pictures.StoreAsync(deleted, null, first, CancellationToken.None);
        (await visitor.Http.DeleteAsync($"/api/projects/{deleted}")).EnsureSuccessStatusCode();
        (await visitor.Http.PostAsJsonAsync("/api/sessions", new { projectId = game })).EnsureSuccessStatusCode();
        await ExecuteAsync(
            $"""
            insert into saved_files (account_id, project_id, path, content, session_at)
            values ('{visitor.Id}', '{game}', 'scores/best.txt', '42', now())
            """);
        using Visitor other = await SignedUpAsync(NewName());

        using HttpResponseMessage response = await visitor.Http.GetAsync("/api/account/export", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("application/zip", response.Content.Headers.ContentType!.MediaType);
        Assert.EndsWith(".zip", response.Content.Headers.ContentDisposition!.FileName!.Trim('"'), StringComparison.Ordinal);
        // It is sent while it is written, so nobody knows its length before.
        Assert.Null(response.Content.Headers.ContentLength);
        using ZipArchive zip = new(await response.Content.ReadAsStreamAsync());
        Assert.Equal(picture, await ReadAsync(zip, "games/Fluß_ 3_4 _Boote_/images/größe.png"));
        Assert.Equal("old = True\n", Encoding.UTF8.GetString(await ReadAsync(zip, zip.Entries.Single(static one =>
            one.FullName.StartsWith("deleted files/games/", StringComparison.Ordinal)).FullName)));
        Assert.Equal("still here", Encoding.UTF8.GetString(await ReadAsync(zip, zip.Entries.Single(static one =>
            one.FullName.StartsWith("deleted games/", StringComparison.Ordinal) && one.Name == "kept.txt").FullName)));
        Assert.Equal("42", Encoding.UTF8.GetString(await ReadAsync(zip, "saved by games/Fluß_ 3_4 _Boote_/scores/best.txt")));
        // Each revision has what it changed: the picture is in the second one only, and the code of the template in the first one.
        const string inZip = "history/games/Fluß_ 3_4 _Boote_/";
        JsonArray revisions = JsonNode.Parse(await ReadAsync(zip, inZip + "revisions.json"))!.AsArray();
        Assert.Equal(["begin", "run"], revisions.Select(static one => one!["reason"]!.GetValue<string>()));
        Assert.Contains("main.py", revisions[0]!["changed"]!.AsArray().Select(static one => one!.GetValue<string>()));
        Assert.Equal(["images/größe.png"], revisions[1]!["changed"]!.AsArray().Select(static one => one!.GetValue<string>()));
        Assert.Equal(picture, await ReadAsync(zip, $"{inZip}{revisions[1]!["folder"]}/images/größe.png"));
        Assert.NotEmpty(await ReadAsync(zip, $"{inZip}{revisions[0]!["folder"]}/main.py"));
        JsonNode account = JsonNode.Parse(await ReadAsync(zip, "account.json"))!;
        Assert.Equal(name, account["account"]!["name"]!.GetValue<string>());
        JsonNode?[] games = [.. account["games"]!.AsArray()];
        Assert.Equal(3, games.Length);
        JsonNode described = games.Single(static one => one!["folder"]!.GetValue<string>() == "games/Fluß_ 3_4 _Boote_")!;
        Assert.Equal("School", described["inFolder"]!.GetValue<string>());
        Assert.All(games.Where(one => one != described), static one => Assert.Null(one!["inFolder"]));
        // The picture of each run lies beside its revision, and the newest one of each game, also of a deleted one, in a folder of its own.
        Assert.Equal(
            [first, last],
            [
                await ReadAsync(zip, $"{inZip}{revisions[0]!["picture"]}"),
                await ReadAsync(zip, $"{inZip}{revisions[1]!["picture"]}"),
            ]);
        Assert.Equal($"{revisions[1]!["folder"]}.png", revisions[1]!["picture"]!.GetValue<string>());
        Assert.Equal(last, await ReadAsync(zip, described["picture"]!.GetValue<string>()));
        JsonNode trashed = games.Single(static one => one!["deletedAt"] is not null)!;
        Assert.Equal(first, await ReadAsync(zip, trashed["picture"]!.GetValue<string>()));
        Assert.Contains("Fluß: 3/4", Encoding.UTF8.GetString(await ReadAsync(zip, "runs.jsonl")), StringComparison.Ordinal);
        Assert.DoesNotContain("hash", account.ToJsonString(), StringComparison.OrdinalIgnoreCase);

        using ZipArchive another = new(await other.Http.GetStreamAsync("/api/account/export"));
        Assert.DoesNotContain(another.Entries, static entry => entry.FullName.Contains("Fluß", StringComparison.Ordinal));

        static async Task<byte[]> ReadAsync(ZipArchive zip, string path)
        {
            await using Stream entry = zip.GetEntry(path)?.Open() ?? throw new InvalidOperationException(
                $"No {path} among {string.Join(", ", zip.Entries.Select(static one => one.FullName))}");
            using MemoryStream content = new();
            await entry.CopyToAsync(content);
            return content.ToArray();
        }
    }

    [Fact]
    public async Task A_deleted_account_is_in_no_row_of_any_table()
    {
        string name = NewName();
        using Visitor visitor = await SignedUpAsync(name);
        using HttpClient program = Program(await TokenAsync(name, Password));
        Guid game = await visitor.NewProjectAsync();
        (await visitor.SaveAsync(game, "secret.py", $"'{name}'\n")).EnsureSuccessStatusCode();
        (await visitor.SaveAsync(game, "gone.py", $"'{name}'\n")).EnsureSuccessStatusCode();
        (await visitor.Http.DeleteAsync(Visitor.FileUrl(game, "gone.py"))).EnsureSuccessStatusCode();
        (await visitor.Http.DeleteAsync($"/api/projects/{await visitor.NewProjectAsync()}")).EnsureSuccessStatusCode();
        (await visitor.Http.PostAsJsonAsync("/api/sessions", new { projectId = game })).EnsureSuccessStatusCode();
        string cookie = visitor.Cookies.GetCookieHeader(Fixture.Api.Address);
        // Somebody else has a file with the same content, in another history.
        using Visitor other = await SignedUpAsync(NewName());
        Guid theirs = await other.NewProjectAsync();
        string shared = $"'{name} and another'\n";
        RevisionRecorder recorder = Fixture.Api.Services.GetRequiredService<RevisionRecorder>();
        foreach ((Visitor owner, Guid id) in new[] { (visitor, game), (other, theirs) })
        {
            (await owner.SaveAsync(id, "shared.py", shared)).EnsureSuccessStatusCode();
            await recorder.RecordAsync(id, RevisionReason.Pause, CancellationToken.None);
        }

        string[] hashes = await HashesOfNobodyElseAsync(visitor.Id);
        Assert.Contains(HashOf($"'{name}'\n"), hashes);
        Assert.DoesNotContain(HashOf(shared), hashes);
        Assert.NotEmpty(await RowsWithAsync([visitor.Id.ToString(), game.ToString(), .. hashes]));

        using (HttpResponseMessage wrong = await visitor.Http.PostAsJsonAsync("/api/account/delete", new { password = "not this one" }))
        {
            await Visitor.ProblemOf(wrong, HttpStatusCode.Forbidden, "wrong_password");
        }

        using (HttpResponseMessage deleted = await visitor.Http.PostAsJsonAsync("/api/account/delete", new { password = Password }))
        {
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        }

        Assert.Empty(await RowsWithAsync(visitor.Id.ToString(), game.ToString()));
        // What its history needed goes with the clean-up of a day later: first the trees, and then the contents of these. A clean-up does
        // nothing while a revision is being recorded.
        await Eventually.TrueAsync(
            async () =>
            {
                await ExecuteAsync("update discarded_trees set discarded_at = discarded_at - interval '2 days'");
                await ExecuteAsync("update discarded_blobs set discarded_at = discarded_at - interval '2 days'");
                await Fixture.Api.Services.GetRequiredService<ExpiredDataCleanup>().RunAsync(CancellationToken.None);
                return (await RowsWithAsync(hashes)).Count == 0;
            },
            "nothing of the history is left");
        long last = (await other.GetAsync($"/api/projects/{theirs}/history"))["revisions"]!.AsArray()[0]!["number"]!.GetValue<long>();
        Assert.Equal(shared, await other.Http.GetStringAsync($"/api/projects/{theirs}/history/{last}/files/shared.py"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfAsync("/api/projects", cookie));
        Assert.Equal(HttpStatusCode.Unauthorized, (await program.GetAsync("/api/projects")).StatusCode);
        using Visitor stranger = Visitor.Stranger(Fixture.Api.Address);
        using HttpResponseMessage signIn = await PostAsync(stranger, "sign-in", name, Password);
        await Visitor.ProblemOf(signIn, HttpStatusCode.Unauthorized, "wrong_name_or_password");
        // The name is free again.
        using Visitor next = await SignedUpAsync(name);
    }

    [Fact]
    public async Task The_folder_of_a_game_with_a_long_name_has_whole_characters()
    {
        using Visitor visitor = await Fixture.NewVisitorAsync();
        string whole = new('a', 59);
        (await visitor.Http.PatchAsJsonAsync($"/api/projects/{await visitor.FirstProjectAsync()}", new { name = $"{whole}\U0001F3F0 b" }))
            .EnsureSuccessStatusCode();
        using ZipArchive zip = new(new MemoryStream(await visitor.Http.GetByteArrayAsync("/api/account/export")));
        Assert.NotNull(zip.GetEntry($"games/{whole}/main.py"));
    }

    [Fact]
    public async Task A_guest_confirms_its_deletion_with_a_word()
    {
        using Visitor guest = await Fixture.NewVisitorAsync();
        Guid game = await guest.FirstProjectAsync();
        using (HttpResponseMessage refused = await guest.Http.PostAsJsonAsync("/api/account/delete", new { password = "delete" }))
        {
            await Visitor.ProblemOf(refused, HttpStatusCode.BadRequest, "not_confirmed");
        }

        (await guest.Http.PostAsJsonAsync("/api/account/delete", new { confirm = "delete" })).EnsureSuccessStatusCode();
        Assert.Empty(await RowsWithAsync(guest.Id.ToString(), game.ToString()));
        Assert.Equal(HttpStatusCode.Unauthorized, (await guest.Http.GetAsync("/api/me")).StatusCode);
    }

    private static string HashOf(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));

    /// <summary>Returns the hashes of the trees and blobs that only the history of this account needs.</summary>
    private async Task<string[]> HashesOfNobodyElseAsync(Guid account) => await ScalarAsync<string[]>(
        $"""
        with needed as (
            select coalesce(p.owner_id, p.trashed_owner_id) = '{account}' as own, h.hash
            from revisions r join projects p on p.id = r.project_id join trees t on t.hash = r.tree_hash
            cross join lateral unnest(t.blobs || t.hash) as h (hash))
        select array_agg(encode(hash, 'hex')) from (select hash from needed group by hash having bool_and(own)) own
        """);

    /// <summary>
    /// Returns the tables that have a row with one of the ids or hashes, whatever the table and the column: a new table is covered too.
    /// </summary>
    private async Task<IReadOnlyList<string>> RowsWithAsync(params string[] values)
    {
        List<string> found = [];
        await using NpgsqlConnection connection = new(Fixture.ConnectionString);
        await connection.OpenAsync();
        List<string> tables = [];
        await using (NpgsqlCommand command = new("select tablename from pg_tables where schemaname = 'public'", connection))
        await using (NpgsqlDataReader rows = await command.ExecuteReaderAsync())
        {
            while (await rows.ReadAsync())
            {
                tables.Add(rows.GetString(0));
            }
        }

        Assert.True(tables.Count >= 8, string.Join(", ", tables));
        foreach (string table in tables)
        {
            await using NpgsqlCommand command = new($"select count(*) from \"{table}\" t where t::text ~ $1", connection)
            {
                Parameters = { new() { Value = string.Join('|', values) } },
            };
            if ((long)(await command.ExecuteScalarAsync())! > 0)
            {
                found.Add(table);
            }
        }

        return found;
    }
}
