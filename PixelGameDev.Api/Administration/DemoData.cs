using System.Globalization;
using Npgsql;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Projects;
using PixelGameDev.Api.Security.Authentication;

namespace PixelGameDev.Api.Administration;

/// <summary>
/// Implements <c>--demo-data N</c>: creates N accounts, "Demo 1" to "Demo N", each with one project for every template, prints their
/// passwords and exits. Accounts that already exist stay unchanged.
/// </summary>
internal static class DemoData
{
    public const string Setting = "demo-data";

    /// <summary>The largest N.</summary>
    public const int MaxAccounts = 100;

    /// <summary>Creates the accounts. Returns the exit code: 0 on success, 1 on failure.</summary>
    public static async Task<int> RunAsync(IServiceProvider services, string number)
    {
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count is < 1 or > MaxAccounts)
        {
            await Console.Error.WriteLineAsync($"--{Setting} takes how many accounts to make, 1 to {MaxAccounts}, not \"{number}\".");
            return 1;
        }

        try
        {
            await services.GetRequiredService<DatabaseMigrator>().MigrateAsync(CancellationToken.None);
            for (int i = 1; i <= count; i++)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"Demo {i}");
                await Console.Out.WriteLineAsync(await CreateAsync(services, name) is { } password ? $"{name}: {password}"
                    : $"{name} exists already.");
            }

            return 0;
        }
        catch (Exception error) when (error is NpgsqlException || DatabaseErrors.IsTransient(error))
        {
            await Console.Error.WriteLineAsync($"The database does not answer: {error.Message}");
            return 1;
        }
    }

    /// <summary>Creates one account and returns its password; null when the account already exists.</summary>
    private static async Task<string?> CreateAsync(IServiceProvider services, string name)
    {
        SignInStore signIns = services.GetRequiredService<SignInStore>();
        if (await signIns.FindAsync(name, CancellationToken.None) is not null)
        {
            return null;
        }

        string password = OneTimePasswords.Create();
        string hash = await services.GetRequiredService<Passwords>().HashAsync(password, CancellationToken.None);
        Account guest = await services.GetRequiredService<AccountStore>()
            .CreateGuestAsync(SignInToken.Create(), starter: null, CancellationToken.None);
        await signIns.SignUpAsync(guest.Id, name, hash, SignInToken.Create(), before: null, CancellationToken.None);
        foreach (Template template in services.GetRequiredService<TemplateCatalog>().All)
        {
            await services.GetRequiredService<ProjectStore>().CreateAsync(guest.Id, template.Title, template, CancellationToken.None);
        }

        return password;
    }
}
