namespace PixelGameDev.Api.Projects;

/// <summary>One file of a project without its content; <see cref="Revision"/> is the project's revision at its last save.</summary>
internal sealed record FileInfo(string Path, int Size, bool Binary, long Revision, DateTimeOffset UpdatedAt);

/// <summary>A project with the list of its files, by path.</summary>
internal sealed record Project(
    Guid Id, string Name, string Entry, DateTimeOffset UpdatedAt, long Revision, IReadOnlyList<FileInfo> Files);

/// <summary>A project in a list; <see cref="Size"/> is the sum of its files, bytes.</summary>
internal sealed record ProjectSummary(
    Guid Id, string Name, string Entry, DateTimeOffset UpdatedAt, long Revision, int FileCount, long Size);

/// <summary>
/// Answer to a save, a rename and a restoring; <see cref="ProjectRevision"/> is the project's, after it. <see cref="Replaced"/> is the
/// id in the trash of what this file was saved over; null when nothing was kept.
/// </summary>
internal sealed record SavedFile(string Path, int Size, bool Binary, long Revision, long ProjectRevision, Guid? Replaced = null);

/// <summary>A file as it is to be written.</summary>
internal sealed record NewFile(string Path, byte[] Content, bool Binary);

/// <summary>A file with its content.</summary>
internal sealed record FileContent(string Path, byte[] Content, bool Binary, long Revision, DateTimeOffset UpdatedAt);

/// <summary>Body of <c>POST /api/projects</c>; a missing template is <c>starter</c>, a missing name the template's title.</summary>
internal sealed record CreateProjectRequest(string? Name, string? Template);

/// <summary>Body of <c>PATCH /api/projects/{id}</c>: what is missing stays.</summary>
internal sealed record ChangeProjectRequest(string? Name, string? Entry);
