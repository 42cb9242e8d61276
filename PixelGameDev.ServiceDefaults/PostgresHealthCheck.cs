using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace PixelGameDev.ServiceDefaults;

/// <summary>Checks that the database answers a statement. Its message never contains the connection string.</summary>
/// <remarks>
/// It keeps one connection, so neither a busy pool nor the many round trips of a new connection make a slow database look unavailable. A
/// kept connection that fails may have been closed long ago, so a new connection decides. Only one check runs at a time.
/// </remarks>
internal sealed class PostgresHealthCheck(NpgsqlDataSource database) : IHealthCheck, IAsyncDisposable
{
    /// <summary>The command timeout in seconds, which is longer than any answer that counts. After it a new connection is tried.</summary>
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

    /// <summary>Queries over the kept connection, or opens one. Returns the error; null on success.</summary>
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
