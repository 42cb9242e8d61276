using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace PixelGameDev.ServiceDefaults;

/// <summary>Checks that the database answers a statement; its message never holds the connection string.</summary>
/// <remarks>
/// It keeps one connection: neither a pool that is in use nor the many round trips of a new connection make a slow database look dead. A
/// kept connection that fails may have been closed long ago, so the verdict comes from a new one. One check at a time.
/// </remarks>
internal sealed class PostgresHealthCheck(NpgsqlDataSource database) : IHealthCheck, IAsyncDisposable
{
    /// <summary>Longer than any answer that counts: afterwards the connection is given up and another one tried.</summary>
    private const int AnswerSeconds = 10;

    private NpgsqlConnection? _connection;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        bool kept = _connection is not null;
        if (kept && await QueryAsync(cancellationToken) is null)
        {
            return HealthCheckResult.Healthy();
        }

        return await QueryAsync(cancellationToken) is { } error
            ? new HealthCheckResult(context.Registration.FailureStatus, "The database does not answer.", error)
            : HealthCheckResult.Healthy();
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    /// <summary>Asks on the kept connection, or opens one; the error, null when it answered.</summary>
    private async Task<Exception?> QueryAsync(CancellationToken cancellationToken)
    {
        try
        {
            _connection ??= await database.OpenConnectionAsync(cancellationToken);
            await using NpgsqlCommand command = new("SELECT 1", _connection) { CommandTimeout = AnswerSeconds };
            await command.ExecuteScalarAsync(cancellationToken);
            return null;
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException or InvalidOperationException
            or OperationCanceledException)
        {
            await CloseAsync();
            cancellationToken.ThrowIfCancellationRequested();
            return error;
        }
    }

    private async ValueTask CloseAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }
}
