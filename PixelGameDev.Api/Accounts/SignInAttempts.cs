using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Security;
using PixelGameDev.Api.Security.Authentication;

namespace PixelGameDev.Api.Accounts;

/// <summary>Counts password attempts, so that nobody can guess a password and nobody can lock another person out.</summary>
/// <remarks>
/// <para>There are three counts, each within <see cref="Window"/> from its first attempt:</para>
/// <list type="bullet">
/// <item>a browser in which the name has signed in before (<see cref="DeviceCookie"/>): a count of its own;</item>
/// <item>any other browser: the name and the address together; attempts from one address do not lock a person elsewhere;</item>
/// <item>the name: attempts from many addresses together get slower, and stop at <see cref="MaxPerName"/>.</item>
/// </list>
/// <para>An attempt is counted before the password is verified, so concurrent attempts cannot bypass the limit. Unknown names are
/// counted, too, because a lock must not reveal whether an account exists.</para>
/// </remarks>
internal sealed class SignInAttempts(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>The maximum number of attempts from one browser or address on one name. Further attempts are refused unchecked.</summary>
    public const int MaxAttempts = 10;

    /// <summary>The maximum number of attempts on one name from all addresses together.</summary>
    public const int MaxPerName = 1000;

    /// <summary>The number of attempts on one name from all addresses without an extra delay.</summary>
    public const int FreePerName = 50;

    /// <summary>The time in which attempts count, from the first attempt.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(8);

    /// <summary>Counts an attempt on a name, and delays it if there are many from all addresses.</summary>
    /// <param name="nameKey">The name in the form of <see cref="AccountNames.KeyOf"/>.</param>
    /// <param name="context">The request, which contains the address.</param>
    /// <param name="device">The browser, if <see cref="DeviceCookie.Find"/> recognizes it; otherwise null.</param>
    /// <param name="cancellationToken">Cancels the delay.</param>
    /// <exception cref="ProblemException">429: too many attempts.</exception>
    public async Task CountAsync(string nameKey, HttpContext context, string? device, CancellationToken cancellationToken)
    {
        Check(await AddAsync(KeyOf(nameKey, context, device), cancellationToken), MaxAttempts);
        if (device is not null)
        {
            return;
        }

        Count all = await AddAsync(Hash("name", nameKey), cancellationToken);
        Check(all, MaxPerName);
        if (all.Attempts > FreePerName)
        {
            TimeSpan delay = TimeSpan.FromSeconds((all.Attempts - FreePerName) / 25.0);
            await Task.Delay(delay < MaxDelay ? delay : MaxDelay, time, cancellationToken);
        }
    }

    /// <summary>Counts an attempt of a signed-in account to change its password.</summary>
    /// <exception cref="ProblemException">429</exception>
    public async Task CountAsync(Guid account, CancellationToken cancellationToken) =>
        Check(await AddAsync(Hash("account", account.ToString()), cancellationToken), MaxAttempts);

    /// <summary>Resets the count of this browser or address after a correct password.</summary>
    public Task ForgetAsync(string nameKey, HttpContext context, string? device, CancellationToken cancellationToken) =>
        RemoveAsync(KeyOf(nameKey, context, device), cancellationToken);

    /// <summary>Resets the count of the account after a correct password.</summary>
    public Task ForgetAsync(Guid account, CancellationToken cancellationToken) =>
        RemoveAsync(Hash("account", account.ToString()), cancellationToken);

    private static byte[] KeyOf(string nameKey, HttpContext context, string? device) =>
        device is null ? Hash("address", RateLimits.KeyOf(context.Connection.RemoteIpAddress), nameKey) : Hash("device", device, nameKey);

    private static byte[] Hash(params ReadOnlySpan<string?> parts) => SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts)));

    private async Task<Count> AddAsync(byte[] key, CancellationToken cancellationToken) => await database.FindAsync<Count>(
        """
        insert into sign_in_attempts as a (name_hash, attempts, since) values ($1, 1, now())
        on conflict (name_hash) do update set
            attempts = case when a.since < now() - $2 then 1 else least(a.attempts + 1, 1000000) end,
            since = case when a.since < now() - $2 then now() else a.since end
        returning attempts, ceil(extract(epoch from since + $2 - now()))::integer as seconds_left
        """,
        [key, Window],
        cancellationToken);

    /// <summary>Removes a count, and also some expired counts.</summary>
    private Task<int> RemoveAsync(byte[] key, CancellationToken cancellationToken) => database.ExecuteAsync(
        """
        delete from sign_in_attempts where name_hash = $1 or name_hash in (
            select name_hash from sign_in_attempts where since < now() - $2 limit 100 for update skip locked)
        """,
        [key, Window],
        cancellationToken);

    private static void Check(Count count, int most)
    {
        if (count.Attempts <= most)
        {
            return;
        }

        int seconds = Math.Max(1, count.SecondsLeft);
        int minutes = (seconds + 59) / 60;
        throw new ProblemException(
            StatusCodes.Status429TooManyRequests,
            "too_many_attempts",
            "Too many tries",
            string.Create(CultureInfo.InvariantCulture,
                $"There were too many attempts. Wait {minutes} minute{(minutes == 1 ? "" : "s")}, then try again."),
            ("minutes", minutes))
        {
            RetryAfter = seconds,
        };
    }

    private readonly record struct Count(int Attempts, int SecondsLeft);
}
