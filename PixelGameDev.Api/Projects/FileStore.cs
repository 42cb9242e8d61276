using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.History;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Storage;

namespace PixelGameDev.Api.Projects;

/// <summary>
/// Reads and changes the files of a project. Every WHERE clause asks the access policy, so the project of another account looks as if it
/// does not exist.
/// </summary>
/// <remarks>
/// Steps of a change: (1) lock the account and the project, which also verifies the owner; (2) read the data for the checks; (3) check; (4)
/// change the files; (5) increment the revision; (6) commit.
/// </remarks>
internal sealed class FileStore(NpgsqlDataSource database, ProjectLimits limits, StorageQuota quota)
{
    /// <summary>Reads a file with its content.</summary>
    /// <exception cref="ProblemException">404</exception>
    public async Task<FileContent> ReadAsync(Guid owner, Guid project, string path, CancellationToken cancellationToken) =>
        await database.FindAsync<FileContent>(
            """
            select f.path, f.content, f.is_binary as binary, f.revision, f.updated_at
            from files f join projects p on p.id = f.project_id
            where f.project_id = $1 and project_access(p, $2) >= 'edit' and f.path = $3
            """,
            [project, owner, path],
            cancellationToken) ?? throw Problem.NotFound("file");

    /// <summary>Returns the size of a file in bytes; 0 if there is none.</summary>
    public Task<int> SizeAsync(Guid owner, Guid project, string path, CancellationToken cancellationToken) =>
        database.FindAsync<int>(
            """
            select octet_length(f.content) from files f join projects p on p.id = f.project_id
            where f.project_id = $1 and project_access(p, $2) >= 'edit' and f.path = $3
            """,
            [project, owner, path],
            cancellationToken);

    /// <summary>
    /// Saves a file. Saving identical content changes nothing and always succeeds, so a client can repeat a save whose answer was lost.
    /// </summary>
    /// <remarks>
    /// With <paramref name="keepReplaced"/> the replaced content moves to the trash, unless the quota has no room for both. A save takes
    /// precedence over the trash.
    /// </remarks>
    /// <exception cref="ProblemException">
    /// 404; 412: <paramref name="condition"/> does not hold; 409, 413, 507: a limit is exceeded.
    /// </exception>
    public async Task<SavedFile> SaveAsync(
        Guid owner, Guid project, NewFile file, SaveCondition condition, bool keepReplaced, CancellationToken cancellationToken)
    {
        limits.CheckFile(file.Path, file.Content.Length);
        await using ProjectTransaction change = await ProjectTransaction.BeginAsync(database, owner, project, cancellationToken);
        ProjectSurvey survey = await ProjectSurvey.ReadAsync(change, file.Path, file.Content, cancellationToken);
        if (survey.IsSame)
        {
            return new SavedFile(file.Path, file.Content.Length, file.Binary, survey.Revision!.Value, change.Revision);
        }

        condition.Check(file.Path, survey.Revision);
        survey.Check(limits, file.Path, file.Content.Length);
        if (keepReplaced && survey.Revision is not null)
        {
            await RevisionWriter.RecordAsync(change.Connection, project, RevisionReason.BeforeReplace, cancellationToken);
        }

        Guid? replaced = null;
        if (keepReplaced && survey.Revision is not null && await quota.TryMakeRoomAsync(change, file.Content.Length, cancellationToken))
        {
            replaced = await TrashStore.MoveFileAsync(change, file.Path, TrashReason.Replaced, cancellationToken);
        }
        else
        {
            await quota.MakeRoomAsync(change, file.Content.Length - survey.Size, cancellationToken);
        }

        SavedFile saved = await WriteAsync(change, file, cancellationToken);
        await change.CommitAsync(cancellationToken);
        if (keepReplaced && survey.Revision is not null)
        {
            // Also for a browser that has gone away meanwhile.
            await HistoryThinning.KeepWithinBoundsAsync(change.Connection, project, quota, CancellationToken.None);
        }

        return saved with { Replaced = replaced };
    }

