using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PixelGameDev.Api.Sessions.Records;
using PixelGameDev.AppHost;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>
/// Tests that the server upgrades a database of version 1.0 (<c>Upgrade/version-1.0.0.sql</c>) and keeps everything in it: accounts,
/// projects, files and open sessions.
/// </summary>
public sealed class UpgradeTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string GuestCookie = "vOkEaMUCVmXySS0NRFbj6oGHmT7GFartJIP4IIQxCp4";
    private static readonly Guid Running = Guid.Parse("0a000000-0000-4000-8000-000000000001");
    private static readonly Guid Starting = Guid.Parse("0a000000-0000-4000-8000-000000000002");
    private static readonly Guid Ended = Guid.Parse("0a000000-0000-4000-8000-000000000003");

    [Fact]
    public async Task Everything_of_the_version_before_is_there_after_the_upgrade()
    {
        string connection = await OldDatabaseAsync();
        List<string> before = await ContentAsync(connection);
        await using FakeExecutor executor = await FakeExecutor.StartAsync();
        executor.Sessions[Running] = new SessionInfo(
            Running, "somebody", "running", SandboxKinds.Docker, Warm: true, DateTimeOffset.UtcNow, null, null, null, null, 1, 700,
            200_000, null);
        await using RunningApi api = await RunningApi.StartAsync(connection, executor.Address);
        await api.WaitUntilHealthyAsync();

        // The rows as version 1.0 reads them.
        Assert.Equal(before, await ContentAsync(connection));
        using Visitor guest = Visitor.Stranger(api.Address);
        guest.Cookies.Add(api.Address, new Cookie("pixel_visitor", GuestCookie));
        Assert.Equal("Swift Dragon", (await guest.GetAsync("/api/me"))["name"]!.GetValue<string>());
        Assert.Equal("print('of g1')", await guest.Http.GetStringAsync(Visitor.FileUrl(await guest.FirstProjectAsync(), "main.py")));
        Assert.Equal([0xFF, 0x00, 0x80],
            await guest.Http.GetByteArrayAsync(Visitor.FileUrl(await guest.FirstProjectAsync(), "images/hero.png")));

        using Visitor ada = await Visitor.ArriveAsync(api.Address);
        ada.Http.DefaultRequestHeaders.Add("Origin", api.Address.GetLeftPart(UriPartial.Authority));
        using (HttpResponseMessage signIn =
            await ada.Http.PostAsJsonAsync("/api/account/sign-in", new { name = "ada byron", password = "analytical engine 1843" }))
        {
            Assert.True(signIn.IsSuccessStatusCode, await signIn.Content.ReadAsStringAsync());
        }

        Assert.Contains("Second game", (await ada.GetAsync("/api/projects")).AsArray()
            .Select(static one => one!["name"]!.GetValue<string>()));
        JsonNode ended = await ada.GetAsync($"/api/sessions/{Ended}");
        Assert.Equal(("crashed", "before the crash\n"), (ended["endReason"]!.GetValue<string>(), ended["consoleTail"]!.GetValue<string>()));

        // The open sessions: the Executor runs the first, so it goes on and its record gets the Executor. The second never reached an
        // Executor.
        SessionWatcher watcher = api.Services.GetRequiredService<SessionWatcher>();
        await Eventually.TrueAsync(async () =>
            await ValueAsync(connection, Running, "executor") == "executor", "the record says where it lives");
        Assert.Equal(executor.Incarnation, await ValueAsync(connection, Running, "incarnation"));
        Assert.Null(await ValueAsync(connection, Running, "end_reason"));
        Assert.Null(await ValueAsync(connection, Starting, "end_reason"));
        await ExecuteAsync(connection, $"update sessions set created_at = now() - interval '10 minutes' where id = '{Starting}'");
        await watcher.PollAsync(CancellationToken.None);
        Assert.Equal("sandbox_lost", await ValueAsync(connection, Starting, "end_reason"));
        using HttpResponseMessage stop = await ada.Http.PostAsync($"/api/sessions/{Running}/stop", null);
        Assert.Equal(HttpStatusCode.Accepted, stop.StatusCode);
        Assert.Contains(Running, executor.Stopped);
    }

    [Fact]
    public async Task The_version_before_can_go_on_writing_beside_the_new_schema()
    {
        string connection = await OldDatabaseAsync();
        await using (NpgsqlDataSource database = NpgsqlDataSource.Create(connection))
        {
            await MigrationTests.Migrator(database).MigrateAsync(CancellationToken.None);
        }

        // The writing statements of version 1.0.
        await ExecuteAsync(
            connection,
            """
            insert into accounts (id, name, guest, role) values ('0b000000-0000-4000-8000-000000000001', 'New', true, 'creator');
            insert into sign_ins (token_hash, account_id, expires_at) values (decode(repeat('ab', 32), 'hex'), '0b000000-0000-4000-8000-000000000001', now() + interval '1 day');
            insert into projects (id, owner_id, name, entry) values ('0b000000-0000-4000-8000-000000000002', '0b000000-0000-4000-8000-000000000001', 'Game', 'main.py');
            insert into files (project_id, path, content, is_binary, revision) values ('0b000000-0000-4000-8000-000000000002', 'main.py', 'x', false, 1);
            insert into sessions (id, account_id, project_id, project_name, state)
                select '0b000000-0000-4000-8000-000000000003', owner_id, id, name, 'starting' from projects where id = '0b000000-0000-4000-8000-000000000002';
            update sessions set state = 'ended', ended_at = now(), end_reason = 'finished', end_message = 'x', end_detail = 'x' where id = '0b000000-0000-4000-8000-000000000003';
            delete from accounts where id = '0b000000-0000-4000-8000-000000000001'
            """);
    }

    private async Task<string> OldDatabaseAsync()
    {
        string connection = await postgres.CreateDatabaseAsync();
        string dump = await File.ReadAllTextAsync(
            Path.Combine(Repository.Find().Project("PixelGameDev.Tests"), "Api", "Upgrade", "version-1.0.0.sql"));
        // The recent times of the dump date from when it was made. The next statement moves them to now.
        await ExecuteAsync(connection, dump);
        await ExecuteAsync(
            connection,
            """
            update public.sign_ins set expires_at = now() + interval '300 days', seen_at = now();
            update public.sessions set created_at = now(), started_at = case when started_at is null then null else now() end where ended_at is null;
            update public.sessions set created_at = now(), ended_at = now() where ended_at is not null
            """);
        return connection;
    }

    /// <summary>Returns every row of accounts, sign-ins, projects, files and ended sessions, in the columns of version 1.0.</summary>
    private static async Task<List<string>> ContentAsync(string connection)
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(connection);
        List<string> content = [];
        foreach (string rows in new[]
        {
            "select row(id, name, guest, role, password_hash, created_at, name_key, token_generation)::text from accounts order by id",
            "select row(token_hash, account_id, created_at)::text from sign_ins order by token_hash",
            "select row(id, owner_id, name, entry, revision, created_at, updated_at)::text from projects order by id",
            "select row(project_id, path, content, is_binary, revision, updated_at)::text from files order by project_id, path",
            $"select row(id, account_id, project_id, project_name, state, created_at, end_reason, end_message, frames, " +
                $"console_tail)::text from sessions where id = '{Ended}'",
        })
        {
            await using NpgsqlCommand command = database.CreateCommand(rows);
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
            int before = content.Count;
            while (await reader.ReadAsync())
            {
                content.Add(reader.GetString(0));
            }

            Assert.True(content.Count > before, rows);
        }

        return content;
    }

    private static async Task<string?> ValueAsync(string connection, Guid id, string column)
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(connection);
        await using NpgsqlCommand command = database.CreateCommand($"select {column} from sessions where id = '{id}'");
        return await command.ExecuteScalarAsync() as string;
    }

    private static async Task ExecuteAsync(string connection, string sql)
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(connection);
        await using NpgsqlCommand command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
