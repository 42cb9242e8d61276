namespace PixelGameDev.Api.Accounts;

/// <summary>Tells what a guest has made from what every guest gets.</summary>
internal static class GuestWork
{
    /// <summary>
    /// Returns the SQL condition of a project that is more than the untouched starter game of its guest. A guest and its starter are
    /// created in one transaction, so their times are equal.
    /// </summary>
    /// <param name="project">The name of a row of <c>projects</c>.</param>
    /// <param name="guest">The name of a row of <c>accounts</c>.</param>
    public static string IsWork(string project, string guest) =>
        $"""
        ({project}.revision > 1 or {project}.created_at <> {guest}.created_at or {project}.controls is not null
            or {project}.seats is not null or {project}.folder is not null
            or exists (select from saved_files w where w.project_id = {project}.id and w.account_id = {guest}.id and w.content is not null))
        """;
}
