using System.Data;
using Npgsql;
using NpgsqlTypes;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Projects;

/// <summary>
/// Projects and their files. Ownership is part of every WHERE clause: another person's project is as absent as one that never was.
/// </summary>
/// <remarks>
/// A change of a project's files, in order: (1) lock the project's row, which also proves the owner; (2) read what the rules need to
/// know; (3) check; (4) change the files; (5) raise the revision; (6) commit. The lock makes changes of one project happen one after
/// the other, so the limits hold and revisions have no gaps.
/// </remarks>
internal sealed class ProjectStore(NpgsqlDataSource database, ProjectLimits limits)
{
    // Python files, as FileKinds.IsSource has it.
    private const string SourcePattern = @"\.pyw?$";

    public async Task<IReadOnlyList<ProjectSummary>> ListAsync(Guid owner, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand(
            """
            select p.id, p.name, p.entry, p.updated_at, p.revision, count(f.path)::int, coalesce(sum(octet_length(f.content)), 0)::bigint
            from projects p left join files f on f.project_id = p.id
            where p.owner_id = $1
            group by p.id order by p.updated_at desc, p.id
            """);
        command.Parameters.Add(new() { Value = owner });
        List<ProjectSummary> projects = [];
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            projects.Add(new ProjectSummary(
                rows.GetGuid(0), rows.GetString(1), rows.GetString(2), rows.GetFieldValue<DateTimeOffset>(3), rows.GetInt64(4), rows.GetInt32(5), rows.GetInt64(6)));
        }

