using System.Security.Cryptography;
using Npgsql;
using PixelGameDev.Api.Access;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.History;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Projects;
using PixelGameDev.Api.Storage;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Api.Recordings;

/// <summary>Stores the recordings that owners keep.</summary>
/// <remarks>
/// A recording belongs to one project, by the SHA-256 of its file, and goes with the project. Its content is a blob as those of revisions
/// are, and the same housekeeping removes it. It counts in the owner's quota.
/// </remarks>
internal sealed class RecordingStore(NpgsqlDataSource database, IBlobStore blobs, StorageQuota quota, AccessPolicy access)
{
    /// <summary>The maximum number of recordings of one project.</summary>
    public const int Most = 20;

    private const string Columns =
        """
        encode(r.hash, 'hex') as name, r.created_at, r.size, r.width, r.height, r.millis, r.frames,
        coalesce(p.recording = r.hash, false) as shown
        """;

    /// <summary>Lists the recordings of a project of the owner, newest first.</summary>
    /// <exception cref="ProblemException">404</exception>
    public async Task<IReadOnlyList<Recording>> ListAsync(Guid owner, Guid project, CancellationToken cancellationToken)
    {
        await access.RequireAsync(owner, project, AccessLevel.Edit, cancellationToken);
        return await database.ListAsync<Recording>(
            $"""
            select {Columns} from projects p join recordings r on r.project_id = p.id
            where p.id = $1 and project_access(p, $2) >= 'edit' order by r.created_at desc, r.hash
            """,
            [project, owner],
            cancellationToken);
    }

    /// <summary>Keeps a recording. The first one of a project shows the game from now on.</summary>
    /// <param name="owner">The account.</param>
    /// <param name="project">The project.</param>
    /// <param name="file">The file, which has been checked.</param>
    /// <param name="info">What it holds.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ProblemException">404; 409: too many; 413, 507: no room.</exception>
    public async Task<Recording> KeepAsync(
        Guid owner, Guid project, byte[] file, RecordingInfo info, CancellationToken cancellationToken)
    {
        await using ProjectTransaction change = await ProjectTransaction.BeginAsync(database, owner, project, cancellationToken);
        byte[] hash = SHA256.HashData(file);
        // The same recording again is the same file.
        if (await FindAsync(change, hash, cancellationToken) is { } there)
        {
            return there;
        }

        if (await change.Connection.FindAsync<long>(
            "select count(*) from recordings where project_id = $1", [project], cancellationToken) >= Most)
        {
            throw Problem.Conflict(
                "too_many_recordings", "This game has many recordings",
                $"A game can have {Most} recordings. Delete one that you no longer need.", ("most", Most));
        }

        await quota.MakeRoomAsync(change, file.Length, cancellationToken);
        // Housekeeping must not remove a blob that is found here.
        await change.ExecuteAsync("select pg_advisory_xact_lock_shared($1)", [RevisionWriter.CollectionLock], cancellationToken);
        await change.ExecuteAsync(
            "insert into blobs (hash, size, content) values ($1, $2, $3) on conflict do nothing", [hash, file.Length, file],
            cancellationToken);
        await change.ExecuteAsync(
            """
            insert into recordings (project_id, hash, size, width, height, millis, frames) values ($1, $2, $3, $4, $5, $6, $7)
            """,
            [project, hash, file.Length, info.Width, info.Height, info.Millis, info.Frames],
            cancellationToken);
        await change.ExecuteAsync(
            "update projects set recording = $2 where id = $1 and recording is null", [project, hash], cancellationToken);
        Recording kept = (await FindAsync(change, hash, cancellationToken))!;
        await change.CommitAsync(cancellationToken);
        return kept;
    }

    /// <summary>Finds the file of a recording of the owner.</summary>
    /// <exception cref="ProblemException">404</exception>
    public async Task<RecordingBlob> FindAsync(Guid owner, Guid project, string name, CancellationToken cancellationToken) =>
        await database.FindAsync<RecordingBlob>(
            """
            select r.hash, r.size from projects p join recordings r on r.project_id = p.id
            where p.id = $1 and project_access(p, $2) >= 'edit' and encode(r.hash, 'hex') = $3
            """,
            [project, owner, name],
            cancellationToken) ?? throw Problem.NotFound("recording");

    /// <summary>Reads the file of a recording.</summary>
    /// <exception cref="ProblemException">404; 503: the object store does not answer.</exception>
    public async Task<byte[]> ReadAsync(RecordingBlob recording, CancellationToken cancellationToken)
    {
        BlobHash hash = new(recording.Hash);
        return (await blobs.ReadAsync([hash], cancellationToken)).GetValueOrDefault(hash) ?? throw Problem.NotFound("recording");
    }

    /// <summary>Chooses whether a recording shows the game.</summary>
    /// <exception cref="ProblemException">404</exception>
    public async Task ShowAsync(Guid owner, Guid project, string name, bool shown, CancellationToken cancellationToken)
    {
        await using ProjectTransaction change = await ProjectTransaction.BeginAsync(database, owner, project, cancellationToken);
        byte[] hash = (await FindAsync(owner, project, name, cancellationToken)).Hash;
        await change.ExecuteAsync(
            shown ? "update projects set recording = $2 where id = $1"
                : "update projects set recording = null where id = $1 and recording = $2",
            [project, hash],
            cancellationToken);
        await change.CommitAsync(cancellationToken);
    }

    /// <summary>Deletes a recording.</summary>
    /// <exception cref="ProblemException">404</exception>
    public async Task DeleteAsync(Guid owner, Guid project, string name, CancellationToken cancellationToken)
    {
        await using ProjectTransaction change = await ProjectTransaction.BeginAsync(database, owner, project, cancellationToken);
        byte[] hash = (await FindAsync(owner, project, name, cancellationToken)).Hash;
        await change.ExecuteAsync(
            "update projects set recording = null where id = $1 and recording = $2", [project, hash], cancellationToken);
        await change.ExecuteAsync("delete from recordings where project_id = $1 and hash = $2", [project, hash], cancellationToken);
        await change.CommitAsync(cancellationToken);
    }

    private static Task<Recording?> FindAsync(ProjectTransaction change, byte[] hash, CancellationToken cancellationToken) =>
        change.Connection.FindAsync<Recording>(
            $"select {Columns} from projects p join recordings r on r.project_id = p.id where p.id = $1 and r.hash = $2",
            [change.ProjectId, hash],
            cancellationToken);
}
