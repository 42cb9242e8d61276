using PixelGameDev.AppHost.Commands;
using PixelGameDev.AppHost.Postgres;
using PixelGameDev.AppHost.Publishing;
using PixelGameDev.AppHost.Running;

namespace PixelGameDev.AppHost.Topology;

/// <summary>
/// Adds the database: an external one (by connection string), otherwise the embedded cluster in the data directory. With
/// <c>--postgres container</c> and when publishing it is a container.
/// </summary>
internal sealed class Database
{
    /// <summary>The name of the connection string, as in <c>ConnectionStrings__pixel-gamedev</c>.</summary>
    public const string Name = "pixel-gamedev";

    /// <summary>The name of the database in the server.</summary>
    public const string Schema = "pixel_gamedev";

    /// <summary>The tag of Docker's official PostgreSQL image. Its major version is that of the tests (Debian 13).</summary>
    public const string ImageTag = "17.6";

    private readonly IResourceBuilder<IResourceWithConnectionString> _connection;
    private readonly Container? _container;

    private Database(IResourceBuilder<IResourceWithConnectionString> connection, Container? container = null)
    {
        _connection = connection;
        _container = container;
    }

    public static Database Add(
        IDistributedApplicationBuilder builder, Settings settings, IResourceBuilder<ParameterResource> password, DeploymentTarget target)
    {
        if (settings.Installation is { HasOwnDatabase: true })
        {
            return new Database(builder.AddConnectionString(Name));
        }

        if (settings.Installation is { Cluster: { } cluster } installation)
        {
            return new Database(builder.AddLocalPostgres("postgres", cluster, installation.PostgresPort, Schema, password)
                .WithBackups(new ClusterBackups(cluster, installation.Data.Backups)));
        }

        IResourceBuilder<ParameterResource> user = settings.Publish("POSTGRES_USER", "postgres");
        IResourceBuilder<ParameterResource> database = settings.Publish("POSTGRES_DB", Schema);
        IResourceBuilder<PostgresServerResource> postgres = builder
            .AddPostgres("postgres", user, password)
            .WithImageTag(ImageTag)
            .WithEnvironment("POSTGRES_DB", database)
            .WithLifetime(ContainerLifetime.Persistent);
        target.AddPostgres(postgres);
        return new Database(postgres.AddDatabase(Name, Schema), new Container(postgres, database, user, password));
    }

    /// <summary>Gives a service the address of the database, and makes the service wait until the database is healthy.</summary>
    public void GiveTo(IResourceBuilder<ProjectResource> service)
    {
        if (_container is not null && service.ApplicationBuilder.ExecutionContext.IsPublishMode)
        {
            // Operators set the password in a separate variable, so that it may contain any character.
            EndpointReference address = _container.Server.GetEndpoint("tcp");
            service
                .WithEnvironment("POSTGRES_HOST", address.Property(EndpointProperty.Host))
                .WithEnvironment("POSTGRES_PORT", address.Property(EndpointProperty.Port))
                .WithEnvironment("POSTGRES_DB", _container.Database)
                .WithEnvironment("POSTGRES_USER", _container.User)
                .WithEnvironment("POSTGRES_PASSWORD", _container.Password)
                .WaitFor(_container.Server);
            return;
        }

        service
            .WithReferenceEnvironment(ReferenceEnvironmentInjectionFlags.ConnectionString)
            .WithReference(_connection)
            .WaitFor(_connection);
    }

    private sealed record Container(
        IResourceBuilder<PostgresServerResource> Server,
        IResourceBuilder<ParameterResource> Database,
        IResourceBuilder<ParameterResource> User,
        IResourceBuilder<ParameterResource> Password);
}
