using System.Text.RegularExpressions;
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
        IReadOnlyList<Migration> scripts = Migration.ReadEmbedded();
        Assert.NotEmpty(scripts);
        Assert.Equal(Enumerable.Range(1, scripts.Count), scripts.Select(script => script.Number));
    }

    [Fact]
    public async Task Of_servers_that_start_together_one_migrates_and_a_later_start_changes_nothing()
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        int[] applied = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Migrator(database).MigrateAsync(CancellationToken.None)));

        Assert.Equal(Migration.ReadEmbedded().Count, applied.Sum());
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

        Assert.Equal(Migration.ReadEmbedded().Count, await Migrator(database).MigrateAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_script_may_take_longer_than_a_statement_of_a_request()
    {
        // The statement timeout of requests is one second here. The script takes longer.
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync()) { CommandTimeout = 1 }.ConnectionString);
        Migration slow = new(1, "0001_slow.sql", "select pg_sleep(1.5); create table slow ()");
        Assert.Equal(1, await Migrator(database).MigrateAsync([slow], CancellationToken.None));
        await ExecuteAsync(database, "select from slow");
    }

    [Fact]
    public async Task A_script_outside_of_a_transaction_runs_statement_by_statement()
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        Migration[] scripts =
        [
            new(1, "0001_table.sql", "create table things (name text)"),
            new(2, "0002_index.sql",
                "-- no-transaction\ndo $$ begin\n    perform 1;\nend $$;\ncreate index concurrently a on things (name);\r\n-- " +
                "another\ncreate index concurrently b on things (name);\n"),
        ];
        Assert.Equal(2, await Migrator(database).MigrateAsync(scripts, CancellationToken.None));
        await ExecuteAsync(database, "drop index a, b");
    }

    [Fact]
    public async Task A_script_that_was_edited_after_it_ran_is_refused()
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await Migrator(database).MigrateAsync([new(1, "0001_table.sql", "create table things ()")], CancellationToken.None);
        Assert.Equal(0, await Migrator(database)
            .MigrateAsync([new(1, "0001_table.sql", "create table things ()")], CancellationToken.None));
        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => Migrator(database).MigrateAsync([new(1, "0001_other.sql", "create table other ()")], CancellationToken.None));
        Assert.Contains("0001_other.sql", refused.Message, StringComparison.Ordinal);
        // A script of version 1.0 has no recorded checksum. The server records one.
        await ExecuteAsync(database, "update schema_migrations set checksum = null");
        Assert.Equal(0, await Migrator(database).MigrateAsync([new(1, "0001_other.sql", "create table other ()")], CancellationToken.None));
    }

    /// <summary>
    /// Tests that no script builds an index inside a transaction, because that blocks all writers of the table until it is done.
    /// </summary>
    [Fact]
    public void No_script_holds_those_who_write_while_it_builds_an_index()
    {
        // The first three scripts create the tables or lock them for other reasons.
        foreach (Migration script in Migration.ReadEmbedded().Where(static script => script.Number > 3))
        {
            string[] made = [.. Regex.Matches(script.Sql, @"create table if not exists (\w+)")
                .Select(static match => match.Groups[1].Value)];
            foreach (Match index in Regex.Matches(script.Sql, @"create (?:unique )?index (concurrently )?(?:if not exists )?\w+ on (\w+)"))
            {
                Assert.True(index.Groups[1].Success || made.Contains(index.Groups[2].Value), $"{script.Name}: {index.Value}");
            }
        }
    }

    [Fact]
    public async Task A_script_that_was_rewritten_is_the_same_script_for_servers_of_both_texts()
    {
        // The text of the script before it was rewritten.
        const string text =
            "-- Housekeeping goes through the guests in the order in which they came, and goes on where it ended.\n"
            + "create index if not exists accounts_guests on accounts (created_at, id) where guest;\n";
        Migration now = Migration.ReadEmbedded().Single(static script => script.Number == 4);
        Assert.Equal(new Migration(4, now.Name, text).Checksum, now.Checksum);
        Assert.Equal(now.Checksum, new Migration(4, now.Name, now.Sql.ReplaceLineEndings("\r\n")).Checksum);
        Migration[] before =
            [.. Migration.ReadEmbedded().Select(script => script.Number == 4 ? script with { Sql = text } : script)];

        await using NpgsqlDataSource old = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        Assert.Equal(before.Length, await Migrator(old).MigrateAsync(before, CancellationToken.None));
        Assert.Equal(0, await Migrator(old).MigrateAsync(CancellationToken.None));

        await using NpgsqlDataSource made = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        Assert.Equal(before.Length, await Migrator(made).MigrateAsync(CancellationToken.None));
        Assert.Equal(0, await Migrator(made).MigrateAsync(before, CancellationToken.None));
        foreach (NpgsqlDataSource database in new[] { old, made })
        {
            await using NpgsqlCommand index =
                database.CreateCommand("select indisvalid from pg_index where indexrelid = 'accounts_guests'::regclass");
            Assert.Equal(true, await index.ExecuteScalarAsync());
        }
    }

    [Fact]
    public async Task A_failed_script_leaves_what_ran_before_it_and_no_lock()
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        Migration first = new(1, "0001_table.sql", "create table things ()");
        await Assert.ThrowsAsync<PostgresException>(
            () => Migrator(database)
                .MigrateAsync([first, new(2, "0002_wrong.sql", "create table other (); select wrong")], CancellationToken.None));
        Assert.Equal(1, await Migrator(database)
            .MigrateAsync([first, new(2, "0002_right.sql", "create table other ()")], CancellationToken.None));
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
