using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Npgsql;
using PixelGameDev.AppHost.Postgres;
using PixelGameDev.AppHost.Processes;

namespace PixelGameDev.AppHost.Topology;

/// <summary>
/// The embedded database as a resource: the dashboard shows its state, its log and its health, and others can refer to it and
/// wait for it.
/// </summary>
internal sealed class EmbeddedPostgresResource : Resource, IResourceWithConnectionString, IResourceWithWaitSupport, IAsyncDisposable
{
    private readonly PostgresPart part;
    private readonly Supervisor supervisor;
    private readonly TaskCompletionSource<string> connection = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ILogger? log;

    public EmbeddedPostgresResource(string name, Settings settings)
        : base(name)
    {
        part = new PostgresPart(
            new EmbeddedPostgresOptions
            {
                Cluster = settings.Data.Cluster,
                ProgramCache = settings.Data.Programs,
                Password = settings.Data.Secret("POSTGRES_PASSWORD"),
                Log = Line,
            },
            ProcessHost.Database);
        supervisor = new Supervisor(part, text => Line($"Postgres {text}"), TimeProvider.System);
    }

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{new WhenStarted(this)}");

    /// <summary>The variable of a reference, whatever the resource is called.</summary>
    public string ConnectionStringEnvironmentVariable => $"ConnectionStrings__{Database.Name}";

    /// <summary>Starts the server and tells what comes of it.</summary>
    public async Task StartAsync(InitializeResourceEvent starting, CancellationToken cancellationToken)
    {
        log = starting.Logger;
        try
        {
            await starting.Eventing.PublishAsync(new BeforeResourceStartedEvent(this, starting.Services), cancellationToken);
            await starting.Notifications.PublishUpdateAsync(this, state => state with { State = KnownResourceStates.Starting });
            await supervisor.StartAsync(cancellationToken);
            connection.TrySetResult(part.ConnectionString);
            await starting.Notifications.PublishUpdateAsync(this, state => state with
            {
                State = KnownResourceStates.Running,
                StartTimeStamp = TimeProvider.System.GetUtcNow().UtcDateTime,
            });
            await starting.Eventing.PublishAsync(new ConnectionStringAvailableEvent(this, starting.Services), cancellationToken);
        }
        catch (HostException error)
        {
            Line(error.Message);
            connection.TrySetException(error);
            await starting.Notifications.PublishUpdateAsync(this, state => state with { State = KnownResourceStates.FailedToStart });
        }
    }

    /// <summary>Does it answer?</summary>
    public async Task<HealthCheckResult> CheckAsync(CancellationToken cancellationToken)
    {
        if (!connection.Task.IsCompletedSuccessfully)
        {
            return HealthCheckResult.Unhealthy("It is starting.");
        }

        try
        {
            await using NpgsqlConnection open = new(await connection.Task);
            await open.OpenAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy("It does not answer.", error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await supervisor.DisposeAsync();
        await part.DisposeAsync();
    }

#pragma warning disable CA1848, CA2254 // Lines of the server, passed on as they are.
    private void Line(string text) => log?.LogInformation(text);
#pragma warning restore CA1848, CA2254

    /// <summary>The port is known when the server runs: a value to wait for.</summary>
    private sealed class WhenStarted(EmbeddedPostgresResource resource) : IValueProvider, IManifestExpressionProvider
    {
        public string ValueExpression => $"{{{resource.Name}.connectionString}}";

        public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
            await resource.connection.Task.WaitAsync(cancellationToken);
    }
}

/// <summary>Adds the resource.</summary>
internal static class EmbeddedPostgresExtensions
{
    public static IResourceBuilder<EmbeddedPostgresResource> AddEmbeddedPostgres(
        this IDistributedApplicationBuilder builder, string name, Settings settings)
    {
        EmbeddedPostgresResource resource = new(name, settings);
        string check = $"{name}_check";
        builder.Services.AddHealthChecks().AddAsyncCheck(check, resource.CheckAsync, timeout: TimeSpan.FromSeconds(3));
        return builder.AddResource(resource)
            .ExcludeFromManifest()
            .WithIconName("Database")
            .WithInitialState(new CustomResourceSnapshot
            {
                ResourceType = "Postgres (embedded)",
                State = KnownResourceStates.NotStarted,
                Properties = [new(CustomResourceKnownProperties.Source, settings.Data.Cluster)],
            })
            .WithHealthCheck(check)
            .OnInitializeResource(static (postgres, starting, cancellationToken) => postgres.StartAsync(starting, cancellationToken));
    }
}
