using Npgsql;

namespace PixelGameDev.Api.History.Objects;

/// <summary>Registers where the contents of the history are.</summary>
internal static class ObjectStoreSetup
{
    /// <summary>Adds the blob store, and with <paramref name="options"/> the work that moves contents to the object store.</summary>
    public static IServiceCollection AddBlobStore(this IServiceCollection services, ObjectStoreOptions? options)
    {
        services.AddSingleton<IBlobStore>(static provider => new ObjectBlobStore(
            provider.GetRequiredService<NpgsqlDataSource>(), provider.GetService<ObjectStore>(),
            provider.GetRequiredService<ILogger<ObjectBlobStore>>()));
        return options is null
            ? services.AddHostedService<MovedBlobsCheck>()
            : services
                .AddSingleton(_ => new ObjectStore(options))
                .AddSingleton<BlobMover>()
                .AddHostedService(static provider => provider.GetRequiredService<BlobMover>());
    }
}