        return projects;
    }

    /// <exception cref="ProblemException">404</exception>
    public async Task<Project> ReadAsync(Guid owner, Guid id, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand(
            """
            select p.name, p.entry, p.updated_at, p.revision, f.path, octet_length(f.content), f.is_binary, f.revision, f.updated_at
            from projects p left join files f on f.project_id = p.id
            where p.id = $1 and p.owner_id = $2
            order by f.path
            """);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = owner });
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        Project? project = null;
        List<FileInfo> files = [];
        while (await rows.ReadAsync(cancellationToken))
        {
            project ??= new Project(
                id, rows.GetString(0), rows.GetString(1), rows.GetFieldValue<DateTimeOffset>(2), rows.GetInt64(3), files);
            if (!rows.IsDBNull(4))
            {
                files.Add(new FileInfo(
                    rows.GetString(4), rows.GetInt32(5), rows.GetBoolean(6), rows.GetInt64(7), rows.GetFieldValue<DateTimeOffset>(8)));
            }
        }

        return project ?? throw Problem.NotFound("project");
    }

    /// <exception cref="ProblemException">409: the account has as many projects as it may.</exception>
    public async Task<Guid> CreateAsync(Guid owner, string name, Template template, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);

        // Locking the owner's row keeps two simultaneous creations from passing the limit together. A statement of its own: what
        // waits for a lock still sees the projects of the moment it began to wait.
        await using (NpgsqlCommand turn = Command(connection, "select 1 from accounts where id = $1 for update", owner))
        {
            await turn.ExecuteNonQueryAsync(cancellationToken);
        }

        await using (NpgsqlCommand count = Command(connection, "select count(*) from projects where owner_id = $1", owner))
        {
            if ((long)(await count.ExecuteScalarAsync(cancellationToken))! >= ProjectLimits.MaxProjects)
            {
                throw Problem.Conflict(
                    "too_many_projects",
                    "Too many projects",
                    $"You have {ProjectLimits.MaxProjects} projects, which is as many as fit. Delete one you no longer need.");
            }
        }

        Guid id = await InsertAsync(connection, owner, name, template, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return id;
    }

    /// <summary>A project with the template's files, in the caller's transaction, one statement.</summary>
    public static async Task<Guid> InsertAsync(
        NpgsqlConnection connection, Guid owner, string name, Template template, CancellationToken cancellationToken)
    {
        Guid id = Guid.CreateVersion7();
        await using NpgsqlCommand command = Command(
            connection,
            """
            with project as (
                insert into projects (id, owner_id, name, entry) values ($1, $2, $3, $4) returning id)
            insert into files (project_id, path, content, is_binary, revision)
            select project.id, file.path, file.content, file.is_binary, 1
            from project, unnest($5, $6, $7) as file (path, content, is_binary)
            """,
            id,
            owner,
            name,
            template.Entry);
        command.Parameters.Add(new() { Value = template.Files.Select(file => file.Path).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = template.Files.Select(file => file.Content).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        command.Parameters.Add(new() { Value = template.Files.Select(file => file.Binary).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Boolean });
        await command.ExecuteNonQueryAsync(cancellationToken);
        return id;
    }

    /// <summary>A new name, a new entry, or both.</summary>
    /// <exception cref="ProblemException">404; 409 when the entry is not a Python file of the project.</exception>
    public async Task ChangeAsync(Guid owner, Guid id, string? name, string? entry, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        LockedProject project = await LockAsync(connection, owner, id, cancellationToken);
        if (entry is not null
            && (!FileKinds.IsSource(entry) || await FindAsync(connection, id, entry, cancellationToken) is null))
        {
            throw Problem.Conflict(
                "no_such_entry", "That file cannot start the game", $"The game starts with a Python file of this project, and \"{entry}\" is none.");
        }

        await using NpgsqlCommand command = Command(
            connection,
            "update projects set name = $2, entry = $3, revision = revision + 1, updated_at = now() where id = $1",
            id,
            name ?? project.Name,
            entry ?? project.Entry);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <exception cref="ProblemException">404</exception>
    public async Task DeleteAsync(Guid owner, Guid id, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand("delete from projects where id = $1 and owner_id = $2");
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = owner });
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            throw Problem.NotFound("project");
        }
    }

    /// <exception cref="ProblemException">404</exception>
    public async Task<FileContent> ReadFileAsync(Guid owner, Guid id, string path, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand(
            """
            select f.content, f.is_binary, f.revision, f.updated_at
            from files f join projects p on p.id = f.project_id
            where f.project_id = $1 and p.owner_id = $2 and f.path = $3
            """);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = owner });
        command.Parameters.Add(new() { Value = path });
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new FileContent(path, row.GetFieldValue<byte[]>(0), row.GetBoolean(1), row.GetInt64(2), row.GetFieldValue<DateTimeOffset>(3))
            : throw Problem.NotFound("file");
    }

    /// <summary>
    /// Saves a file. Saving what is there already changes nothing and always succeeds: a save whose answer got lost can be repeated.
    /// </summary>
    /// <exception cref="ProblemException">404; 412 when <paramref name="condition"/> does not hold; 409, 413 for the rules of a project.</exception>
    public async Task<SavedFile> SaveAsync(
        Guid owner, Guid id, string path, byte[] content, bool binary, SaveCondition condition, CancellationToken cancellationToken)
    {
        limits.CheckFile(path, content.Length);
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        LockedProject project = await LockAsync(connection, owner, id, cancellationToken, path);
        path = project.NewPath;

        long? current;
        bool same;
        await using (NpgsqlCommand command = Command(
            connection,
            $$"""
            select
                max(revision) filter (where path = $2),
                coalesce(bool_or(path = $2 and content = $3), false),
                count(*) filter (where path <> $2),
                coalesce(sum(octet_length(content)) filter (where path <> $2), 0)::bigint,
                coalesce(sum(octet_length(content)) filter (where path <> $2 and path ~* '{{SourcePattern}}'), 0)::bigint,
                min(path) filter (where starts_with(path, $2 || '/') or starts_with($2, path || '/'))
            from files where project_id = $1
            """,
            id,
            path,
            content))
        await using (NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken))
        {
            await row.ReadAsync(cancellationToken);
            current = row.IsDBNull(0) ? null : row.GetInt64(0);
            same = row.GetBoolean(1);
            if (!same)
            {
                condition.Check(path, current);
                if (!row.IsDBNull(5))
                {
                    throw FileAndFolder(path, row.GetString(5));
                }

                limits.CheckProject(
                    row.GetInt64(2) + 1,
                    row.GetInt64(3) + content.Length,
                    row.GetInt64(4) + (FileKinds.IsSource(path) ? content.Length : 0));
            }
        }

        if (same)
        {
            return new SavedFile(path, content.Length, binary, current!.Value, project.Revision);
        }

        long revision = project.Revision + 1;
        await using (NpgsqlCommand command = Command(
            connection,
            """
            with raised as (
                update projects set revision = $5, updated_at = now() where id = $1)
            insert into files (project_id, path, content, is_binary, revision) values ($1, $2, $3, $4, $5)
            on conflict (project_id, path) do update
            set content = excluded.content, is_binary = excluded.is_binary, revision = excluded.revision, updated_at = now()
            """,
            id,
            path,
            content,
            binary,
            revision))
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return new SavedFile(path, content.Length, binary, revision, revision);
    }

    /// <summary>Gives a file another path; the entry of the project goes with it.</summary>
    /// <exception cref="ProblemException">404; 412; 409 when there is something at the new path.</exception>
    public async Task<SavedFile> RenameAsync(
        Guid owner, Guid id, string path, string newPath, SaveCondition condition, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        LockedProject project = await LockAsync(connection, owner, id, cancellationToken, newPath);
        newPath = project.NewPath;
        FileInfo file = await FindAsync(connection, id, path, cancellationToken) ?? throw Problem.NotFound("file");
        condition.Check(path, file.Revision);
        if (path == newPath)
        {
            return new SavedFile(path, file.Size, file.Binary, file.Revision, project.Revision);
        }

        if (project.Entry == path && !FileKinds.IsSource(newPath))
        {
            throw Problem.Conflict("entry_must_be_python", "This file starts the game", $"\"{path}\" starts the game, so its name must end in .py.");
        }

        await using (NpgsqlCommand command = Command(
            connection,
            $$"""
            select
                min(path) filter (where path = $3 or starts_with(path, $3 || '/') or starts_with($3, path || '/')),
                coalesce(sum(octet_length(content)) filter (where path ~* '{{SourcePattern}}'), 0)::bigint
            from files where project_id = $1 and path <> $2
            """,
            id,
            path,
            newPath))
        await using (NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken))
        {
            await row.ReadAsync(cancellationToken);
            if (!row.IsDBNull(0))
            {
                throw row.GetString(0) == newPath
                    ? Problem.Conflict("file_exists", "That name is taken", $"There is a file \"{newPath}\" already. Choose another name, or delete that one first.")
                    : FileAndFolder(newPath, row.GetString(0));
            }

            // A text file that becomes Python now counts as code.
            limits.CheckProject(1, 0, row.GetInt64(1) + (FileKinds.IsSource(newPath) ? file.Size : 0));
        }

        if (file.Binary)
        {
            FileKinds.CheckMayBeBinary(newPath);
        }

        long revision = project.Revision + 1;
        await using (NpgsqlCommand command = Command(
            connection,
            """
            with raised as (
                update projects set revision = $4, entry = case when entry = $2 then $3 else entry end, updated_at = now() where id = $1)
            update files set path = $3, revision = $4, updated_at = now() where project_id = $1 and path = $2
            """,
            id,
            path,
            newPath,
            revision))
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return new SavedFile(newPath, file.Size, file.Binary, revision, revision);
    }

    /// <exception cref="ProblemException">404; 412; 409 for the file that starts the game.</exception>
    public async Task DeleteFileAsync(Guid owner, Guid id, string path, SaveCondition condition, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        LockedProject project = await LockAsync(connection, owner, id, cancellationToken);
        FileInfo file = await FindAsync(connection, id, path, cancellationToken) ?? throw Problem.NotFound("file");
        condition.Check(path, file.Revision);
        if (project.Entry == path)
        {
            throw Problem.Conflict(
                "entry_stays", "This file starts the game", $"\"{path}\" starts the game. Choose another file to start with before you delete it.");
        }

        await using NpgsqlCommand command = Command(
            connection,
            """
            with raised as (
                update projects set revision = revision + 1, updated_at = now() where id = $1)
            delete from files where project_id = $1 and path = $2
            """,
            id,
            path);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>
    /// Locks the row of a project. <paramref name="newPath"/>, if any, comes back in composed Unicode form: "é" typed on one machine
    /// and on another must be one file.
    /// </summary>
    private static async Task<LockedProject> LockAsync(
        NpgsqlConnection connection, Guid owner, Guid id, CancellationToken cancellationToken, string newPath = "")
    {
        await using NpgsqlCommand command = Command(
            connection,
            "select name, entry, revision, normalize($3, NFC) from projects where id = $1 and owner_id = $2 for update",
            id,
            owner,
            newPath);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new LockedProject(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetString(3))
            : throw Problem.NotFound("project");
    }

    private static async Task<FileInfo?> FindAsync(NpgsqlConnection connection, Guid id, string path, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = Command(
            connection,
            "select octet_length(content), is_binary, revision, updated_at from files where project_id = $1 and path = $2",
            id,
            path);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new FileInfo(path, row.GetInt32(0), row.GetBoolean(1), row.GetInt64(2), row.GetFieldValue<DateTimeOffset>(3))
            : null;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        NpgsqlCommand command = new(sql, connection);
        foreach (object value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return command;
    }

    private static ProblemException FileAndFolder(string path, string other) => Problem.Conflict(
        "file_and_folder", "A file and a folder have the same name", $"\"{path}\" does not fit beside \"{other}\": a name is either a file or a folder.");

    private sealed record LockedProject(string Name, string Entry, long Revision, string NewPath);
}
