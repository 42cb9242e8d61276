namespace PixelGameDev.Api.Accounts;

/// <summary>A person: a guest from the first visit on, or somebody with a name and a password.</summary>
internal sealed record Account(Guid Id, string Name, bool Guest, string Role);

/// <summary>What an account may do beyond its own projects.</summary>
internal static class Roles
{
    public const string Creator = "creator";
    public const string Teacher = "teacher";
    public const string Admin = "admin";
}
