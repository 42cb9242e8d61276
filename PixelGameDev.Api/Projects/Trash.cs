namespace PixelGameDev.Api.Projects;

/// <summary>A deleted project. <see cref="Bytes"/> is the storage that it uses.</summary>
internal sealed record TrashedProject(Guid Id, string Name, DateTimeOffset DeletedAt, DateTimeOffset ExpiresAt, long Bytes);

/// <summary>
/// A file in the trash of its project. <see cref="Reason"/> is <c>deleted</c>, or <c>replaced</c> if an upload replaced the file.
/// </summary>
internal sealed record TrashedFile(
    Guid Id, string Path, int Size, bool Binary, string Reason, DateTimeOffset DeletedAt, DateTimeOffset ExpiresAt);

/// <summary>
/// Body of a request to restore a file. <see cref="Path"/> is the new path; the default is the former path. With <see cref="Replace"/> a
/// file that already has this path moves to the trash; otherwise the request fails.
/// </summary>
internal sealed record RestoreFileRequest(string? Path = null, bool Replace = false);

/// <summary>Lists the reasons why a file is in the trash.</summary>
internal static class TrashReason
{
    public const string Deleted = "deleted";
    public const string Replaced = "replaced";
}
