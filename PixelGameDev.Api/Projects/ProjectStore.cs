using Npgsql;
using NpgsqlTypes;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Storage;

namespace PixelGameDev.Api.Projects;

/// <summary>
/// Projects and their files. Ownership is part of every WHERE clause: another person's project is as absent as one that never was.
/// </summary>
internal sealed class ProjectStore(NpgsqlDataSource database, StorageQuota quota)
{
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
                rows.GetGuid(0), rows.GetString(1), rows.GetString(2), rows.GetFieldValue<DateTimeOffset>(3), rows.GetInt64(4),
                rows.GetInt32(5), rows.GetInt64(6)));
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
        // The lock on the account keeps two simultaneous creations from passing the limit together.
        await using ProjectTransaction change = await ProjectTransaction.BeginAsync(database, owner, cancellationToken);
        await CheckCountAsync(change, cancellationToken);
        await quota.MakeRoomAsync(change, template.Bytes, cancellationToken);
        Guid id = await InsertAsync(change.Connection, owner, name, template, cancellationToken);
        await change.CommitAsync(cancellationToken);
        return id;
    }

    /// <summary>A project with the template's files, in the caller's transaction, one statement.</summary>
    public static async Task<Guid> InsertAsync(
        NpgsqlConnection connection, Guid owner, string name, Template template, CancellationToken cancellationToken)
    {
        Guid id = Guid.CreateVersion7();
        await using NpgsqlCommand command = new(
            """
            with project as (
                insert into projects (id, owner_id, name, entry) values ($1, $2, $3, $4) returning id)
            insert into files (project_id, path, content, is_binary, revision)
            select project.id, file.path, file.content, file.is_binary, 1
            from project, unnest($5, $6, $7) as file (path, content, is_binary)
            """,
            connection)
        {
            Parameters = { new() { Value = id }, new() { Value = owner }, new() { Value = name }, new() { Value = template.Entry } },
        };
        command.Parameters.Add(new()
        {
            Value = template.Files.Select(file => file.Path).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text
        });
        command.Parameters.Add(new()
        {
            Value = template.Files.Select(file => file.Content).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea
        });
        command.Parameters.Add(new()
        {
            Value = template.Files.Select(file => file.Binary).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Boolean
        });
        await command.ExecuteNonQueryAsync(cancellationToken);
        return id;
    }

    /// <summary>A new name, a new entry, or both.</summary>
    /// <exception cref="ProblemException">404; 409 when the entry is not a Python file of the project.</exception>
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

    /// <summary>Throws when the account has as many projects as it may.</summary>
    /// <exception cref="ProblemException">409</exception>
    public static async Task CheckCountAsync(ProjectTransaction change, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand count = change.Command("select count(*) from projects where owner_id = $1", change.Owner);
        if ((long)(await count.ExecuteScalarAsync(cancellationToken))! >= ProjectLimits.MaxProjects)
        {
            throw Problem.Conflict(
                "too_many_projects",
                "Too many projects",
                $"You have {ProjectLimits.MaxProjects} projects, and that is the limit. Delete one you no longer need.",
                ("limit", ProjectLimits.MaxProjects));
        }
    }
}
