namespace PixelGameDev.Api.Projects;

/// <summary>
/// A file of a project without its content. <see cref="Revision"/> is the project's revision at the last save of the file.
/// </summary>
internal sealed record FileInfo(string Path, int Size, bool Binary, long Revision, DateTimeOffset UpdatedAt);

/// <summary>
/// A project with its files, ordered by path. <see cref="Controls"/> is null until somebody has chosen the touch controls, and its seats
/// are until somebody has chosen what the players 2 to 4 press.
/// </summary>
internal sealed record Project(
    Guid Id, string Name, string Entry, DateTimeOffset UpdatedAt, long Revision, IReadOnlyList<FileInfo> Files,
    TouchControls? Controls = null, IReadOnlyList<SeatControls>? Seats = null);

/// <summary>
/// A project in a list. <see cref="Size"/> is the size of all its files in bytes. <see cref="Picture"/> names the picture of its last run;
/// null: there is none. <see cref="Folder"/> is null if it is in none. <see cref="Recording"/> names the recording that shows it.
/// </summary>
internal sealed record ProjectSummary(
    Guid Id, string Name, string Entry, DateTimeOffset UpdatedAt, long Revision, int FileCount, long Size, string? Picture,
    string? Folder, string? Recording);

/// <summary>
/// Answer to a save, a rename or a restore. <see cref="ProjectRevision"/> is the project's revision after the change.
/// <see cref="Replaced"/> is the id of the replaced file in the trash; null when no replaced file was kept.
/// </summary>
internal sealed record SavedFile(string Path, int Size, bool Binary, long Revision, long ProjectRevision, Guid? Replaced = null);

/// <summary>A file to write.</summary>
internal sealed record NewFile(string Path, byte[] Content, bool Binary);

/// <summary>A file with its content.</summary>
internal sealed record FileContent(string Path, byte[] Content, bool Binary, long Revision, DateTimeOffset UpdatedAt);

/// <summary>
/// Body of <c>POST /api/projects</c>. The default template is <c>starter</c>. The default name is the template's title, with a number if
/// another project of the account has it.
/// </summary>
internal sealed record CreateProjectRequest(string? Name, string? Template);

/// <summary>Body of <c>PATCH /api/projects/{id}</c>. A missing value stays unchanged; an empty folder means none.</summary>
internal sealed record ChangeProjectRequest(
    string? Name, string? Entry, TouchControls? Controls = null, string? Folder = null, IReadOnlyList<SeatControls>? Seats = null);
