using PixelGameDev.Api.Storage;

namespace PixelGameDev.Api.Configuration;

/// <summary>What an operator has set, read once at start and checked by <see cref="ApiOptionsReader"/>.</summary>
internal sealed class ApiOptions
{
    /// <summary><c>JWT_SECRET</c>: signs people's tokens; 32 bytes or more.</summary>
    public required byte[] JwtSecret { get; init; }

    /// <summary><c>EXECUTOR_SECRET_KEY</c>: signs service tokens to the Executor; 32 bytes or more.</summary>
    public required byte[] ExecutorSecret { get; init; }

    /// <summary>
    /// Addresses of the Executors, resolved by service discovery: one for each service called <c>executor</c>, <c>executor-2</c> …
    /// </summary>
    public required IReadOnlyList<Uri> Executors { get; init; }

    /// <summary><c>MAX_CODE_SIZE</c>: bytes of Python source in one project.</summary>
    public required int MaxCodeSize { get; init; }

    /// <summary><c>MAX_SESSION_TIME</c>, seconds; the Executor enforces it, the page tells it.</summary>
    public required int MaxSessionSeconds { get; init; }

    /// <summary><c>KNOWN_PROXIES</c>: addresses and networks whose forwarded headers are believed, besides loopback.</summary>
    public required IReadOnlyList<System.Net.IPNetwork> KnownProxies { get; init; }

    /// <summary><c>RATE_LIMITS</c>: <c>off</c> for load tests on a machine of one's own.</summary>
    public required bool RateLimits { get; init; }

    /// <summary>How often people may do what costs much; only while <see cref="RateLimits"/> holds.</summary>
    public required RateLimitOptions Rates { get; init; }

    /// <summary>How many bytes people's files may take.</summary>
    public required StorageOptions Storage { get; init; }
}
