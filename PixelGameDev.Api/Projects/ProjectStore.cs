using Npgsql;
using NpgsqlTypes;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.History.Pictures;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Storage;

namespace PixelGameDev.Api.Projects;

/// <summary>
/// Stores projects. Every WHERE clause asks the access policy, so the project of another account looks as if it does not exist.
/// </summary>
internal sealed class ProjectStore(NpgsqlDataSource database, StorageQuota quota)
{
    /// <summary>Lists the owner's projects, most recently changed first.</summary>
    public async Task<IReadOnlyList<ProjectSummary>> ListAsync(Guid owner, CancellationToken cancellationToken) =>
        await database.ListAsync<ProjectSummary>(
            """
            select p.id, p.name, p.entry, p.updated_at, p.revision,
                count(f.path)::int as file_count, coalesce(sum(octet_length(f.content)), 0)::bigint as size,
                encode(p.picture, 'hex') as picture, p.folder, encode(p.recording, 'hex') as recording
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
            select p.name, p.entry, p.updated_at, p.revision, p.controls::text as controls, p.seats::text as seats, f.path,
                octet_length(f.content) as file_size, f.is_binary as file_binary, f.revision as file_revision,
                f.updated_at as file_updated_at
            from projects p left join files f on f.project_id = p.id
            where p.id = $1 and project_access(p, $2) >= 'edit'
            order by f.path
            """,
            [id, owner],
            cancellationToken);
        return rows is [var project, ..]
            ? new Project(
                id, project.Name, project.Entry, project.UpdatedAt, project.Revision,
                [.. rows.Where(static row => row.Path is not null).Select(static row => row.ToFile())],
                TouchControls.Parse(project.Controls), SeatControls.Parse(project.Seats))
            : throw Problem.NotFound("project");
    }

    /// <summary>Creates a project from a template. Without a name it gets the template's title, with a number if that is taken.</summary>
    /// <exception cref="ProblemException">409: the account has reached the maximum number of projects.</exception>
    public async Task<Guid> CreateAsync(Guid owner, string? name, Template template, CancellationToken cancellationToken)
    {
        // The lock on the account prevents two concurrent creations from exceeding the limit.
        await using ProjectTransaction change = await ProjectTransaction.BeginAsync(database, owner, cancellationToken);
        await CheckCountAsync(change, cancellationToken);
        await quota.MakeRoomAsync(change, template.Bytes, cancellationToken);
        name ??= await FreeNameAsync(change, template.Title, cancellationToken);
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

    /// <summary>Returns the size of a project's files in bytes; 0 if it does not exist.</summary>
    public async Task<long> SizeAsync(Guid owner, Guid id, CancellationToken cancellationToken) => await database.FindAsync<long>(
        """
        select coalesce(sum(octet_length(f.content)), 0)::bigint
        from files f join projects p on p.id = f.project_id where p.id = $1 and project_access(p, $2) >= 'edit'
        """,
        [id, owner],
        cancellationToken);

    /// <summary>Reads a project with the content of all its files.</summary>
    /// <exception cref="ProblemException">404</exception>
    public async Task<(string Name, string Entry, IReadOnlyList<NewFile> Files)> ReadFilesAsync(
        Guid owner, Guid id, CancellationToken cancellationToken)
    {
        List<ContentRow> rows = await database.ListAsync<ContentRow>(
            """
            select p.name, p.entry, f.path, f.content, f.is_binary as binary
            from projects p left join files f on f.project_id = p.id
            where p.id = $1 and project_access(p, $2) >= 'edit'
            order by f.path
            """,
            [id, owner],
            cancellationToken);
        return rows is [var project, ..]
            ? (project.Name, project.Entry,
                [
                    .. rows.Where(static row => row.Path is not null)
                        .Select(static row => new NewFile(row.Path!, row.Content!, row.Binary!.Value)),
                ])
            : throw Problem.NotFound("project");
    }

    /// <summary>
    /// Copies a project with its files. A copy has no history: it begins with what it was copied from. The copy of a remix stays a remix.
    /// </summary>
    /// <exception cref="ProblemException">404; 409: the account has reached the maximum number of projects; 413, 507.</exception>
    public async Task<Guid> DuplicateAsync(Guid owner, Guid source, string? name, CancellationToken cancellationToken)
    {
        await using ProjectTransaction change = await ProjectTransaction.BeginAsync(database, owner, source, cancellationToken);
        await CheckCountAsync(change, cancellationToken);
        await quota.MakeRoomAsync(
            change,
            await change.Connection.FindAsync<long>(
                "select coalesce(sum(octet_length(content)), 0)::bigint from files where project_id = $1", [source], cancellationToken),
            cancellationToken);
        const string suffix = " (copy)";
        name ??= await FreeNameAsync(
            change, NameText.CutTo(change.Name, ProjectLimits.MaxNameLength - suffix.Length) + suffix, cancellationToken);
        Guid id = Guid.CreateVersion7();
        await change.ExecuteAsync(
            """
            with project as (
                insert into projects (id, owner_id, name, entry, controls, seats, folder, copied_from)
                select $2, owner_id, $3, entry, controls, seats, folder, copied_from from projects where id = $1 returning id),
            credit as (
                insert into remix_credits (project_id, original_id, maker_id, title)
                select project.id, c.original_id, c.maker_id, c.title from project, remix_credits c where c.project_id = $1)
            insert into files (project_id, path, content, is_binary, revision)
            select project.id, f.path, f.content, f.is_binary, 1 from project, files f where f.project_id = $1
            """,
            [source, id, name],
            cancellationToken);
        await PictureStore.CopyAsync(change.Connection, source, id, cancellationToken);
        await change.CommitAsync(cancellationToken);
        return id;
    }

    /// <summary>Changes what is given, everything or nothing; null stays as it is. An empty folder means none.</summary>
    /// <remarks>
    /// Only another name or entry makes a revision. No text of another window is older than the touch controls, and a project that moves
    /// into a folder keeps its place in the list.
    /// </remarks>
    /// <exception cref="ProblemException">404; 409: the entry is not a Python file of the project.</exception>
    public async Task ChangeAsync(
        Guid owner, Guid id, string? name, string? entry, string? controls, string? folder, string? seats,
        CancellationToken cancellationToken)
    {
        await using ProjectTransaction change = await ProjectTransaction.BeginAsync(database, owner, id, cancellationToken);
        bool revises = (name ?? change.Name) != change.Name || (entry ?? change.Entry) != change.Entry;
        if (!revises && controls is null && folder is null && seats is null)
        {
            return;
        }

        if (revises && entry is not null
            && (!FileKinds.IsSource(entry) || await FileStore.FindAsync(change, entry, cancellationToken) is null))
        {
            throw Problem.Conflict(
                "no_such_entry", "That file cannot start the game",
                $"The game starts with a Python file of this project, and \"{entry}\" is not one.");
        }

        await change.ExecuteAsync(
            """
            update projects set name = $2, entry = $3, controls = coalesce($4::jsonb, controls), seats = coalesce($7::jsonb, seats),
                folder = case when $5::text is null then folder else nullif($5, '') end,
                revision = revision + case when $6 then 1 else 0 end, updated_at = case when $6 then now() else updated_at end
            where id = $1
            """,
            [id, name ?? change.Name, entry ?? change.Entry, Sql.Text(controls), Sql.Text(folder), revises, Sql.Text(seats)],
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

    /// <summary>Returns the name, with a number behind it if another project of the owner has it.</summary>
    private static async Task<string> FreeNameAsync(ProjectTransaction change, string name, CancellationToken cancellationToken) =>
        NameText.MakeUnique(
            name,
            await change.Connection.ListAsync<string>(
                "select name from projects where owner_id = $1", [change.Owner], cancellationToken));

    private sealed record ContentRow(string Name, string Entry, string? Path, byte[]? Content, bool? Binary);

    /// <summary>A project with one of its files. The file columns are null when the project has no files.</summary>
    private sealed record ProjectRow(
        string Name, string Entry, DateTimeOffset UpdatedAt, long Revision, string? Controls, string? Seats, string? Path, int? FileSize,
        bool? FileBinary, long? FileRevision, DateTimeOffset? FileUpdatedAt)
    {
        public FileInfo ToFile() => new(Path!, FileSize!.Value, FileBinary!.Value, FileRevision!.Value, FileUpdatedAt!.Value);
    }
}
