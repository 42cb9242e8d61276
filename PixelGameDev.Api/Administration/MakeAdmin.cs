using Npgsql;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.Database;

namespace PixelGameDev.Api.Administration;

/// <summary>
/// Implements <c>--make-admin NAME</c>: gives an existing account the role admin and exits. Only an operator can run this program with the
/// database's password. A setting with the name of a future admin would be unsafe, because a stranger could sign up with that name first.
/// </summary>
internal static class MakeAdmin
{
    public const string Setting = "make-admin";

    /// <summary>Changes the role. Returns the exit code: 0 on success, 1 on failure.</summary>
    public static async Task<int> RunAsync(IServiceProvider services, string name)
    {
        try
        {
            await services.GetRequiredService<DatabaseMigrator>().MigrateAsync(CancellationToken.None);
            if (AccountNames.IsPossible(AccountNames.Clean(name))
                && await services.GetRequiredService<AdministrationStore>().MakeAdminAsync(name, CancellationToken.None))
            {
                await Console.Out.WriteLineAsync($"{name.Trim()} is an admin now.");
                return 0;
            }

            await Console.Error.WriteLineAsync($"There is no account named \"{name}\". Sign up on the page first, then run this again.");
        }
        catch (Exception error) when (error is NpgsqlException || DatabaseErrors.IsTransient(error))
        {
            await Console.Error.WriteLineAsync($"The database does not answer: {error.Message}");
        }

        return 1;
    }
}
