using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Machine;

namespace PixelGameDev.Benchmarks.Processes;

/// <summary>Runs the embedded database under a supervisor. The cluster stays locked while the server restarts.</summary>
internal sealed class PostgresPart(EmbeddedPostgresOptions options, string database) : ISupervised, IAsyncDisposable
{
    /// <summary>The server; null before the first start.</summary>
    public EmbeddedPostgres? Server { get; private set; }

    /// <summary>Returns the connection string of the system's database, after the start.</summary>
    public string ConnectionString =>
        (Server ?? throw new InvalidOperationException("The database has not been started.")).ConnectionString(database);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (Server is null)
        {
            Server = await EmbeddedPostgres.StartAsync(options, cancellationToken);
        }
        else
        {
            await Server.RestartAsync(cancellationToken);
        }

        await Server.CreateDatabaseAsync(database, cancellationToken);
    }

    public async Task<string> EndedAsync(CancellationToken cancellationToken) =>
        Server is null
            ? "it was never started"
            : $"exit code {await Server.Exited.WaitAsync(cancellationToken)}";

    public Task StopAsync() => Server?.StopAsync() ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => Server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
