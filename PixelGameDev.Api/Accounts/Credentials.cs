namespace PixelGameDev.Api.Accounts;

/// <summary>Body of sign-up, sign-in and token. It is a class, because a record would print its password into logs.</summary>
internal sealed class Credentials
{
    public string? Name { get; init; }

    public string? Password { get; init; }

    /// <summary>Sign-in only: the password to have from now on, if <see cref="Password"/> was given by a teacher or an admin.</summary>
    public string? NewPassword { get; init; }

    /// <summary>
    /// Sign-in only: whether the games of this browser's guest come along; true by default. If not, the guest stays in this browser and is
    /// back after the sign-out.
    /// </summary>
    public bool? BringGames { get; init; }

    /// <summary>Sign-up only: the code of an invitation, where one is needed.</summary>
    public string? Invitation { get; init; }
}

/// <summary>Body of <c>POST /api/account/password</c>.</summary>
internal sealed class PasswordChange
{
    public string? CurrentPassword { get; init; }

    public string? NewPassword { get; init; }
}

/// <summary>Body of <c>POST /api/account/delete</c>.</summary>
internal sealed class AccountDeletion
{
    /// <summary>The password of the account.</summary>
    public string? Password { get; init; }

    /// <summary>The word <c>delete</c>, for an account without a password.</summary>
    public string? Confirm { get; init; }
}

/// <summary>Answer of <c>POST /api/account/token</c>; <paramref name="ExpiresIn"/> is in seconds.</summary>
internal sealed record AccessToken(string Token, string TokenType, int ExpiresIn);
