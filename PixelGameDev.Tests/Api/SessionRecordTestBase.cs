using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.ServiceDiscovery.Http;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.History.Pictures;
using PixelGameDev.Api.SavedFiles;
using PixelGameDev.Api.Sessions.Execution;
using PixelGameDev.Api.Sessions.Records;
using PixelGameDev.ServiceDefaults;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>Starts an Api with a database and an Executor of its own for each test.</summary>
public abstract class SessionRecordTestBase(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private protected PostgresFixture Postgres => postgres;

    private protected string _database = "";
    private protected FakeExecutor _executor = null!;
    private protected RunningApi _api = null!;
    private protected Visitor _visitor = null!;
    private protected Guid _project;

    private protected SessionStore Store => _api.Services.GetRequiredService<SessionStore>();

    private protected SessionWatcher Watcher => _api.Services.GetRequiredService<SessionWatcher>();

    public async Task InitializeAsync()
    {
        _database = await postgres.CreateDatabaseAsync();
        _executor = await FakeExecutor.StartAsync();
        _api = await RunningApi.StartAsync(_database, _executor.Address);
        _visitor = await Visitor.ArriveAsync(_api.Address);
        _project = await _visitor.FirstProjectAsync();
    }

    public async Task DisposeAsync()
    {
        _visitor.Dispose();
        await _api.DisposeAsync();
        await _executor.DisposeAsync();
    }

    private protected async Task<Guid> RunAsync()
    {
        using HttpResponseMessage response = await _visitor.Http.PostAsJsonAsync("/api/sessions", new { projectId = _project });
        return (await Visitor.JsonOf(response, HttpStatusCode.Created))["id"]!.GetValue<Guid>();
    }

    private protected ExecutorClient Client(TimeProvider clock) => new(
        _api.Services.GetRequiredService<ExecutorOptions>(),
        new ServiceTokens(_api.Services.GetRequiredService<ExecutorOptions>(), TimeProvider.System),
        _api.Services.GetRequiredService<IServiceDiscoveryHttpMessageHandlerFactory>(),
        clock,
        NullLogger<ExecutorClient>.Instance);

    private protected SessionWatcher NewWatcher(ExecutorClient client, TimeProvider clock) => new(
        Store, new SessionRecorder(Store, NewCollector(client, clock), _api.Services.GetRequiredService<PictureCollector>()), client,
        _api.Services.GetRequiredService<ExecutorOptions>(),
        _api.Services.GetRequiredService<DatabaseMigrator>(), clock,
        new BackgroundWork(clock, NullLogger<BackgroundWork>.Instance));

    private protected SavedFileCollector NewCollector(ExecutorClient client, TimeProvider clock) => new(
        _api.Services.GetRequiredService<SavedFileStore>(), client, clock, NullLogger<SavedFileCollector>.Instance);

    private protected async Task<T?> ValueAsync<T>(Guid id, string column)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(_database);
        await using NpgsqlCommand command = source.CreateCommand($"select {column} from sessions where id = $1");
        command.Parameters.Add(new() { Value = id });
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    private protected async Task ExecuteAsync(string sql, Guid[] ids)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(_database);
        await using NpgsqlCommand command = source.CreateCommand(sql);
        command.Parameters.Add(new() { Value = ids });
        await command.ExecuteNonQueryAsync();
    }
}
