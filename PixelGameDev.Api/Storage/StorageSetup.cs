namespace PixelGameDev.Api.Storage;

/// <summary>Registers the services that enforce the storage limits.</summary>
internal static class StorageSetup
{
    public static IServiceCollection AddStorage(this IServiceCollection services) => services
        .AddSingleton<InstallationStorage>()
        .AddHostedService(provider => provider.GetRequiredService<InstallationStorage>())
        .AddSingleton<StorageQuota>();
}
