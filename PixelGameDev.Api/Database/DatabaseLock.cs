using Npgsql;

namespace PixelGameDev.Api.Database;

/// <summary>An advisory lock that one server of a database holds at a time; it goes with the connection if the server dies.</summary>
internal sealed class DatabaseLock : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly long _key;

    private DatabaseLock(NpgsqlConnection connection, long key)
    {
        _connection = connection;
        _key = key;
    }

    /// <summary>Takes the lock, or returns null at once while another server holds it.</summary>
    /// <param name="database">Where.</param>
    /// <param name="key">Any number that nothing else in this database uses.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<DatabaseLock?> TryTakeAsync(NpgsqlDataSource database, long key, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using NpgsqlCommand command = new($"select pg_try_advisory_lock({key})", connection);
            if (await command.ExecuteScalarAsync(cancellationToken) is true)
            {
                return new DatabaseLock(connection, key);
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await using (_connection)
        {
            try
            {
                await using NpgsqlCommand command = new($"select pg_advisory_unlock({_key})", _connection);
                await command.ExecuteNonQueryAsync();
            }
            catch (NpgsqlException)
            {
                // The connection broke, and the lock went with it.
            }
        }
    }
}
