using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace PixelGameDev.ServiceDefaults;

/// <summary>Checks that the database answers a statement. Its message never contains the connection string.</summary>
/// <remarks>
/// It keeps one connection, so neither a busy pool nor the many round trips of a new connection make a slow database look unavailable. A
/// kept connection that fails may have been closed long ago, so a new connection decides. Only one check runs at a time. The disposal
/// cancels it and waits for its end: a connection that two tasks read from may wait for ever for an answer that the other one has read.
/// </remarks>
internal sealed class PostgresHealthCheck(NpgsqlDataSource database) : IHealthCheck, IAsyncDisposable
{
    /// <summary>The command timeout in seconds, which is longer than any answer that counts. After it a new connection is tried.</summary>
    private const int AnswerSeconds = 10;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _disposing = new();
    private NpgsqlConnection? _connection;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposing.Token);
        await _turn.WaitAsync(end.Token);
        try
        {
            return await CheckAsync(context, end.Token);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _disposing.CancelAsync();
        await _turn.WaitAsync();
        await CloseAsync();
    }

    private async Task<HealthCheckResult> CheckAsync(HealthCheckContext context, CancellationToken cancellationToken)
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
