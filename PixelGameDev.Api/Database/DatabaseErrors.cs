using System.Net.Sockets;
using Npgsql;

namespace PixelGameDev.Api.Database;

/// <summary>Distinguishes a temporarily unavailable database from an invalid statement.</summary>
internal static class DatabaseErrors
{
    /// <summary>The SQLSTATE of a violated unique constraint.</summary>
    public const string UniqueViolation = PostgresErrorCodes.UniqueViolation;

    /// <summary>
    /// Returns true when the same request may succeed later: the server is restarting, unreachable, out of connections, or too slow.
    /// </summary>
    public static bool IsTransient(Exception error) => error switch
    {
        // 57P01 … 57P05: shut down by an administrator, crashed, or starting. 08…: connection lost. 3D000: database not created yet.
        PostgresException postgres => postgres.IsTransient
            || postgres.SqlState.StartsWith("57P", StringComparison.Ordinal)
            || postgres.SqlState.StartsWith("08", StringComparison.Ordinal)
            || postgres.SqlState == PostgresErrorCodes.InvalidCatalogName,
        NpgsqlException npgsql => npgsql.IsTransient || npgsql.InnerException is IOException or SocketException or TimeoutException,
        SocketException => true,
        _ => false,
    };
}
