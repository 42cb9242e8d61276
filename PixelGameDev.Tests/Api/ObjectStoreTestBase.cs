using Npgsql;
using PixelGameDev.Api.History;
using PixelGameDev.Api.History.Objects;
using PixelGameDev.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace PixelGameDev.Tests.Api;

/// <summary>Runs an Api with an object store for each test. The tests do what its timers would do.</summary>
public abstract class ObjectStoreTestBase(ApiFixture fixture) : SessionTestBase(fixture), IAsyncLifetime
{
    private protected const string Large = "sounds/owl.wav";

    private protected ObjectStoreServer Store { get; private set; } = null!;

    private protected string ConnectionString { get; private set; } = null!;

    private protected RunningApi Api { get; private set; } = null!;

    private protected BlobMover Mover => Api.Services.GetRequiredService<BlobMover>();

    public async Task InitializeAsync()
    {
        Store = await ObjectStoreServer.StartAsync();
        ConnectionString = await Fixture.CreateDatabaseAsync();
        Api = await RunningApi.StartAsync(ConnectionString, Fixture.Executor.Address, Store.Settings);
        await Api.WaitUntilHealthyAsync();
    }

    public async Task DisposeAsync()
    {
        await Api.DisposeAsync();
        await Store.DisposeAsync();
    }

    /// <summary>Returns a content that does not compress, large enough for the object store.</summary>
    private protected static byte[] Noise(int seed, int size = 50_000)
    {
        byte[] noise = new byte[size];
        new Random(seed).NextBytes(noise);
        return noise;
    }

    private protected static async Task SaveAsync(Visitor visitor, Guid project, string path, byte[] content)
    {
        using HttpResponseMessage saved = await visitor.SaveAsync(project, path, content);
        saved.EnsureSuccessStatusCode();
    }

    /// <summary>Saves the file and records a revision.</summary>
    private protected async Task<long> RecordAsync(Visitor visitor, Guid project, string path, byte[] content)
    {
        await SaveAsync(visitor, project, path, content);
        return (await Api.Services.GetRequiredService<RevisionRecorder>()
            .RecordAsync(project, RevisionReason.Run, CancellationToken.None))!.Value;
    }

    private protected Task<int> ExecuteAsync(string sql, params object[] values) => UseAsync(sql, values, static command =>
        command.ExecuteNonQueryAsync());

    private protected Task<T> ScalarAsync<T>(string sql, params object[] values) => UseAsync(sql, values, static async command =>
        (T)(await command.ExecuteScalarAsync())!);

    /// <summary>Returns the keys that blobs name.</summary>
    private protected Task<string[]> NamedKeysAsync() => ScalarAsync<string[]>(
        "select coalesce(array_agg(object order by object) filter (where object is not null), '{}') from blobs");

    private async Task<T> UseAsync<T>(string sql, object[] values, Func<NpgsqlCommand, Task<T>> use)
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(ConnectionString);
        await using NpgsqlCommand command = database.CreateCommand(sql);
        foreach (object value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return await use(command);
    }
}
