namespace PixelGameDev.Api.Projects;

/// <summary>A deleted project; <see cref="Bytes"/> is what it takes of the person's storage.</summary>
internal sealed record TrashedProject(Guid Id, string Name, DateTimeOffset DeletedAt, DateTimeOffset ExpiresAt, long Bytes);

/// <summary>
/// A file in the trash of its project; <see cref="Reason"/> is <c>deleted</c>, or <c>replaced</c> for what an upload was saved over.
/// </summary>
internal sealed record TrashedFile(
    Guid Id, string Path, int Size, bool Binary, string Reason, DateTimeOffset DeletedAt, DateTimeOffset ExpiresAt);

/// <summary>
/// Body of restoring a file: another <see cref="Path"/> than it had, and with <see cref="Replace"/> the file that is there now goes
/// into the trash instead of being an obstacle.
/// </summary>
internal sealed record RestoreFileRequest(string? Path = null, bool Replace = false);

/// <summary>Why a file is in the trash.</summary>
internal static class TrashReason
{
    public const string Deleted = "deleted";
    public const string Replaced = "replaced";
}
