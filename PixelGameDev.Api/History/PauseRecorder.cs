using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.ServiceDefaults;

namespace PixelGameDev.Api.History;

/// <summary>Records projects that were changed, and then not for <see cref="Pause"/>.</summary>
internal sealed class PauseRecorder(
    NpgsqlDataSource database, RevisionRecorder recorder, DatabaseMigrator migrator, TimeProvider time, BackgroundWork work)
    : RecurringDatabaseWork("pauses", TimeSpan.FromMinutes(1), migrator, time, work)
{
    /// <summary>The time without a change after which a project is recorded.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    // A round that is late by less than this misses nothing.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(10);

    private const int MaxProjects = 500;

    /// <summary>Executes one round. Two servers may do the same work; the second one finds nothing to record.</summary>
    internal async Task RecordAsync(CancellationToken cancellationToken)
    {
        List<Guid> projects = await database.ListAsync<Guid>(
            """
            select p.id from projects p
            where p.owner_id is not null and p.updated_at between now() - $1 - $2 and now() - $1 and p.revision > 1
              and not exists (select from revisions r where r.project_id = p.id and r.number >= p.revision)
            order by p.updated_at limit $3
            """,
            [Pause, Tolerance, MaxProjects],
            cancellationToken);
        foreach (Guid project in projects)
        {
            await recorder.RecordAsync(project, RevisionReason.Pause, cancellationToken);
        }
    }

    protected override Task ExecuteOnceAsync(CancellationToken cancellationToken) => RecordAsync(cancellationToken);
}
