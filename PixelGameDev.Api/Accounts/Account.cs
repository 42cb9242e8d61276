using PixelGameDev.Api.Storage;

namespace PixelGameDev.Api.Accounts;

/// <summary>Holds an account: a guest from the first visit on, or a registered one with a name and a password.</summary>
internal sealed record Account(Guid Id, string Name, bool Guest, string Role);

/// <summary>
/// The account of a request and its use of storage. <see cref="HasPassword"/> is false for a guest, and for somebody who signs in
/// elsewhere.
/// </summary>
internal sealed record Me(Guid Id, string Name, bool Guest, string Role, StorageUse Storage, bool HasPassword);

/// <summary>Lists the roles of accounts.</summary>
internal static class Roles
{
    public const string Creator = "creator";
    public const string Teacher = "teacher";
    public const string Admin = "admin";

    /// <summary>Returns true for one of the roles.</summary>
    public static bool IsRole(string? role) => role is Creator or Teacher or Admin;
}
