using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PixelGameDev.Api.Accounts;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests that the server removes unused guests, and never an account whose person can come back.</summary>
public sealed class ExpiredDataCleanupTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Only_guests_to_whom_nobody_can_come_back_are_removed()
    {
        using Visitor fresh = await fixture.NewVisitorAsync();
        using Visitor looked = await fixture.NewVisitorAsync();
        using Visitor wrote = await fixture.NewVisitorAsync();
        using Visitor gone = await fixture.NewVisitorAsync();
        using Visitor signedUp = await fixture.NewVisitorAsync();
        (await wrote.SaveAsync(await wrote.FirstProjectAsync(), "main.py", "print('mine')")).EnsureSuccessStatusCode();
        (await gone.SaveAsync(await gone.FirstProjectAsync(), "main.py", "print('mine')")).EnsureSuccessStatusCode();
        using (HttpResponseMessage answer = await signedUp.Http.PostAsJsonAsync(
            "/api/account/sign-up", new { name = $"n{Guid.NewGuid():N}"[..12], password = "nine green whales" }))
        {
            answer.EnsureSuccessStatusCode();
        }

        // These accounts become two months old. The cookie of one guest has expired. The browser of the registered account is gone too.
        await AgeAsync([looked.Id, wrote.Id, gone.Id, signedUp.Id], "interval '60 days'");
        await ExecuteAsync("update sign_ins set expires_at = now() - interval '1 day' where account_id = any($1)", gone.Id, signedUp.Id);

        ExpiredDataCleanup housekeeping = fixture.Api.Services.GetRequiredService<ExpiredDataCleanup>();
        Assert.Equal(2, await housekeeping.RunAsync(CancellationToken.None));
        Assert.Equal(0, await housekeeping.RunAsync(CancellationToken.None));

        Assert.Equal(
            new[] { fresh.Id, wrote.Id, signedUp.Id }.Order(),
            (await StillThereAsync(fresh.Id, looked.Id, wrote.Id, gone.Id, signedUp.Id)).Order());
        Assert.Equal(wrote.Id, (await wrote.GetAsync("/api/me"))["id"]!.GetValue<Guid>());
    }

    /// <summary>Tests guests that have changed no file of their starter game.</summary>
    [Fact]
    public async Task A_guest_that_has_made_anything_its_own_stays()
    {
        using Visitor threwAway = await fixture.NewVisitorAsync();
        using Visitor arranged = await fixture.NewVisitorAsync();
        using Visitor chose = await fixture.NewVisitorAsync();
        using Visitor scored = await fixture.NewVisitorAsync();
        using Visitor imported = await fixture.NewVisitorAsync();
        (await threwAway.Http.DeleteAsync($"/api/projects/{await threwAway.FirstProjectAsync()}")).EnsureSuccessStatusCode();
        (await arranged.Http.PatchAsJsonAsync($"/api/projects/{await arranged.FirstProjectAsync()}", new { folder = "School" }))
            .EnsureSuccessStatusCode();
        (await chose.Http.PatchAsJsonAsync(
            $"/api/projects/{await chose.FirstProjectAsync()}",
            new { controls = new { pad = "stick", directions = "wasd", buttons = new[] { "KeyA" } } })).EnsureSuccessStatusCode();
        Guid played = await scored.FirstProjectAsync();
        await ExecuteAsync(
            $"""
            insert into saved_files (account_id, project_id, path, content, session_at)
            select id, '{played}', 'best.txt', '42', now() from accounts where id = any($1)
            """,
            scored.Id);
        // A new game is at revision 1 as the starter is.
        Guid starter = await imported.FirstProjectAsync();
        await imported.NewProjectAsync();
        (await imported.Http.DeleteAsync($"/api/projects/{starter}")).EnsureSuccessStatusCode();

        Guid[] all = [threwAway.Id, arranged.Id, chose.Id, scored.Id, imported.Id];
        await AgeAsync(all, "interval '60 days'");
        await fixture.Api.Services.GetRequiredService<ExpiredDataCleanup>().RunAsync(CancellationToken.None);
        Assert.Equal(all[1..].Order(), (await StillThereAsync(all)).Order());
    }

    /// <summary>Creates more guests than a batch holds, and a second server that starts while the first one cleans up.</summary>
    [Fact]
    public async Task Many_guests_are_removed_in_one_round_and_one_server_does_it()
    {
        await ExecuteAsync(
            """
            insert into accounts (id, name, created_at)
            select gen_random_uuid(), 'Old Guest', now() - interval '40 days' - n * interval '1 second' from generate_series(1, 1000) n
            where $1::uuid[] is not null
            """);
        ExpiredDataCleanup housekeeping = fixture.Api.Services.GetRequiredService<ExpiredDataCleanup>();
        int[] removed = await Task.WhenAll(housekeeping.RunAsync(CancellationToken.None), housekeeping.RunAsync(CancellationToken.None));
        Assert.Equal(1000, removed.Sum());
    }

    [Fact]
    public async Task The_trash_is_emptied_after_thirty_days()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid project = await visitor.FirstProjectAsync();
        Guid gone = await visitor.NewProjectAsync();
        Guid kept = await visitor.NewProjectAsync();
        foreach (string path in new[] { "old.txt", "new.txt" })
        {
            (await visitor.SaveAsync(project, path, "text")).EnsureSuccessStatusCode();
            (await visitor.Http.DeleteAsync(Visitor.FileUrl(project, path))).EnsureSuccessStatusCode();
        }

        (await visitor.Http.DeleteAsync($"/api/projects/{gone}")).EnsureSuccessStatusCode();
        (await visitor.Http.DeleteAsync($"/api/projects/{kept}")).EnsureSuccessStatusCode();
        await ExecuteAsync("update projects set deleted_at = deleted_at - interval '31 days' where id = any($1)", gone);
        await ExecuteAsync(
            "update trashed_files set deleted_at = deleted_at - interval '31 days' where path = 'old.txt' and project_id = any($1)",
            project);

        await fixture.Api.Services.GetRequiredService<ExpiredDataCleanup>().RunAsync(CancellationToken.None);
        Assert.Equal(kept, Assert.Single((await visitor.GetAsync("/api/trash")).AsArray())!["id"]!.GetValue<Guid>());
        Assert.Equal("new.txt",
            Assert.Single((await visitor.GetAsync($"/api/projects/{project}/trash")).AsArray())!["path"]!.GetValue<string>());
    }

    private Task AgeAsync(Guid[] accounts, string age) => ExecuteAsync(
        $"""
        with a as (update accounts set created_at = created_at - {age} where id = any($1)),
        p as (update projects set created_at = created_at - {age} where owner_id = any($1) or trashed_owner_id = any($1))
        update sign_ins set seen_at = seen_at - {age}, created_at = created_at - {age} where account_id = any($1)
        """,
        accounts);

    private async Task ExecuteAsync(string sql, params Guid[] accounts)
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(fixture.ConnectionString);
        await using NpgsqlCommand command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = accounts });
        await command.ExecuteNonQueryAsync();
    }

    private async Task<List<Guid>> StillThereAsync(params Guid[] accounts)
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(fixture.ConnectionString);
        await using NpgsqlCommand command = database.CreateCommand("select id from accounts where id = any($1)");
        command.Parameters.Add(new() { Value = accounts });
        List<Guid> found = [];
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            found.Add(rows.GetGuid(0));
        }

        return found;
    }
}
