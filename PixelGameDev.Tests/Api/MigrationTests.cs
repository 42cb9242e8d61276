using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

public sealed class MigrationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public void Scripts_are_numbered_without_gaps()
    {
        IReadOnlyList<DatabaseMigrator.Migration> scripts = DatabaseMigrator.Scripts();
        Assert.NotEmpty(scripts);
        Assert.Equal(Enumerable.Range(1, scripts.Count), scripts.Select(script => script.Number));
    }

    [Fact]
    public async Task Of_servers_that_start_together_one_migrates_and_a_later_start_changes_nothing()
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        int[] applied = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Migrator(database).MigrateAsync(CancellationToken.None)));

        Assert.Equal(DatabaseMigrator.Scripts().Count, applied.Sum());
        Assert.Equal(4, applied.Count(count => count == 0));
        Assert.Equal(0, await Migrator(database).MigrateAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Every_script_can_run_again_over_what_it_made()
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await Migrator(database).MigrateAsync(CancellationToken.None);
        await using (NpgsqlCommand forget = database.CreateCommand("delete from schema_migrations"))
        {
            await forget.ExecuteNonQueryAsync();
        }

        Assert.Equal(DatabaseMigrator.Scripts().Count, await Migrator(database).MigrateAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_script_may_take_longer_than_a_statement_of_a_request()
    {
        // A statement of a request is given up after a second here; the script takes longer.
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync()) { CommandTimeout = 1 }.ConnectionString);
        DatabaseMigrator.Migration slow = new(1, "0001_slow.sql", "select pg_sleep(1.5); create table slow ()");
        Assert.Equal(1, await Migrator(database).MigrateAsync([slow], CancellationToken.None));
        await ExecuteAsync(database, "select from slow");
    }

    [Fact]
    public async Task A_script_outside_of_a_transaction_runs_statement_by_statement()
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        DatabaseMigrator.Migration[] scripts =
        [
            new(1, "0001_table.sql", "create table things (name text)"),
            new(2, "0002_index.sql", "-- no-transaction\ndo $$ begin\n    perform 1;\nend $$;\ncreate index concurrently a on things (name);\r\n-- another\ncreate index concurrently b on things (name);\n"),
        ];
        Assert.Equal(2, await Migrator(database).MigrateAsync(scripts, CancellationToken.None));
        await ExecuteAsync(database, "drop index a, b");
    }

    [Fact]
    public async Task A_script_that_was_edited_after_it_ran_is_refused()
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await Migrator(database).MigrateAsync([new(1, "0001_table.sql", "create table things ()")], CancellationToken.None);
        Assert.Equal(0, await Migrator(database).MigrateAsync([new(1, "0001_table.sql", "create table things ()")], CancellationToken.None));
        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => Migrator(database).MigrateAsync([new(1, "0001_other.sql", "create table other ()")], CancellationToken.None));
        Assert.Contains("0001_other.sql", refused.Message, StringComparison.Ordinal);
        // A script of version 1.0 has no checksum on record: it gets one.
        await ExecuteAsync(database, "update schema_migrations set checksum = null");
        Assert.Equal(0, await Migrator(database).MigrateAsync([new(1, "0001_other.sql", "create table other ()")], CancellationToken.None));
    }

    [Fact]
    public async Task A_failed_script_leaves_what_ran_before_it_and_no_lock()
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        DatabaseMigrator.Migration first = new(1, "0001_table.sql", "create table things ()");
        await Assert.ThrowsAsync<PostgresException>(
            () => Migrator(database).MigrateAsync([first, new(2, "0002_wrong.sql", "create table other (); select wrong")], CancellationToken.None));
        Assert.Equal(1, await Migrator(database).MigrateAsync([first, new(2, "0002_right.sql", "create table other ()")], CancellationToken.None));
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using NpgsqlCommand command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    internal static DatabaseMigrator Migrator(NpgsqlDataSource database) =>
        new(database, TimeProvider.System, new NoLifetime(), NullLogger<DatabaseMigrator>.Instance);

    private sealed class NoLifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => throw new InvalidOperationException("Not in this test.");
    }
}
