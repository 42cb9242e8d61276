using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>
/// Tests that rows become records by column name, and that a statement that does not fit its record gets an error with the wrong name.
/// </summary>
public sealed class RowReaderTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create(postgres.ConnectionString);

    [Fact]
    public async Task A_record_takes_its_values_from_the_columns_of_its_names()
    {
        Sample sample = (await FindAsync<Sample>("select 7::bigint as count, 'a' as display_name, null::text as note, $1 as at", Now))!;
        Assert.Equal(new Sample("a", 7, null, Now), sample);
    }

    [Fact]
    public async Task A_parameter_without_a_column_keeps_its_default() => Assert.Equal(
        new Sample("a", 7, null, Now, "default"),
        await FindAsync<Sample>("select $1 as at, 'a' as display_name, 7::bigint as count, null as note", Now));

    [Fact]
    public async Task A_value_is_the_only_column_and_no_row_is_null()
    {
        Assert.Equal(3, await FindAsync<int>("select 3"));
        Assert.Null(await FindAsync<string>("select null::text"));
        Assert.Null(await FindAsync<Sample>("select 1 as count where false"));
        Assert.Equal([1, 2], await _database.ListAsync<int>("select * from generate_series(1, 2)", [], CancellationToken.None));
    }

    [Theory]
    [InlineData("select 'a' as display_name, null::text as note, now() as at", "count")]
    [InlineData("select 7::bigint as count, 'a' as display_name, null::text as note, now() as at, 1 as stray", "stray")]
    public async Task A_name_that_does_not_fit_is_named(string sql, string name)
    {
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => FindAsync<Sample>(sql));
        Assert.Contains(name, error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_NULL_fits_only_what_may_be_null() => await Assert.ThrowsAsync<InvalidCastException>(
        () => FindAsync<Sample>("select 7::bigint as count, null::text as display_name, null::text as note, now() as at"));

    private static DateTimeOffset Now => new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    private Task<T?> FindAsync<T>(string sql, params object?[] values) => _database.FindAsync<T>(sql, values, CancellationToken.None);

    private sealed record Sample(string DisplayName, long Count, string? Note, DateTimeOffset At, string Other = "default");
}
