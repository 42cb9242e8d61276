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

    private static DatabaseMigrator Migrator(NpgsqlDataSource database) =>
        new(database, TimeProvider.System, new NoLifetime(), NullLogger<DatabaseMigrator>.Instance);

    private sealed class NoLifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => throw new InvalidOperationException("Not in this test.");
    }
}
