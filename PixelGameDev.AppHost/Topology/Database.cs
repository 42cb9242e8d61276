using PixelGameDev.AppHost.Postgres;

namespace PixelGameDev.AppHost.Topology;

/// <summary>The database, wherever it comes from.</summary>
internal sealed class Database : IAsyncDisposable
{
    /// <summary>Name of the connection string, as <c>ConnectionStrings__pixel-gamedev</c>.</summary>
    public const string Name = "pixel-gamedev";

    /// <summary>Image of Docker's official PostgreSQL: the major version of the tests' own, Debian 13's.</summary>
    public const string ImageTag = "17.6";

    private readonly IResourceBuilder<IResourceWithConnectionString> connection;
    private readonly EmbeddedPostgresResource? embedded;
    private readonly Container? container;

    private Database(IResourceBuilder<IResourceWithConnectionString> connection) => this.connection = connection;

    private Database(IResourceBuilder<EmbeddedPostgresResource> embedded)
        : this((IResourceBuilder<IResourceWithConnectionString>)embedded) => this.embedded = embedded.Resource;

    private Database(IResourceBuilder<PostgresDatabaseResource> database, Container container)
        : this(database) => this.container = container;

    public static Database Add(
        IDistributedApplicationBuilder builder, Settings settings, IResourceBuilder<ParameterResource> password, DeploymentTarget target)
    {
        if (!settings.Publishing && settings.ConnectionString is not null)
        {
            return new Database(builder.AddConnectionString(Name));
        }

        if (!settings.Publishing && settings.EmbeddedPostgres)
        {
            return new Database(builder.AddEmbeddedPostgres("postgres", settings));
        }

        IResourceBuilder<ParameterResource> user = settings.Published("POSTGRES_USER", "postgres");
        IResourceBuilder<ParameterResource> database = settings.Published("POSTGRES_DB", ProcessHost.Database);
        IResourceBuilder<PostgresServerResource> postgres = builder
            .AddPostgres("postgres", user, password)
            .WithImageTag(ImageTag)
            .WithEnvironment("POSTGRES_DB", database)
            .WithLifetime(ContainerLifetime.Persistent);
        target.AddPostgres(postgres);
        return new Database(postgres.AddDatabase(Name, ProcessHost.Database), new Container(postgres, database, user, password));
    }

    /// <summary>Tells a service where the database is and lets it wait for it.</summary>
    public void GiveTo(IResourceBuilder<ProjectResource> service)
    {
        if (container is not null && service.ApplicationBuilder.ExecutionContext.IsPublishMode)
        {
            // Where operators set the password, it is a variable of its own: any character is then allowed in it.
            EndpointReference address = container.Server.GetEndpoint("tcp");
            service
                .WithEnvironment("POSTGRES_HOST", address.Property(EndpointProperty.Host))
                .WithEnvironment("POSTGRES_PORT", address.Property(EndpointProperty.Port))
                .WithEnvironment("POSTGRES_DB", container.Database)
                .WithEnvironment("POSTGRES_USER", container.User)
                .WithEnvironment("POSTGRES_PASSWORD", container.Password)
                .WaitFor(container.Server);
            return;
        }

        service
            .WithReferenceEnvironment(ReferenceEnvironmentInjectionFlags.ConnectionString)
            .WithReference(connection)
            .WaitFor(connection);
    }

    public ValueTask DisposeAsync() => embedded?.DisposeAsync() ?? ValueTask.CompletedTask;

    private sealed record Container(
        IResourceBuilder<PostgresServerResource> Server,
        IResourceBuilder<ParameterResource> Database,
        IResourceBuilder<ParameterResource> User,
        IResourceBuilder<ParameterResource> Password);
}
