namespace PixelGameDev.Api.Storage;

/// <summary>Registers what keeps people's bytes within their limits.</summary>
internal static class StorageSetup
{
    public static IServiceCollection AddStorage(this IServiceCollection services) => services
        .AddSingleton<InstallationStorage>()
        .AddHostedService(provider => provider.GetRequiredService<InstallationStorage>())
        .AddSingleton<StorageQuota>();
}
