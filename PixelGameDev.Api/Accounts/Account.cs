using PixelGameDev.Api.Storage;

namespace PixelGameDev.Api.Accounts;

/// <summary>Holds an account: a guest from the first visit on, or a registered one with a name and a password.</summary>
internal sealed record Account(Guid Id, string Name, bool Guest, string Role);

/// <summary>Answers a browser which account it has, and how much storage it uses.</summary>
internal sealed record Me(Guid Id, string Name, bool Guest, string Role, StorageUse Storage);

/// <summary>Lists the roles, which allow more than one's own projects.</summary>
internal static class Roles
{
    public const string Creator = "creator";
    public const string Teacher = "teacher";
    public const string Admin = "admin";
}
