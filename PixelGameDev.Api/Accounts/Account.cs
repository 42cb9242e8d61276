using PixelGameDev.Api.Storage;

namespace PixelGameDev.Api.Accounts;

/// <summary>Holds an account: a guest from the first visit on, or a registered one with a name and a password.</summary>
internal sealed record Account(Guid Id, string Name, bool Guest, string Role);

/// <summary>The account of a request and its use of storage.</summary>
internal sealed record Me(Guid Id, string Name, bool Guest, string Role, StorageUse Storage);

/// <summary>Lists the roles of accounts.</summary>
internal static class Roles
{
    public const string Creator = "creator";
    public const string Teacher = "teacher";
    public const string Admin = "admin";
}
