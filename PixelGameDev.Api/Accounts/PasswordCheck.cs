using Microsoft.AspNetCore.Identity;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Security.Authentication;

namespace PixelGameDev.Api.Accounts;

/// <summary>Checks the name and password that a browser or a program sends.</summary>
internal sealed class PasswordCheck(SignInStore store, SignInAttempts attempts, DeviceCookie devices, Passwords passwords)
{
    /// <summary>
    /// Checks a name and a password. An unknown name and a wrong password get the same answer after the same steps: count, find, hash.
    /// </summary>
    /// <returns>The stored password, and the hash to store from now on.</returns>
    /// <exception cref="ProblemException">400, 401, 429.</exception>
    public async Task<(StoredPassword Stored, string Hash)> CheckAsync(Credentials body, HttpContext context,
        CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(body.Name) || string.IsNullOrEmpty(body.Password))
        {
            throw Problem.Invalid("name_and_password", "Name or password is missing", "Type your name and your password.");
        }

        string name = AccountNames.Clean(body.Name);
        string key = AccountNames.KeyOf(name);
        string? device = devices.Find(context.Request, key);
        StoredPassword? stored = null;
        // A name that breaks the rules belongs to no account, and may contain characters that the database cannot store.
        if (AccountNames.IsPossible(name))
        {
            await attempts.CountAsync(key, context, device, cancellationToken);
            stored = await store.FindAsync(name, cancellationToken);
        }

        PasswordVerificationResult result = await passwords.VerifyAsync(stored?.Hash, body.Password, cancellationToken);
        if (stored is null || result == PasswordVerificationResult.Failed)
        {
            throw AccountsApi.WrongPassword();
        }

        await attempts.ForgetAsync(key, context, device, cancellationToken);
        string hash = result == PasswordVerificationResult.SuccessRehashNeeded
            ? await passwords.HashAsync(body.Password, cancellationToken)
            : stored.Hash;
        return (stored, hash);
    }
}
