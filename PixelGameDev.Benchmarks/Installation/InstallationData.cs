using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace PixelGameDev.Benchmarks.Installation;

/// <summary>
/// Fills a database that has the schema with people, their games, histories and sessions. The same number of people gives the same rows.
/// </summary>
/// <remarks>
/// Three in a hundred people have 100 games each and together about 17 % of the sessions; one in 200 games has a history of 500
/// revisions. The files of a game are its code, which each revision changes in one place, and pictures that many games share.
/// </remarks>
internal sealed class InstallationData(int people)
{
    /// <summary>The password of everybody.</summary>
    public const string Password = "seven quiet otters";

    /// <summary>The smallest number of people that the proportions allow.</summary>
    public const int Least = 200;

    private const int ProjectsPerBusyPerson = 100;

    /// <summary>The number of people who have 100 games.</summary>
    public int Busy { get; } = people * 3 / 100;

    public int People => people;

    public int Guests => people / 2;

    /// <summary>The name of a person.</summary>
    public static string NameOf(int person) => string.Create(CultureInfo.InvariantCulture, $"{FirstNames[person % 20]} {person}");

    /// <summary>The cookie of a person's browser.</summary>
    public static string CookieOf(int person) => "pixel_visitor=" + System.Buffers.Text.Base64Url.EncodeToString(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"browser {person}"))));

    /// <summary>The id of a game.</summary>
    public static Guid GameOf(int game) => IdOf($"game {game}");

    /// <summary>The id of an account.</summary>
    public static Guid AccountOf(int person) => IdOf($"account {person}");

    /// <summary>A game of a person that is not in the trash.</summary>
    public int SomeGameOf(int person, int turn)
    {
        int game = person < Busy
            ? (person * ProjectsPerBusyPerson) + (turn % ProjectsPerBusyPerson)
            : (Busy * ProjectsPerBusyPerson) + person - Busy + ((people - Busy) * (turn % 7));
        // One game in twenty, spread over everybody, as the fill has it.
        return (game + (game / 7)) % 20 == 7 && game % 200 != 0 ? SomeGameOf(person, turn + 1) : game;
    }

    /// <summary>The number of revisions of a game.</summary>
    public static int RevisionsOf(int game) => game % 200 == 0 ? 500 : 1 + (game % 14);

    /// <summary>Writes everything. <paramref name="tell"/> receives a line for each step.</summary>
    public async Task FillAsync(string connectionString, string passwordHash, Action<string> tell)
    {
        await using NpgsqlConnection connection = new(new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            CommandTimeout = 0,
        }.ConnectionString);
        await connection.OpenAsync();
        List<(string, string)> indexes = await DropIndexesAsync(connection);
        foreach ((string name, string sql) in Steps(passwordHash).Concat(indexes).Append(("vacuum", "vacuum analyze"))
            .Append(("checkpoint", "checkpoint")))
        {
            long began = Stopwatch.GetTimestamp();
            await using NpgsqlCommand command = new(sql, connection);
            await command.ExecuteNonQueryAsync();
            tell(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(began).TotalSeconds,6:0.0} s  {name}"));
        }
    }

    /// <summary>Reads how much there is.</summary>
    public static async Task<InstallationSize> MeasureAsync(NpgsqlDataSource database, TimeSpan fill)
    {
        await using NpgsqlCommand command = database.CreateCommand(
            """
            select (select count(*) from accounts), (select count(*) from projects), (select count(*) from files),
                (select count(*) from revisions), (select count(*) from trees), (select count(*) from blobs),
                (select count(*) from sessions), pg_database_size(current_database())
            """);
        command.CommandTimeout = 0;
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return new InstallationSize(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6),
            row.GetInt64(7), Math.Round(fill.TotalSeconds, 1));
    }

    private static readonly string[] FirstNames =
    [
        "Ada", "Ben", "Cem", "Dora", "Emil", "Finn", "Greta", "Hana", "Ida", "Jonas", "Kim", "Lena", "Mia", "Noah", "Olga", "Paul", "Rosa",
        "Sam", "Tom", "Zoe",
    ];

    private static Guid IdOf(FormattableString text) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant(text))).AsSpan(0, 16), bigEndian: true);

    /// <summary>Drops the indexes that are not constraints, and returns the statements that make them again.</summary>
    private static async Task<List<(string Name, string Definition)>> DropIndexesAsync(NpgsqlConnection connection)
    {
        List<(string Name, string Definition)> indexes = [];
        await using (NpgsqlCommand command = new(
            """
            select i.indexname, i.indexdef from pg_indexes i
            where i.schemaname = 'public' and not exists (select from pg_constraint c where c.conname = i.indexname)
            """,
            connection))
        await using (NpgsqlDataReader rows = await command.ExecuteReaderAsync())
        {
            while (await rows.ReadAsync())
            {
                indexes.Add((rows.GetString(0), rows.GetString(1)));
            }
        }

        foreach ((string name, string _) in indexes)
        {
            await using NpgsqlCommand drop = new($"drop index \"{name}\"", connection);
            await drop.ExecuteNonQueryAsync();
        }

        return indexes;
    }

    private IEnumerable<(string Name, string Sql)> Steps(string passwordHash)
    {
        using StreamReader reader = new(typeof(InstallationData).Assembly.GetManifestResourceStream("fill.sql")!);
        string script = reader.ReadToEnd()
            .Replace("{people}", Text(people), StringComparison.Ordinal)
            .Replace("{guests}", Text(Guests), StringComparison.Ordinal)
            .Replace("{busy}", Text(Busy), StringComparison.Ordinal)
            .Replace("{names}", string.Join(',', FirstNames), StringComparison.Ordinal)
            .Replace("{hash}", passwordHash, StringComparison.Ordinal);
        return script.Split("-- step: ").Skip(1).Select(static step => (step[..step.IndexOf('\n', StringComparison.Ordinal)], step))
            .Select(static step => (step.Item1, "-- " + step.Item2));

        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
