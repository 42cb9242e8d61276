using Npgsql;
using NpgsqlTypes;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Storage;

namespace PixelGameDev.Api.Projects;

/// <summary>
/// Stores projects. Every WHERE clause includes the owner, so the project of another account looks as if it does not exist.
/// </summary>
internal sealed class ProjectStore(NpgsqlDataSource database, StorageQuota quota)
{
    /// <summary>Lists the owner's projects, most recently changed first.</summary>
    public async Task<IReadOnlyList<ProjectSummary>> ListAsync(Guid owner, CancellationToken cancellationToken) =>
        await database.ListAsync<ProjectSummary>(
            """
            select p.id, p.name, p.entry, p.updated_at, p.revision,
                count(f.path)::int as file_count, coalesce(sum(octet_length(f.content)), 0)::bigint as size
            from projects p left join files f on f.project_id = p.id
            where p.owner_id = $1
            group by p.id order by p.updated_at desc, p.id
            """,
            [owner],
            cancellationToken);

    /// <summary>Reads a project with the list of its files.</summary>
    /// <exception cref="ProblemException">404</exception>
    public async Task<Project> ReadAsync(Guid owner, Guid id, CancellationToken cancellationToken)
    {
        List<ProjectRow> rows = await database.ListAsync<ProjectRow>(
            """
            select p.name, p.entry, p.updated_at, p.revision, f.path,
                octet_length(f.content) as file_size, f.is_binary as file_binary, f.revision as file_revision,
                f.updated_at as file_updated_at
            from projects p left join files f on f.project_id = p.id
            where p.id = $1 and p.owner_id = $2
            order by f.path
            """,
            [id, owner],
            cancellationToken);
        return rows is [var project, ..]
            ? new Project(
                id, project.Name, project.Entry, project.UpdatedAt, project.Revision,
                [.. rows.Where(static row => row.Path is not null).Select(static row => row.ToFile())])
            : throw Problem.NotFound("project");
    }

    /// <summary>Creates a project from a template.</summary>
    /// <exception cref="ProblemException">409: the account has reached the maximum number of projects.</exception>
    public async Task<Guid> CreateAsync(Guid owner, string name, Template template, CancellationToken cancellationToken)
    {
        // The lock on the account prevents two concurrent creations from exceeding the limit.
        await using ProjectTransaction change = await ProjectTransaction.BeginAsync(database, owner, cancellationToken);
        await CheckCountAsync(change, cancellationToken);
        await quota.MakeRoomAsync(change, template.Bytes, cancellationToken);
        Guid id = await InsertAsync(change.Connection, owner, name, template, cancellationToken);
        await change.CommitAsync(cancellationToken);
        return id;
    }

    /// <summary>Inserts a project with the template's files, in the transaction of the caller, with one statement.</summary>
    public static async Task<Guid> InsertAsync(
        NpgsqlConnection connection, Guid owner, string name, Template template, CancellationToken cancellationToken)
    {
        Guid id = Guid.CreateVersion7();
        await connection.ExecuteAsync(
            """
            with project as (
                insert into projects (id, owner_id, name, entry) values ($1, $2, $3, $4) returning id)
            insert into files (project_id, path, content, is_binary, revision)
            select project.id, file.path, file.content, file.is_binary, 1
            from project, unnest($5, $6, $7) as file (path, content, is_binary)
            """,
            [
                id, owner, name, template.Entry,
                Sql.Array(NpgsqlDbType.Text, template.Files.Select(static file => file.Path)),
                Sql.Array(NpgsqlDbType.Bytea, template.Files.Select(static file => file.Content)),
                Sql.Array(NpgsqlDbType.Boolean, template.Files.Select(static file => file.Binary)),
            ],
            cancellationToken);
        return id;
    }

    /// <summary>Changes the name, the entry, or both.</summary>
    /// <exception cref="ProblemException">404; 409: the entry is not a Python file of the project.</exception>
    public async Task ChangeAsync(Guid owner, Guid id, string? name, string? entry, CancellationToken cancellationToken)
    {
        await using ProjectTransaction change = await ProjectTransaction.BeginAsync(database, owner, id, cancellationToken);
        if (entry is not null && (!FileKinds.IsSource(entry) || await FileStore.FindAsync(change, entry, cancellationToken) is null))
        {
            throw Problem.Conflict(
                "no_such_entry", "That file cannot start the game",
                $"The game starts with a Python file of this project, and \"{entry}\" is not one.");
        }

        await change.ExecuteAsync(
            "update projects set name = $2, entry = $3, revision = revision + 1, updated_at = now() where id = $1",
            [id, name ?? change.Name, entry ?? change.Entry],
            cancellationToken);
        await change.CommitAsync(cancellationToken);
    }

    /// <summary>Throws when the account has reached the maximum number of projects.</summary>
    /// <exception cref="ProblemException">409</exception>
    public static async Task CheckCountAsync(ProjectTransaction change, CancellationToken cancellationToken)
    {
        long count = await change.Connection.FindAsync<long>(
            "select count(*) from projects where owner_id = $1", [change.Owner], cancellationToken);
        if (count >= ProjectLimits.MaxProjects)
        {
            throw Problem.Conflict(
                "too_many_projects",
                "Too many projects",
                $"You have {ProjectLimits.MaxProjects} projects, and that is the limit. Delete one you no longer need.",
                ("limit", ProjectLimits.MaxProjects));
        }
    }

    /// <summary>A project with one of its files. The file columns are null when the project has no files.</summary>
    private sealed record ProjectRow(
        string Name, string Entry, DateTimeOffset UpdatedAt, long Revision, string? Path, int? FileSize, bool? FileBinary,
        long? FileRevision, DateTimeOffset? FileUpdatedAt)
    {
        public FileInfo ToFile() => new(Path!, FileSize!.Value, FileBinary!.Value, FileRevision!.Value, FileUpdatedAt!.Value);
    }
}
