using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Storage;

namespace PixelGameDev.Api.Projects;

/// <summary>Stores the new files of a batch in one transaction: all of them, or none.</summary>
internal sealed class FileBatchStore(NpgsqlDataSource database, ProjectLimits limits, StorageQuota quota)
{
    /// <summary>
    /// Stores the files. A file that exists with the same content counts as stored, so a client can repeat a batch whose answer was lost.
    /// </summary>
    /// <exception cref="ProblemException">
    /// 404; 413, 507: a limit of the project or the account is exceeded; 422: names of files are taken, or a name would be both a file and
    /// a folder.
    /// </exception>
    public async Task<IReadOnlyList<SavedFile>> SaveAsync(
        Guid owner, Guid project, IReadOnlyList<NewFile> files, CancellationToken cancellationToken)
    {
        await using ProjectTransaction change = await ProjectTransaction.BeginAsync(database, owner, project, cancellationToken);
        Dictionary<string, ExistingFile> existing = (await ReadExistingAsync(change, files, cancellationToken))
            .ToDictionary(static file => file.Path, StringComparer.Ordinal);
        List<RefusedFile> refused = FindCollisions(files, existing);
        if (refused.Count > 0)
        {
            throw FileBatch.CreateProblem(refused);
        }

        List<NewFile> added = [.. files.Where(file => !existing.ContainsKey(file.Path))];
        limits.CheckProject(
            existing.Count + added.Count,
            existing.Values.Sum(static file => (long)file.Size) + added.Sum(static file => (long)file.Content.Length),
            existing.Values.Where(static file => FileKinds.IsSource(file.Path)).Sum(static file => (long)file.Size)
                + added.Where(static file => FileKinds.IsSource(file.Path)).Sum(static file => (long)file.Content.Length));
        await quota.MakeRoomAsync(change, added.Sum(static file => (long)file.Content.Length), cancellationToken);
        long revision = added.Count > 0 ? change.Revision + 1 : change.Revision;
        if (added.Count > 0)
        {
            await change.ExecuteAsync(
                """
                with raised as (
                    update projects set revision = $5, updated_at = now() where id = $1)
                insert into files (project_id, path, content, is_binary, revision)
                select $1, path, content, is_binary, $5 from unnest($2, $3, $4) as new(path, content, is_binary)
                """,
                [
                    project, added.Select(static file => file.Path).ToArray(), added.Select(static file => file.Content).ToArray(),
                    added.Select(static file => file.Binary).ToArray(), revision,
                ],
                cancellationToken);
        }

        await change.CommitAsync(cancellationToken);
        return
        [
            .. files.Select(file => new SavedFile(
                file.Path, file.Content.Length, file.Binary,
                existing.TryGetValue(file.Path, out ExistingFile? same) ? same.Revision : revision, revision)),
        ];
    }

    private static Task<List<ExistingFile>> ReadExistingAsync(
        ProjectTransaction change, IReadOnlyList<NewFile> files, CancellationToken cancellationToken) =>
        change.Connection.ListAsync<ExistingFile>(
            """
            select f.path, octet_length(f.content) as size, f.revision, coalesce(f.content = new.content, false) as is_same
            from files f left join unnest($2, $3) as new(path, content) on new.path = f.path
            where f.project_id = $1
            """,
            [change.ProjectId, files.Select(static file => file.Path).ToArray(), files.Select(static file => file.Content).ToArray()],
            cancellationToken);

    /// <summary>Finds names that are taken, and names that would be both a file and a folder.</summary>
    private static List<RefusedFile> FindCollisions(IReadOnlyList<NewFile> files, Dictionary<string, ExistingFile> existing)
    {
        string[] paths = [.. files.Select(static file => file.Path)];
        Dictionary<string, string> obstacles = PathCollisions.Find(existing.Keys.Concat(paths), paths)
            .DistinctBy(static found => found.Path)
            .ToDictionary(static found => found.Path, static found => found.Obstacle, StringComparer.Ordinal);
        List<RefusedFile> refused = [];
        foreach (string path in paths)
        {
            if (obstacles.TryGetValue(path, out string? obstacle))
            {
                refused.Add(new RefusedFile(path, ProjectSurvey.FileAndFolder(path, obstacle)));
            }
            else if (existing.TryGetValue(path, out ExistingFile? file) && !file.IsSame)
            {
                refused.Add(new RefusedFile(path, FileStore.NameTaken(path)));
            }
        }

        return refused;
    }

    private sealed record ExistingFile(string Path, int Size, long Revision, bool IsSame);
}
