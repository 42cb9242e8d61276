using System.Diagnostics;
using System.Globalization;
using Npgsql;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Sessions.Records;

namespace PixelGameDev.Api.Administration;

/// <summary>
/// Implements <c>--clean-up now</c>: removes expired data at once, as the running servers do every hour, prints what it removed and exits.
/// </summary>
internal static class CleanUp
{
    public const string Setting = "clean-up";

    /// <summary>Executes one round. Returns the exit code: 0 on success, 1 on failure.</summary>
    public static async Task<int> RunAsync(IServiceProvider services)
    {
        try
        {
            await services.GetRequiredService<DatabaseMigrator>().MigrateAsync(CancellationToken.None);
            long began = Stopwatch.GetTimestamp();
            int guests = await services.GetRequiredService<ExpiredDataCleanup>().RunAsync(CancellationToken.None);
            (int records, int tails) = await services.GetRequiredService<SessionRetention>().ExpireAsync(CancellationToken.None);
            await Console.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"Removed {guests} guests, {records} records of sessions and {tails} console outputs in " +
                    $"{Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s."));
            return 0;
        }
        catch (Exception error) when (error is NpgsqlException || DatabaseErrors.IsTransient(error))
        {
            await Console.Error.WriteLineAsync($"The database does not answer: {error.Message}");
            return 1;
        }
    }
}
