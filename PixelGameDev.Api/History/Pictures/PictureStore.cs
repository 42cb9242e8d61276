using System.Security.Cryptography;
using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.History.Pictures;

/// <summary>Stores the small pictures of how games looked at the end of a run.</summary>
/// <remarks>
/// Each picture belongs to one project, by the SHA-256 of its PNG, and goes with the project. Two columns name it:
/// <c>revisions.picture</c>, the last one of a revision, and <c>projects.picture</c>, the newest one of the project, which stays when its
/// revision is thinned.
/// Pictures do not count towards the quota; they count in the bound of an account's history.
/// </remarks>
internal sealed class PictureStore(NpgsqlDataSource database)
{
    /// <summary>Finds the run that a picture belongs to; null if the session or its project is gone, or if the session is
    /// one of a link: how others play is no picture of its owner's.</summary>
    public Task<PicturedRun?> FindRunAsync(Guid session, CancellationToken cancellationToken) => database.FindAsync<PicturedRun>(
        """
        select s.project_id as project, s.revision, coalesce(s.project_revision = p.revision, false) as unchanged
        from sessions s join projects p on p.id = s.project_id where s.id = $1 and not s.by_link
        """,
        [session], cancellationToken);

    /// <summary>Stores the picture of a revision, and removes those of the project that nothing names any more.</summary>
    /// <param name="project">The project. If it is gone meanwhile, nothing is stored.</param>
    /// <param name="revision">
    /// The number of the revision that ran. If it is null or gone meanwhile, only the project gets the picture.
    /// </param>
    /// <param name="png">The picture.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task StoreAsync(Guid project, long? revision, byte[] png, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Two runs that end together must not remove each other's picture. This transaction takes no account lock after this one.
        if (!await connection.FindAsync<bool>("select true from projects where id = $1 for no key update", [project], cancellationToken))
        {
            return;
        }

        byte[] hash = SHA256.HashData(png);
        await connection.ExecuteAsync(
            "insert into pictures (project_id, hash, content) values ($1, $2, $3) on conflict do nothing", [project, hash, png],
            cancellationToken);
        await connection.ExecuteAsync(
            """
            with run as (
                update revisions set picture = $2 where project_id = $1 and number = $3)
            update projects set picture = $2 where id = $1
            """,
            [project, hash, revision ?? 0],
            cancellationToken);
        await RemoveUnneededAsync(connection, [project], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Removes the pictures of projects that neither a revision nor the project names.</summary>
    public static Task RemoveUnneededAsync(NpgsqlConnection connection, Guid[] projects, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(
            """
            delete from pictures x using projects p
            where x.project_id = any($1) and p.id = x.project_id and p.picture is distinct from x.hash
              and not exists (select from revisions r where r.project_id = x.project_id and r.picture = x.hash)
            """,
            [projects],
            cancellationToken);

    /// <summary>Gives a copy of a project the picture of the project, in the transaction of the caller.</summary>
    public static Task CopyAsync(NpgsqlConnection connection, Guid source, Guid copy, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(
            """
            with picture as (
                insert into pictures (project_id, hash, content)
                select $2, x.hash, x.content
                from pictures x join projects p on p.id = x.project_id and p.picture = x.hash where p.id = $1
                returning hash)
            update projects set picture = picture.hash from picture where id = $2
            """,
            [source, copy],
            cancellationToken);

    /// <summary>Reads a picture of a project of the owner.</summary>
    /// <param name="owner">The account.</param>
    /// <param name="project">The project.</param>
    /// <param name="name">The name that the lists give: the hash in hexadecimal digits.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ProblemException">404</exception>
    public async Task<byte[]> ReadAsync(Guid owner, Guid project, string name, CancellationToken cancellationToken) =>
        (await database.FindAsync<Picture>(
            """
            select x.content
            from projects p join pictures x on x.project_id = p.id
            where p.id = $1 and project_access(p, $2) >= 'edit' and encode(x.hash, 'hex') = $3
            """,
            [project, owner, name],
            cancellationToken) ?? throw Problem.NotFound("picture")).Content;

    /// <summary>Finds a picture of a project for the caller of a link; null: it is gone meanwhile.</summary>
    public Task<byte[]?> FindSharedAsync(Guid project, byte[] hash, CancellationToken cancellationToken) => database.FindAsync<byte[]>(
        "select content from pictures where project_id = $1 and hash = $2", [project, hash], cancellationToken);

    /// <summary>Finds a picture of a project of the owner, also of one in the trash; null if there is none with this hash.</summary>
    public Task<byte[]?> FindAsync(Guid owner, Guid project, byte[] hash, CancellationToken cancellationToken) =>
        database.FindAsync<byte[]>(
            """
            select x.content from projects p join pictures x on x.project_id = p.id
            where p.id = $1 and coalesce(p.owner_id, p.trashed_owner_id) = $2 and x.hash = $3
            """,
            [project, owner, hash],
            cancellationToken);

    private sealed record Picture(byte[] Content);
}

/// <summary>
/// The project and the revision that a session runs; the revision is null until it is recorded. <see cref="Unchanged"/>: the project still
/// has the files that run.
/// </summary>
internal sealed record PicturedRun(Guid Project, long? Revision, bool Unchanged);
