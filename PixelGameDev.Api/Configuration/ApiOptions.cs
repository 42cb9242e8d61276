using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.Gallery;
using PixelGameDev.Api.History.Objects;
using PixelGameDev.Api.Projects;
using PixelGameDev.Api.Recordings;
using PixelGameDev.Api.Security;
using PixelGameDev.Api.Security.Authentication;
using PixelGameDev.Api.Security.Oidc;
using PixelGameDev.Api.Sessions.Execution;
using PixelGameDev.Api.Storage;

namespace PixelGameDev.Api.Configuration;

/// <summary>
/// Holds the operator's settings by feature. <see cref="ApiOptionsReader"/> reads and checks them once at start. Each feature depends only
/// on its own part.
/// </summary>
internal sealed record ApiOptions(
    TokenOptions Tokens, ExecutorOptions Executors, ProjectOptions Projects, ProxyOptions Proxies, RateLimitOptions Rates,
    StorageOptions Storage, AccountOptions Accounts, OidcOptions? Oidc, ObjectStoreOptions? Objects,
    RecordingOptions Recordings, GalleryOptions Gallery);

/// <summary>Registers the options.</summary>
internal static class ApiOptionsRegistration
{
    /// <summary>Registers the options of each feature as a separate service.</summary>
    public static IServiceCollection AddApiOptions(this IServiceCollection services, ApiOptions options) => services
        .AddSingleton(options.Tokens)
        .AddSingleton(options.Executors)
        .AddSingleton(options.Projects)
        .AddSingleton(options.Proxies)
        .AddSingleton(options.Rates)
        .AddSingleton(options.Storage)
        .AddSingleton(options.Accounts)
        .AddSingleton(options.Recordings)
        .AddSingleton(options.Gallery);
}
