using PixelGameDev.Api.Projects;

namespace PixelGameDev.Api.History;

/// <summary>Lists the reasons for a revision.</summary>
internal static class RevisionReason
{
    /// <summary>The project as it was made, recorded before its first change.</summary>
    public const string Begin = "begin";

    public const string Run = "run";

    /// <summary>Nobody changed the project for some minutes.</summary>
    public const string Pause = "pause";

    /// <summary>The state before an upload or another window's text replaced a file.</summary>
    public const string BeforeReplace = "before_replace";

    public const string BeforeRestore = "before_restore";

    /// <summary>The result of a restore.</summary>
    public const string Restore = "restore";
}

/// <summary>A revision in the list.</summary>
/// <param name="Number">The project's revision that had these files.</param>
/// <param name="Reason">One of <see cref="RevisionReason"/>.</param>
/// <param name="CreatedAt">When it was recorded.</param>
/// <param name="FileCount">The number of its files.</param>
/// <param name="Size">The size of its files in bytes.</param>
/// <param name="Changed">The first paths that differ from the revision before it in the list.</param>
/// <param name="ChangedCount">The number of all these paths.</param>
/// <param name="Restored">Of a restore: the number of the restored revision.</param>
/// <param name="Path">Of a restore of a single file: its path.</param>
/// <param name="Picture">The name of the picture of its last run; null: there is none.</param>
internal sealed record Revision(
    long Number, string Reason, DateTimeOffset CreatedAt, int FileCount, long Size, IReadOnlyList<string> Changed, int ChangedCount,
    long? Restored, string? Path, string? Picture);

/// <summary>A part of the list of revisions. <see cref="First"/> is the number of the project's first one; null: there is none.</summary>
internal sealed record RevisionList(IReadOnlyList<Revision> Revisions, long? First);

/// <summary>
/// A file of a revision. <see cref="State"/> compares it with the project as it is now: <c>same</c>, <c>changed</c>, <c>gone</c> (the
/// project no longer has it), or <c>new</c> (the revision did not have it).
/// </summary>
internal sealed record RevisionFile(string Path, bool Binary, string State);

/// <summary>A revision with its files, and those that the project has now.</summary>
internal sealed record RevisionDetails(
    long Number, string Reason, DateTimeOffset CreatedAt, string Entry, IReadOnlyList<RevisionFile> Files);

/// <summary>Body of a request to restore a revision. With <see cref="Path"/> only that file is restored.</summary>
internal sealed record RestoreRevisionRequest(string? Path = null);

/// <summary>The answer to a restore: the project, and the number that the state before it has, to take the restore back.</summary>
internal sealed record RestoredProject(Project Project, long Before);
