using Npgsql;
using PixelGameDev.Api.Access;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Projects;

/// <summary>Stores deleted projects and files, which can be restored for <see cref="Lifetime"/>.</summary>
/// <remarks>
/// A project in the trash has a trashed owner instead of an owner, so queries for the projects of an account do not find it. Files in the
/// trash are stored in a separate table.
/// </remarks>
internal sealed class TrashStore(NpgsqlDataSource database, ProjectLimits limits, AccessPolicy access)
{
    /// <summary>How long a project or file stays in the trash.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>The maximum number of files in the trash of one project. The oldest files above it are removed permanently.</summary>
    public const int MaxFiles = 200;

    /// <summary>The maximum number of projects in the trash of one account. The oldest projects above it are removed permanently.</summary>
    public const int MaxProjects = 100;

    /// <summary>Lists the deleted projects of the account, most recently deleted first.</summary>
    public async Task<IReadOnlyList<TrashedProject>> ListProjectsAsync(Guid owner, CancellationToken cancellationToken) =>
        await database.ListAsync<TrashedProject>(
            """
            select id, name, deleted_at, deleted_at + $2 as expires_at, bytes
            from projects where trashed_owner_id = $1 order by deleted_at desc, id desc
            """,
            [owner, Lifetime],
            cancellationToken);

    /// <summary>Moves a project to the trash.</summary>
    /// <exception cref="ProblemException">404</exception>
    public async Task DeleteProjectAsync(Guid owner, Guid id, CancellationToken cancellationToken)
    {
        await using ProjectTransaction change = await ProjectTransaction.BeginAsync(database, owner, id, cancellationToken);
        await change.ExecuteAsync(
            "update projects set owner_id = null, trashed_owner_id = owner_id, deleted_at = now() where id = $1", [id], cancellationToken);
        await change.ExecuteAsync(
            "delete from projects where id in (select id from projects where trashed_owner_id = $1 order by deleted_at desc, id desc " +
                "offset $2)",
            [owner, MaxProjects],
            cancellationToken);
        await change.CommitAsync(cancellationToken);
    }

    /// <summary>Moves a deleted project with all its files back to the account's projects.</summary>
    /// <exception cref="ProblemException">404; 409: the account has reached the maximum number of projects.</exception>
    public async Task RestoreProjectAsync(Guid owner, Guid id, CancellationToken cancellationToken)
    {
        await using ProjectTransaction change = await ProjectTransaction.BeginInTrashAsync(database, owner, id, cancellationToken);
        await ProjectStore.CheckCountAsync(change, cancellationToken);
        await change.ExecuteAsync(
            "update projects set owner_id = trashed_owner_id, trashed_owner_id = null, deleted_at = null, updated_at = now() where id = $1",
            [id],
            cancellationToken);
        await change.CommitAsync(cancellationToken);
    }

    /// <summary>Removes a deleted project permanently.</summary>
    /// <exception cref="ProblemException">404</exception>
    public async Task RemoveProjectAsync(Guid owner, Guid id, CancellationToken cancellationToken)
    {
        await using ProjectTransaction change = await ProjectTransaction.BeginInTrashAsync(database, owner, id, cancellationToken);
        await change.ExecuteAsync("delete from projects where id = $1", [id], cancellationToken);
        await change.CommitAsync(cancellationToken);
    }

    /// <summary>Lists the deleted and replaced files of a project, most recent first.</summary>
    /// <exception cref="ProblemException">404</exception>
    public async Task<IReadOnlyList<TrashedFile>> ListFilesAsync(Guid owner, Guid project, CancellationToken cancellationToken)
    {
        await access.RequireAsync(owner, project, AccessLevel.Edit, cancellationToken);
        return await database.ListAsync<TrashedFile>(
            """
            select f.id, f.path, octet_length(f.content) as size, f.is_binary as binary, f.reason, f.deleted_at,
                f.deleted_at + $3 as expires_at
            from projects p join trashed_files f on f.project_id = p.id
            where p.id = $1 and project_access(p, $2) >= 'edit'
            order by f.deleted_at desc, f.id desc
            """,
            [project, owner, Lifetime],
            cancellationToken);
    }

