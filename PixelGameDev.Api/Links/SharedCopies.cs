using Npgsql;
using NpgsqlTypes;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.History;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Projects;
using PixelGameDev.Api.Storage;

namespace PixelGameDev.Api.Links;

/// <summary>Copies shared games into the projects of the people who open them.</summary>
internal sealed class SharedCopies(NpgsqlDataSource database, IBlobStore blobs, StorageQuota quota)
{
    /// <summary>Copies the files of a link. The copy remembers what it was made of, and begins a history of its own.</summary>
    /// <exception cref="ProblemException">404: the link does not work any more; 409, 413, 507: a limit is exceeded.</exception>
    public async Task<Guid> CopyAsync(Guid account, OpenedLink link, CancellationToken cancellationToken)
    {
        // Read before anything is locked, because an object store may take seconds.
        List<NewFile> files = await link.Files.ReadAsync(blobs, cancellationToken);
        await using ProjectTransaction change =
            await ProjectTransaction.BeginAsPlayerAsync(database, account, link.Project, cancellationToken);
        await ProjectStore.CheckCountAsync(change, cancellationToken);
        await quota.MakeRoomAsync(change, files.Sum(static file => (long)file.Content.Length), cancellationToken);
        Guid id = Guid.CreateVersion7();
        int made = await change.ExecuteAsync(
            """
            with project as (
                insert into projects (id, owner_id, name, entry, controls, seats, copied_from)
                select $1, $2, p.name, $3, p.controls, p.seats, p.id
                from links l join projects p on p.id = l.project_id where l.id = $4 and project_access(p, $2, l) >= 'run'
                returning id, copied_from),
            credit as (
                insert into remix_credits (project_id, original_id, maker_id, title)
                select project.id, p.id, p.owner_id, p.name from project join projects p on p.id = project.copied_from)
            insert into files (project_id, path, content, is_binary, revision)
            select project.id, file.path, file.content, file.is_binary, 1
            from project, unnest($5, $6, $7) as file (path, content, is_binary)
            """,
            [
                id, account, link.Files.Entry, link.Id,
                Sql.Array(NpgsqlDbType.Text, files.Select(static file => file.Path)),
                Sql.Array(NpgsqlDbType.Bytea, files.Select(static file => file.Content)),
                Sql.Array(NpgsqlDbType.Boolean, files.Select(static file => file.Binary)),
            ],
            cancellationToken);
        if (made == 0)
        {
            throw Problem.NotFound("link");
        }

        await change.CommitAsync(cancellationToken);
        return id;
    }
}
