using PixelGameDev.Api.Storage;

namespace PixelGameDev.Api.Accounts;

/// <summary>A person: a guest from the first visit on, or somebody with a name and a password.</summary>
internal sealed record Account(Guid Id, string Name, bool Guest, string Role);

/// <summary>Answer of everything that tells a browser whose it is.</summary>
internal sealed record Me(Guid Id, string Name, bool Guest, string Role, StorageUse Storage);

/// <summary>What an account may do beyond its own projects.</summary>
internal static class Roles
{
    public const string Creator = "creator";
    public const string Teacher = "teacher";
    public const string Admin = "admin";
}
