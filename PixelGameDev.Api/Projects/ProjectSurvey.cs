using PixelGameDev.Api.Database;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Projects;

/// <summary>Holds the data for checking the new content of a file.</summary>
/// <param name="Revision">The revision of the file at the path; null if there is none.</param>
/// <param name="IsSame">Whether that file already has the new content.</param>
/// <param name="Size">The size of that file in bytes.</param>
/// <param name="OtherFiles">The number of the other files.</param>
/// <param name="OtherBytes">The size of the other files in bytes.</param>
/// <param name="OtherCodeBytes">The size of the other Python files in bytes.</param>
/// <param name="Obstacle">
/// An existing file whose path conflicts with the new path, because one name would be both a file and a folder.
/// </param>
internal sealed record ProjectSurvey(
    long? Revision, bool IsSame, long Size, long OtherFiles, long OtherBytes, long OtherCodeBytes, string? Obstacle)
{
    /// <summary>A PostgreSQL regular expression for Python files; equivalent to <see cref="FileKinds.IsSource"/>.</summary>
    public const string SourcePattern = @"\.pyw?$";

    /// <summary>Reads the data for the file at <paramref name="path"/> of the locked project.</summary>
    public static async Task<ProjectSurvey> ReadAsync(
        ProjectTransaction change, string path, byte[] content, CancellationToken cancellationToken) =>
        (await change.Connection.FindAsync<ProjectSurvey>(
            $$"""
            select
                max(revision) filter (where path = $2) as revision,
                coalesce(bool_or(path = $2 and content = $3), false) as is_same,
                coalesce(sum(octet_length(content)) filter (where path = $2), 0)::bigint as size,
                count(*) filter (where path <> $2) as other_files,
                coalesce(sum(octet_length(content)) filter (where path <> $2), 0)::bigint as other_bytes,
                coalesce(sum(octet_length(content)) filter (where path <> $2 and path ~* '{{SourcePattern}}'), 0)::bigint
                    as other_code_bytes,
                min(path) filter (where starts_with(path, $2 || '/') or starts_with($2, path || '/')) as obstacle
            from files where project_id = $1
            """,
            [change.ProjectId, path, content],
            cancellationToken))!;

    /// <summary>Checks the project as it would be with <paramref name="bytes"/> bytes at the path.</summary>
    /// <exception cref="ProblemException">409, 413</exception>
    public void Check(ProjectLimits limits, string path, long bytes)
    {
        if (Obstacle is not null)
        {
            throw FileAndFolder(path, Obstacle);
        }

        limits.CheckProject(OtherFiles + 1, OtherBytes + bytes, OtherCodeBytes + (FileKinds.IsSource(path) ? bytes : 0));
    }

    public static ProblemException FileAndFolder(string path, string other) => Problem.Conflict(
        "file_and_folder", "A file and a folder have the same name",
        $"\"{path}\" does not fit beside \"{other}\": a name is either a file or a folder.",
        ("path", path), ("other", other));
}
