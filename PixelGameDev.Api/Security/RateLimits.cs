using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Security.Authentication;

namespace PixelGameDev.Api.Security;

/// <summary>Lists the kinds of requests that are counted separately.</summary>
internal enum LimitedAction
{
    /// <summary>Requests that are not counted.</summary>
    None,

    /// <summary>Starts of games, by account, then by address.</summary>
    Run,

    /// <summary>Changes of projects, by account, then by address.</summary>
    Write,

    /// <summary>
    /// Requests that hash a password, by address. <see cref="SignInAttempts"/> also counts the attempts on each name.
    /// </summary>
    SignIn,

    /// <summary>Visits that create a guest, by address.</summary>
    NewGuest,

    /// <summary>Every other request to the API, by address before authentication, then by account.</summary>
    Read,
}

/// <summary>
/// Limits how often people send expensive requests. Each limit is a token bucket: it allows the requests of one minute at once, and then as
/// many as it refills. An address may do <see cref="RateLimitOptions.PeoplePerAddress"/> times as much as an account, because the classes
/// of a school share one.
/// </summary>
internal static class RateLimits
{
    private const int SecondsPerMinute = 60;

    /// <summary>Counts requests to these endpoints as <paramref name="action"/>.</summary>
    public static TBuilder LimitRate<TBuilder>(this TBuilder endpoints, LimitedAction action)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new Limited(action));

    /// <summary>Counts every request to these endpoints as a new guest, also that of a caller who has an account.</summary>
    public static TBuilder LimitNewGuests<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new Limited(LimitedAction.NewGuest, Always: true));

    public static IServiceCollection AddRateLimits(this IServiceCollection services, RateLimitOptions options) =>
        services.AddRateLimiter(limiter =>
        {
            limiter.GlobalLimiter = PartitionedRateLimiter.CreateChained(
                PartitionedRateLimiter.Create<HttpContext, (LimitedAction, string)>(context => ForAccount(context, options)),
                PartitionedRateLimiter.Create<HttpContext, (LimitedAction, string)>(context => ForAddress(context, options)));
            limiter.OnRejected = (rejected, _) =>
                new ValueTask(ProblemHandling.WriteAsync(rejected.HttpContext,
                    CreateProblem(ActionOf(rejected.HttpContext), rejected.Lease)));
        });

    /// <summary>Limits all requests of an address to the API. Call it before authentication, which queries the database.</summary>
    public static IApplicationBuilder UseAddressLimit(this IApplicationBuilder app, RateLimitOptions options)
    {
        if (!options.Enabled)
        {
            return app;
        }

        PartitionedRateLimiter<HttpContext> limiter = PartitionedRateLimiter.Create<HttpContext, (LimitedAction, string)>(context =>
            Bucket(LimitedAction.Read, KeyOf(context.Connection.RemoteIpAddress), options.Reads * options.PeoplePerAddress));
        return app.Use(async (context, next) =>
        {
            if (IsCounted(context))
            {
                using RateLimitLease lease = limiter.AttemptAcquire(context);
                if (!lease.IsAcquired)
                {
                    await ProblemHandling.WriteAsync(context, CreateProblem(LimitedAction.Read, lease));
                    return;
                }
            }

            await next(context);
        });
    }

    /// <summary>Applies the limits of accounts; call it after authentication.</summary>
    public static IApplicationBuilder UseRateLimits(this IApplicationBuilder app, RateLimitOptions options) =>
        options.Enabled ? app.UseRateLimiter() : app;

    /// <summary>
    /// Returns the key under which an address is counted. An IPv6 customer has a whole /64 network, which counts as one address.
    /// </summary>
    internal static string KeyOf(IPAddress? address)
    {
        if (address is null)
        {
            return "";
        }

        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }

    private static RateLimitPartition<(LimitedAction, string)> ForAccount(HttpContext context, RateLimitOptions options) =>
        ActionOf(context) is (LimitedAction.Run or LimitedAction.Write or LimitedAction.Read) and var action
            && context.User.TryAccount() is { } account
            ? Bucket(action, account.Id.ToString("N"), options.PerMinute(action))
            : Free();

    private static RateLimitPartition<(LimitedAction, string)> ForAddress(HttpContext context, RateLimitOptions options) =>
        ActionOf(context) is not (LimitedAction.None or LimitedAction.Read) and var action
            ? Bucket(action, KeyOf(context.Connection.RemoteIpAddress), options.PerMinute(action) * options.PeoplePerAddress)
            : Free();

    private static LimitedAction ActionOf(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<Limited>() switch
        {
            null => IsCounted(context) ? LimitedAction.Read : LimitedAction.None,
            // Only a browser without an account becomes a guest.
            { Action: LimitedAction.NewGuest, Always: false }
                when context.User.TryAccount() is not null || AccessTokens.IsUsedBy(context.Request) => LimitedAction.None,
            { Action: var action } => action,
        };

    /// <summary>
    /// Tells whether the request counts. Requests for health do not count, because their answer is cached and costs nothing.
    /// </summary>
    private static bool IsCounted(HttpContext context) =>
        (context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
            && !context.Request.Path.StartsWithSegments("/api/health", StringComparison.OrdinalIgnoreCase))
        // The page behind a link tells whether there is a link.
        || context.GetEndpoint()?.Metadata.GetMetadata<Limited>()?.Action is LimitedAction.Read;

    private static RateLimitPartition<(LimitedAction, string)> Bucket(LimitedAction action, string key, int perMinute) =>
        RateLimitPartition.GetTokenBucketLimiter((action, key), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = perMinute,
            // Small limits refill often, so that nobody waits long. Large limits refill at most once a second.
            TokensPerPeriod = Math.Max(1, perMinute / SecondsPerMinute),
            ReplenishmentPeriod = TimeSpan.FromSeconds(Math.Max(1, (double)SecondsPerMinute / perMinute)),
            QueueLimit = 0,
        });

    private static RateLimitPartition<(LimitedAction, string)> Free() => RateLimitPartition.GetNoLimiter((LimitedAction.None, ""));

    private static ProblemException CreateProblem(LimitedAction action, RateLimitLease lease)
    {
        double wait = lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan after) ? after.TotalSeconds : 1;
        int seconds = (int)Math.Clamp(Math.Ceiling(wait), 1, SecondsPerMinute);
        string until = string.Create(CultureInfo.InvariantCulture, $"Wait {seconds} second{(seconds == 1 ? "" : "s")}, then try again.");
        (string kind, string detail) = action switch
        {
            LimitedAction.Run => ("run", $"You pressed Run many times in a short time. {until}"),
            LimitedAction.Write => ("write", $"You made many changes in a short time. Nothing is lost. {until}"),
            LimitedAction.Read => ("read", $"The page sent many requests in a short time. {until}"),
            LimitedAction.SignIn => ("sign_in", $"Many people are signing in from here. {until}"),
            _ => ("guest", $"Many new people are arriving from here. {until}"),
        };
        return new ProblemException(
            StatusCodes.Status429TooManyRequests, "too_fast", "Too many requests", detail, ("kind", kind), ("seconds", seconds))
        {
            RetryAfter = seconds,
        };
    }

    private sealed record Limited(LimitedAction Action, bool Always = false);
}
