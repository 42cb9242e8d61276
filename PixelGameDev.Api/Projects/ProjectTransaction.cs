using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Projects;

/// <summary>
/// Holds the transaction of one change: the locked row of the account and, where a project is changed, that of the project.
/// </summary>
/// <remarks>
/// The locks make changes of one account happen one after the other, so limits hold and revisions have no gaps. Everybody takes the
/// account first and the project second: in another order two changes could wait for each other. The locks do not keep a session
/// from being recorded, which only refers to both rows.
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

    /// <summary>Called after the commit; not after a rollback.</summary>
    public event Action? Committed;

    public NpgsqlConnection Connection { get; }

    public Guid Owner { get; }

    /// <summary>True when the owner has no password yet.</summary>
    public bool IsGuest { get; private set; }

    /// <summary>Bytes the owner's files took when the lock was taken, the trash included.</summary>
    public long BytesUsed { get; private set; }

    /// <summary>The locked project; empty when only the account is locked.</summary>
    public Guid ProjectId { get; private set; }

    public string Name { get; private set; } = "";

    public string Entry { get; private set; } = "";

    /// <summary>The project's revision when the lock was taken.</summary>
    public long Revision { get; private set; }

    /// <summary>Locks the account alone.</summary>
    /// <exception cref="ProblemException">401: the account has just been removed.</exception>
    public static Task<ProjectTransaction> BeginAsync(NpgsqlDataSource database, Guid owner, CancellationToken cancellationToken) =>
        BeginAsync(database, owner, null, trashed: false, cancellationToken);

    /// <summary>Locks the account and one of its projects.</summary>
    /// <exception cref="ProblemException">401; 404: no such project of this owner.</exception>
    public static Task<ProjectTransaction> BeginAsync(
        NpgsqlDataSource database, Guid owner, Guid project, CancellationToken cancellationToken) =>
        BeginAsync(database, owner, project, trashed: false, cancellationToken);

    /// <summary>Locks the account and one of its projects that is in the trash.</summary>
    /// <exception cref="ProblemException">401; 404: no such project in this owner's trash.</exception>
    public static Task<ProjectTransaction> BeginInTrashAsync(
        NpgsqlDataSource database, Guid owner, Guid project, CancellationToken cancellationToken) =>
        BeginAsync(database, owner, project, trashed: true, cancellationToken);

    /// <summary>Executes a statement in the transaction.</summary>
    /// <returns>How many rows it changed.</returns>
    public Task<int> ExecuteAsync(string sql, object?[] values, CancellationToken cancellationToken) =>
        Connection.ExecuteAsync(sql, values, cancellationToken);

    /// <summary>Commits, and then calls what waits for it.</summary>
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
        // Two statements in one message: the second sees what was committed while the first waited for its lock.
        await using NpgsqlBatch batch = new(Connection);
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand("select guest, bytes_used from accounts where id = $1 for no key update").With(Owner));
        if (project is { } id)
        {
            string column = trashed ? "trashed_owner_id" : "owner_id";
            batch.BatchCommands.Add(
                new NpgsqlBatchCommand($"select name, entry, revision from projects where id = $1 and {column} = $2 for no key update")
                    .With(id, Owner));
        }

        await using NpgsqlDataReader row = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken))
        {
            throw Problem.NotSignedIn();
        }

        (IsGuest, BytesUsed) = new RowReader<LockedAccount>(row).Read();
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
    }

    private sealed record LockedAccount(bool Guest, long BytesUsed);

    private sealed record LockedProject(string Name, string Entry, long Revision);
}