    /// <summary>Gives a file another path. If the file is the entry of the project, the entry changes, too.</summary>
    /// <exception cref="ProblemException">
    /// 404; 412; 409: another file or folder has the new path; 413, 415: the file breaks a rule at the new path.
    /// </exception>
    public async Task<SavedFile> RenameAsync(
        Guid owner, Guid project, string path, string newPath, SaveCondition condition, CancellationToken cancellationToken)
    {
        await using ProjectTransaction change = await ProjectTransaction.BeginAsync(database, owner, project, cancellationToken);
        FileInfo file = await FindAsync(change, path, cancellationToken) ?? throw Problem.NotFound("file");
        condition.Check(path, file.Revision);
        if (path == newPath)
        {
            return new SavedFile(path, file.Size, file.Binary, file.Revision, change.Revision);
        }

        if (change.Entry == path && !FileKinds.IsSource(newPath))
        {
            throw Problem.Conflict("entry_must_be_python", "This file starts the game",
                $"\"{path}\" starts the game, so its name must end in .py.", ("path", path));
        }

        PathSurvey there = (await change.Connection.FindAsync<PathSurvey>(
            $$"""
            select
                min(path) filter (where path = $3 or starts_with(path, $3 || '/') or starts_with($3, path || '/')) as obstacle,
                coalesce(sum(octet_length(content)) filter (where path ~* '{{ProjectSurvey.SourcePattern}}'), 0)::bigint as code_bytes
            from files where project_id = $1 and path <> $2
            """,
            [project, path, newPath],
            cancellationToken))!;
        if (there.Obstacle is { } obstacle)
        {
            throw obstacle == newPath ? NameTaken(newPath) : ProjectSurvey.FileAndFolder(newPath, obstacle);
        }

        // A renamed text file may become Python and then counts as code.
        limits.CheckProject(1, 0, there.CodeBytes + (FileKinds.IsSource(newPath) ? file.Size : 0));

        if (file.Binary)
        {
            FileKinds.CheckMayBeBinary(newPath);
        }

        long revision = change.Revision + 1;
        await change.ExecuteAsync(
            """
            with raised as (
                update projects set revision = $4, entry = case when entry = $2 then $3 else entry end, updated_at = now() where id = $1)
            update files set path = $3, revision = $4, updated_at = now() where project_id = $1 and path = $2
            """,
            [project, path, newPath, revision],
            cancellationToken);
        await change.CommitAsync(cancellationToken);
        return new SavedFile(newPath, file.Size, file.Binary, revision, revision);
    }

    /// <summary>Moves a file to the trash.</summary>
    /// <returns>The file's id in the trash.</returns>
    /// <exception cref="ProblemException">404; 412; 409: the file is the entry of the project.</exception>
    public async Task<Guid> DeleteAsync(Guid owner, Guid project, string path, SaveCondition condition, CancellationToken cancellationToken)
    {
        await using ProjectTransaction change = await ProjectTransaction.BeginAsync(database, owner, project, cancellationToken);
        FileInfo file = await FindAsync(change, path, cancellationToken) ?? throw Problem.NotFound("file");
        condition.Check(path, file.Revision);
        if (change.Entry == path)
        {
            throw Problem.Conflict(
                "entry_stays", "This file starts the game",
                $"\"{path}\" starts the game. Choose another file to start with before you delete it.",
                ("path", path));
        }

        Guid id = await TrashStore.MoveFileAsync(change, path, TrashReason.Deleted, cancellationToken);
        await change.ExecuteAsync(
            """
            with raised as (
                update projects set revision = revision + 1, updated_at = now() where id = $1)
            delete from files where project_id = $1 and path = $2
            """,
            [project, path],
            cancellationToken);
        await change.CommitAsync(cancellationToken);
        return id;
    }

    /// <summary>Finds a file of the locked project; null if it does not exist.</summary>
    public static Task<FileInfo?> FindAsync(ProjectTransaction change, string path, CancellationToken cancellationToken) =>
        change.Connection.FindAsync<FileInfo>(
            """
            select path, octet_length(content) as size, is_binary as binary, revision, updated_at
            from files where project_id = $1 and path = $2
            """,
            [change.ProjectId, path],
            cancellationToken);

    /// <summary>Writes a file of the locked project and increments the revision.</summary>
    public static async Task<SavedFile> WriteAsync(ProjectTransaction change, NewFile file, CancellationToken cancellationToken)
    {
        long revision = change.Revision + 1;
        await change.ExecuteAsync(
            """
            with raised as (
                update projects set revision = $5, updated_at = now() where id = $1)
            insert into files (project_id, path, content, is_binary, revision) values ($1, $2, $3, $4, $5)
            on conflict (project_id, path) do update
            set content = excluded.content, is_binary = excluded.is_binary, revision = excluded.revision, updated_at = now()
            """,
            [change.ProjectId, file.Path, file.Content, file.Binary, revision],
            cancellationToken);
        return new SavedFile(file.Path, file.Content.Length, file.Binary, revision, revision);
    }

    public static ProblemException NameTaken(string path) => Problem.Conflict(
        "file_exists", "That name is taken", $"A file named \"{path}\" exists already. Choose another name, or delete that one first.",
        ("path", path));

    /// <summary>Holds the data for checking the new path of a file.</summary>
    private sealed record PathSurvey(string? Obstacle, long CodeBytes);
}
