using System.Net.Sockets;
using Npgsql;

namespace PixelGameDev.Api.Database;

/// <summary>Distinguishes a database that is unavailable for a moment from a statement that is wrong.</summary>
internal static class DatabaseErrors
{
    /// <summary>SQLSTATE of a broken unique constraint.</summary>
    public const string UniqueViolation = PostgresErrorCodes.UniqueViolation;

    /// <summary>
    /// True when the same request may succeed a little later: the server is restarting, unreachable, out of connections, too slow.
    /// </summary>
    public static bool IsTransient(Exception error) => error switch
    {
        // 57P01 … 57P05: shut down by an administrator, crashed, starting up. 08…: connection lost. 3D000: not created yet.
        PostgresException postgres => postgres.IsTransient
            || postgres.SqlState.StartsWith("57P", StringComparison.Ordinal)
            || postgres.SqlState.StartsWith("08", StringComparison.Ordinal)
            || postgres.SqlState == PostgresErrorCodes.InvalidCatalogName,
        NpgsqlException npgsql => npgsql.IsTransient || npgsql.InnerException is IOException or SocketException or TimeoutException,
        SocketException => true,
        _ => false,
    };
}
