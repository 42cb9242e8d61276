using PixelGameDev.Api.Projects;
using PixelGameDev.Api.Security;
using PixelGameDev.Api.Security.Authentication;
using PixelGameDev.Api.Sessions.Execution;
using PixelGameDev.Api.Storage;

namespace PixelGameDev.Api.Configuration;

/// <summary>
/// Holds what an operator has set, by feature; read once at start and checked by <see cref="ApiOptionsReader"/>. Each feature asks for
/// its own part only.
/// </summary>
internal sealed record ApiOptions(
    TokenOptions Tokens, ExecutorOptions Executors, ProjectOptions Projects, ProxyOptions Proxies, RateLimitOptions Rates,
    StorageOptions Storage);

/// <summary>Registers the parts.</summary>
internal static class ApiOptionsRegistration
{
    /// <summary>Registers the options of each feature, one service for each.</summary>
    public static IServiceCollection AddApiOptions(this IServiceCollection services, ApiOptions options) => services
        .AddSingleton(options.Tokens)
        .AddSingleton(options.Executors)
        .AddSingleton(options.Projects)
        .AddSingleton(options.Proxies)
        .AddSingleton(options.Rates)
        .AddSingleton(options.Storage);
}
