using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Security;

namespace PixelGameDev.Api.Accounts;

/// <summary>
/// Handles passwords that a teacher or an admin has set for somebody who forgot theirs. Such a password can only be exchanged for one that
/// the person chooses, once and within <see cref="Lifetime"/>.
/// </summary>
internal sealed class OneTimePasswords(Passwords passwords, TimeProvider time)
{
    /// <summary>How long a one-time password can be exchanged.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    private const int Groups = 3;
    private const int LettersOfGroup = 4;

    /// <summary>Returns a random password that is easy to read aloud, for example <c>k3mp-x7qd-9fhz</c>: 59 bits.</summary>
    public static string Create() => string.Join('-', Enumerable.Range(0, Groups)
        .Select(static _ => ReadableCode.Create(LettersOfGroup)));

    /// <summary>Returns the hash of the password that the person has chosen in place of a verified one-time password.</summary>
    /// <exception cref="ProblemException">403: it is too old, or no new password came with it; 400: the new one breaks a rule.</exception>
    public async Task<string> ExchangeAsync(StoredPassword stored, Credentials body, CancellationToken cancellationToken)
    {
        if (stored.OneTimeUntil < time.GetUtcNow())
        {
            throw new ProblemException(
                StatusCodes.Status403Forbidden, "one_time_password_expired", "This password is too old",
                "This one-time password is too old. Ask for a new one.");
        }

        if (string.IsNullOrEmpty(body.NewPassword))
        {
            throw NewPasswordNeeded();
        }

        string wanted = Passwords.Check(body.NewPassword, AccountNames.Clean(body.Name));
        return wanted == body.Password ? throw NewPasswordNeeded() : await passwords.HashAsync(wanted, cancellationToken);
    }

    /// <summary>Creates the problem of a one-time password without a new one beside it.</summary>
    public static ProblemException NewPasswordNeeded() => new(
        StatusCodes.Status403Forbidden, "new_password_needed", "Choose a new password",
        "This password works only once. Choose a new one that only you know.");
}
