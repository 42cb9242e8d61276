using System.Data;
using Npgsql;

namespace PixelGameDev.Api.Database;

/// <summary>
/// Holds an advisory lock, which only one server of a database can hold at a time. If the server's process ends, the database closes the
/// connection and releases the lock.
/// </summary>
internal sealed class DatabaseLock : IAsyncDisposable
{
    private readonly long _key;

    private DatabaseLock(NpgsqlConnection connection, long key)
    {
        Connection = connection;
        _key = key;
    }

    /// <summary>Returns the connection that holds the lock; the locked work uses it, too.</summary>
    public NpgsqlConnection Connection { get; }

    /// <summary>Takes the lock, or returns null at once while another server holds it.</summary>
    /// <param name="database">The database.</param>
    /// <param name="key">An arbitrary number that nothing else in this database uses.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
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
                // The connection is broken, so the lock is released already.
            }
        }
    }
}
