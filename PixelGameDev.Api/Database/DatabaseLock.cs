using System.Data;
using Npgsql;

namespace PixelGameDev.Api.Database;

/// <summary>
/// Holds an advisory lock, which one server of a database has at a time. If the server dies, the connection and its lock go, too.
/// </summary>
internal sealed class DatabaseLock : IAsyncDisposable
{
    private readonly long _key;

    private DatabaseLock(NpgsqlConnection connection, long key)
    {
        Connection = connection;
        _key = key;
    }

    /// <summary>The connection that holds the lock, for the work it is for.</summary>
    public NpgsqlConnection Connection { get; }

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
        await using (Connection)
        {
            if (!Connection.FullState.HasFlag(ConnectionState.Open) || Connection.FullState.HasFlag(ConnectionState.Broken))
            {
                return;
            }

            try
            {
                await using NpgsqlCommand command = new($"select pg_advisory_unlock({_key})", Connection);
                await command.ExecuteNonQueryAsync();
            }
            catch (NpgsqlException)
            {
                // The connection broke, and the lock went with it.
            }
        }
    }
}
