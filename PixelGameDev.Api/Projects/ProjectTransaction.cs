using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.History;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Projects;

/// <summary>
/// Represents the transaction of one change. It locks the row of the account and, if a project changes, the row of the project.
/// </summary>
/// <remarks>
/// The locks serialize the changes of one account, so limits hold and revisions have no gaps. Every change of a project locks the account
/// before the project; another order could cause a deadlock. The locks do not block the recording of a session, because its record only
/// refers to both rows.
/// </remarks>
internal sealed class ProjectTransaction : IAsyncDisposable
{
    private readonly NpgsqlTransaction _transaction;

    private ProjectTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid owner)
    {
        Connection = connection;
        _transaction = transaction;
        Owner = owner;
    }

    /// <summary>Occurs after the commit, but not after a rollback.</summary>
    public event Action? Committed;

    public NpgsqlConnection Connection { get; }

    public Guid Owner { get; }

    /// <summary>Returns true when the owner is a guest.</summary>
    public bool IsGuest { get; private set; }

    /// <summary>Returns the bytes that the owner's files, including the trash, used when the lock was taken.</summary>
    public long BytesUsed { get; private set; }

    /// <summary>Returns the storage quota that an admin has given to the owner; null: none.</summary>
    public long? OwnQuota { get; private set; }

    /// <summary>Returns the id of the locked project; <see cref="Guid.Empty"/> when only the account is locked.</summary>
    public Guid ProjectId { get; private set; }

    public string Name { get; private set; } = "";

    public string Entry { get; private set; } = "";

    /// <summary>Returns the revision of the project when the lock was taken.</summary>
    public long Revision { get; private set; }

    /// <summary>Locks only the account.</summary>
    /// <exception cref="ProblemException">401: the account no longer exists.</exception>
    public static Task<ProjectTransaction> BeginAsync(NpgsqlDataSource database, Guid owner, CancellationToken cancellationToken) =>
        BeginAsync(database, owner, null, trashed: false, cancellationToken);

    /// <summary>Locks the account and one of its projects.</summary>
    /// <exception cref="ProblemException">401; 404: the owner has no such project.</exception>
    public static Task<ProjectTransaction> BeginAsync(
        NpgsqlDataSource database, Guid owner, Guid project, CancellationToken cancellationToken) =>
        BeginAsync(database, owner, project, trashed: false, cancellationToken);

    /// <summary>Locks the account and one of its projects that is in the trash.</summary>
    /// <exception cref="ProblemException">401; 404: the owner's trash has no such project.</exception>
    public static Task<ProjectTransaction> BeginInTrashAsync(
        NpgsqlDataSource database, Guid owner, Guid project, CancellationToken cancellationToken) =>
        BeginAsync(database, owner, project, trashed: true, cancellationToken);

    /// <summary>Locks an account that plays or copies a project of anybody, and keeps the project from being removed meanwhile.</summary>
    /// <remarks>
    /// The project comes first here: its removal, which holds it, waits for the accounts of all players. Only <see cref="ProjectId"/> is
    /// set of the project. The caller has asked the access policy.
    /// </remarks>
    /// <exception cref="ProblemException">401; 404: the project is deleted.</exception>
    public static async Task<ProjectTransaction> BeginAsPlayerAsync(
        NpgsqlDataSource database, Guid player, Guid project, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        ProjectTransaction change = new(connection, await connection.BeginTransactionAsync(cancellationToken), player);
        try
        {
            if (!await connection.FindAsync<bool>(
                "select true from projects where id = $1 and deleted_at is null for key share", [project], cancellationToken))
            {
                throw Problem.NotFound("project");
            }

            await change.LockAsync(null, trashed: false, cancellationToken);
            change.ProjectId = project;
            return change;
        }
        catch
        {
            await change.DisposeAsync();
            throw;
        }
    }

    /// <summary>Executes a statement in the transaction.</summary>
    /// <returns>The number of changed rows.</returns>
    public Task<int> ExecuteAsync(string sql, object?[] values, CancellationToken cancellationToken) =>
        Connection.ExecuteAsync(sql, values, cancellationToken);

    /// <summary>Commits, and then raises <see cref="Committed"/>.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await _transaction.CommitAsync(cancellationToken);
        Committed?.Invoke();
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }

    private static async Task<ProjectTransaction> BeginAsync(
        NpgsqlDataSource database, Guid owner, Guid? project, bool trashed, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        ProjectTransaction change = new(connection, await connection.BeginTransactionAsync(cancellationToken), owner);
        try
        {
            await change.LockAsync(project, trashed, cancellationToken);
            return change;
        }
        catch
        {
            await change.DisposeAsync();
            throw;
        }
    }

    private async Task LockAsync(Guid? project, bool trashed, CancellationToken cancellationToken)
    {
        // One message carries two statements. The second statement sees what other transactions committed while the first waited for its
        // lock.
        await using NpgsqlBatch batch = new(Connection);
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand("select guest, bytes_used, storage_quota from accounts where id = $1 for no key update").With(Owner));
        if (project is { } id)
        {
            // A project in the trash is nobody's but for its former owner's, and the policy for projects knows no trash.
            string condition = trashed ? "p.trashed_owner_id = $2" : "project_access(p, $2) >= 'edit'";
            batch.BatchCommands.Add(
                new NpgsqlBatchCommand($"select name, entry, revision from projects p where p.id = $1 and {condition} for no key update")
                    .With(id, Owner));
        }

        await using NpgsqlDataReader row = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken))
        {
            throw Problem.NotSignedIn();
        }

        (IsGuest, BytesUsed, OwnQuota) = new RowReader<LockedAccount>(row).Read();
        if (project is null)
        {
            return;
        }

        if (!await row.NextResultAsync(cancellationToken) || !await row.ReadAsync(cancellationToken))
        {
            throw Problem.NotFound("project");
        }

        ProjectId = project.Value;
        (Name, Entry, Revision) = new RowReader<LockedProject>(row).Read();
        await row.CloseAsync();
        if (Revision == 1 && !trashed)
        {
            // The first change: what the project began with can be brought back.
            await RevisionWriter.RecordAsync(Connection, ProjectId, RevisionReason.Begin, cancellationToken);
        }
    }

    private sealed record LockedAccount(bool Guest, long BytesUsed, long? StorageQuota);

    private sealed record LockedProject(string Name, string Entry, long Revision);
}
