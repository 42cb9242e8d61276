using Npgsql;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Projects;

/// <summary>Holds what the rules of a project need to know before one of its files gets new content.</summary>
/// <param name="Revision">Revision of the file that is at the path now; null for none.</param>
/// <param name="IsSame">True when that file holds the new content already.</param>
/// <param name="Size">Bytes of that file.</param>
/// <param name="OtherFiles">Number of the other files.</param>
/// <param name="OtherBytes">Bytes of the other files.</param>
/// <param name="OtherCodeBytes">Bytes of Python in the other files.</param>
/// <param name="Obstacle">A file that would have the same name as a folder.</param>
internal sealed record ProjectSurvey(
    long? Revision, bool IsSame, long Size, long OtherFiles, long OtherBytes, long OtherCodeBytes, string? Obstacle)
{
    /// <summary>Python files as a regular expression of Postgres; the same as <see cref="FileKinds.IsSource"/>.</summary>
    public const string SourcePattern = @"\.pyw?$";

    public static async Task<ProjectSurvey> ReadAsync(
        ProjectTransaction change, string path, byte[] content, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = change.Command(
            $$"""
            select
                max(revision) filter (where path = $2),
                coalesce(bool_or(path = $2 and content = $3), false),
                coalesce(sum(octet_length(content)) filter (where path = $2), 0)::bigint,
                count(*) filter (where path <> $2),
                coalesce(sum(octet_length(content)) filter (where path <> $2), 0)::bigint,
                coalesce(sum(octet_length(content)) filter (where path <> $2 and path ~* '{{SourcePattern}}'), 0)::bigint,
                min(path) filter (where starts_with(path, $2 || '/') or starts_with($2, path || '/'))
            from files where project_id = $1
            """,
            change.ProjectId,
            path,
            content);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new ProjectSurvey(
            row.IsDBNull(0) ? null : row.GetInt64(0),
            row.GetBoolean(1),
            row.GetInt64(2),
            row.GetInt64(3),
            row.GetInt64(4),
            row.GetInt64(5),
            row.IsDBNull(6) ? null : row.GetString(6));
    }

    /// <summary>Checks the project as it would be with <paramref name="bytes"/> at the path.</summary>
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
