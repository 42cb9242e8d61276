namespace PixelGameDev.Api.Accounts;

/// <summary>Body of sign-up, sign-in and token. It is a class, because a record would print its password into logs.</summary>
internal sealed class Credentials
{
    public string? Name { get; init; }

    public string? Password { get; init; }
}

/// <summary>Body of <c>POST /api/account/password</c>.</summary>
internal sealed class PasswordChange
{
    public string? CurrentPassword { get; init; }

    public string? NewPassword { get; init; }
}

/// <summary>Answer of <c>POST /api/account/token</c>; <paramref name="ExpiresIn"/> is in seconds.</summary>
internal sealed record AccessToken(string Token, string TokenType, int ExpiresIn);