    /// <summary>Returns the size of a file in the trash in bytes; 0 if it does not exist.</summary>
    public async Task<long> SizeOfFileAsync(Guid owner, Guid project, Guid id, CancellationToken cancellationToken) =>
        await database.FindAsync<int>(
            """
            select octet_length(f.content) from trashed_files f join projects p on p.id = f.project_id
            where f.id = $1 and f.project_id = $2 and project_access(p, $3) >= 'edit'
            """,
            [id, project, owner],
            cancellationToken);

    /// <summary>Moves a file back into its project, to its former path or to another one.</summary>
    /// <exception cref="ProblemException">
    /// 404; 409: the path is taken; 413, 415: the file breaks a rule of the project at that path.
    /// </exception>
    public async Task<SavedFile> RestoreFileAsync(
        Guid owner, Guid project, Guid id, string? path, bool replace, CancellationToken cancellationToken)
    {
        await using ProjectTransaction change = await ProjectTransaction.BeginAsync(database, owner, project, cancellationToken);
        NewFile file = await FindAsync(change, id, cancellationToken) ?? throw Problem.NotFound("file");
        file = file with { Path = path ?? file.Path };
        if (file.Binary)
        {
            FileKinds.CheckMayBeBinary(file.Path);
        }

        limits.CheckFile(file.Path, file.Content.Length);
        ProjectSurvey survey = await ProjectSurvey.ReadAsync(change, file.Path, file.Content, cancellationToken);
        if (survey.Revision is not null && !replace)
        {
            throw FileStore.NameTaken(file.Path);
        }

        survey.Check(limits, file.Path, file.Content.Length);
        // The bytes only move, so the quota is not checked.
        Guid? replaced = survey.Revision is null ? null : await MoveFileAsync(change, file.Path, TrashReason.Replaced, cancellationToken);
        SavedFile restored = await FileStore.WriteAsync(change, file, cancellationToken);
        await change.ExecuteAsync("delete from trashed_files where id = $1", [id], cancellationToken);
        await change.CommitAsync(cancellationToken);
        return restored with { Replaced = replaced };
    }

    /// <summary>Removes a file from the trash permanently.</summary>
    /// <exception cref="ProblemException">404</exception>
    public async Task RemoveFileAsync(Guid owner, Guid project, Guid id, CancellationToken cancellationToken)
    {
        await using ProjectTransaction change = await ProjectTransaction.BeginAsync(database, owner, project, cancellationToken);
        if (await change.ExecuteAsync("delete from trashed_files where id = $1 and project_id = $2", [id, project], cancellationToken) == 0)
        {
            throw Problem.NotFound("file");
        }

        await change.CommitAsync(cancellationToken);
    }

    /// <summary>
    /// Copies a file of the locked project to the trash and returns its id there. The caller removes or replaces the file.
    /// </summary>
    public static async Task<Guid> MoveFileAsync(ProjectTransaction change, string path, string reason, CancellationToken cancellationToken)
    {
        Guid id = Guid.CreateVersion7();
        await change.ExecuteAsync(
            """
            insert into trashed_files (id, project_id, path, content, is_binary, reason)
            select $1, project_id, path, content, is_binary, $4 from files where project_id = $2 and path = $3
            """,
            [id, change.ProjectId, path, reason],
            cancellationToken);
        await change.ExecuteAsync(
            "delete from trashed_files where id in (select id from trashed_files where project_id = $1 order by deleted_at desc, id " +
                "desc offset $2)",
            [change.ProjectId, MaxFiles],
            cancellationToken);
        return id;
    }

    private static Task<NewFile?> FindAsync(ProjectTransaction change, Guid id, CancellationToken cancellationToken) =>
        change.Connection.FindAsync<NewFile>(
            "select path, content, is_binary as binary from trashed_files where id = $1 and project_id = $2",
            [id, change.ProjectId],
            cancellationToken);
}
