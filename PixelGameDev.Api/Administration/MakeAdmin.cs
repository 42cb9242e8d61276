using Npgsql;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.Database;

namespace PixelGameDev.Api.Administration;

/// <summary>
/// <c>--make-admin NAME</c>: gives an account that exists the role admin and exits. Whoever can run this program with the
/// database's password is an operator; a setting that waits for a name to be signed up could be won by a stranger.
/// </summary>
internal static class MakeAdmin
{
    public const string Setting = "make-admin";

    /// <summary>Exit code: 0 done, 1 not.</summary>
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
