using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.ServiceDefaults;

namespace PixelGameDev.Api.History.Objects;

/// <summary>
/// Tells the operator when contents of the history are in an object store that is not set any more. The server works nevertheless: only
/// older versions with these contents cannot be read.
/// </summary>
internal sealed partial class MovedBlobsCheck(
    NpgsqlDataSource database, DatabaseMigrator migrator, TimeProvider time, BackgroundWork work, ILogger<MovedBlobsCheck> logger)
    : RecurringDatabaseWork("moved-blobs", TimeSpan.FromSeconds(10), migrator, time, work)
{
    private const string Sentence =
        "Contents of the history are in an object store that is not set: set OBJECT_STORE_BUCKET and what belongs to it again, or bring " +
        "them back first (docs/operations.md).";

    private bool _logged;

    protected override async Task ExecuteOnceAsync(CancellationToken cancellationToken)
    {
        if (await database.FindAsync<bool>("select exists (select from blobs where object is not null)", [], cancellationToken))
        {
            if (!_logged)
            {
                _logged = true;
                LogElsewhere(Sentence);
            }

            throw new BackgroundDependencyException(new InvalidOperationException(Sentence));
        }
    }

    [LoggerMessage(LogLevel.Error, "{Sentence}")]
    private partial void LogElsewhere(string sentence);
}
