using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PixelGameDev.Api.Accounts;

namespace PixelGameDev.Tests.Api;

/// <summary>Guests come and go; nobody who can come back loses anything.</summary>
public sealed class HousekeepingTests(ApiFixture fixture) : IClassFixture<ApiFixture>
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

        // Two months pass for these; the cookie of one of them has run out, and the account's browser is gone, too.
        await AgeAsync([looked.Id, wrote.Id, gone.Id, signedUp.Id], "interval '60 days'");
        await ExecuteAsync("update sign_ins set expires_at = now() - interval '1 day' where account_id = any($1)", gone.Id, signedUp.Id);

        Housekeeping housekeeping = fixture.Api.Services.GetRequiredService<Housekeeping>();
        Assert.Equal(2, await housekeeping.TidyAsync(CancellationToken.None));
        Assert.Equal(0, await housekeeping.TidyAsync(CancellationToken.None));

        Assert.Equal(
            new[] { fresh.Id, wrote.Id, signedUp.Id }.Order(),
            (await StillThereAsync(fresh.Id, looked.Id, wrote.Id, gone.Id, signedUp.Id)).Order());
        Assert.Equal(wrote.Id, (await wrote.GetAsync("/api/me"))["id"]!.GetValue<Guid>());
    }

    private Task AgeAsync(Guid[] accounts, string age) => ExecuteAsync(
        $"""
        with a as (update accounts set created_at = created_at - {age} where id = any($1))
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
