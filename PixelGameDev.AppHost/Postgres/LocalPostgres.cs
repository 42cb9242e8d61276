using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace PixelGameDev.AppHost.Postgres;

/// <summary>Represents a private PostgreSQL on loopback as an Aspire resource; <see cref="PostgresCluster"/> holds its data.</summary>
internal sealed class LocalPostgres(string name, string[] command, int port, string database, ParameterResource password)
    : ExecutableResource(name, command[0], "/"), IResourceWithConnectionString
{
    /// <summary>Returns the TCP port on 127.0.0.1.</summary>
    public int Port => port;

    /// <summary>Returns the command line without the program.</summary>
    public string[] Arguments => command[1..];

    /// <summary>Returns the name of the variable from which services read the connection string.</summary>
    public string ConnectionStringEnvironmentVariable => $"ConnectionStrings__{Topology.Database.Name}";

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create(
        $"Host=127.0.0.1;Port={port.ToString(System.Globalization.CultureInfo.InvariantCulture)};" +
            $"Database={database};Username={PostgresCluster.User};" +
            $"Password={password};SSL Mode=Disable;GSS Encryption Mode=Disable");
}

/// <summary>Adds the resource of the embedded database.</summary>
internal static class LocalPostgresExtensions
{
    /// <param name="builder">The builder to which the resource is added.</param>
    /// <param name="name">The name of the resource.</param>
    /// <param name="cluster">An open cluster, which stays open until the program ends.</param>
    /// <param name="port">The TCP port on 127.0.0.1.</param>
    /// <param name="database">The name of the database, which is created if it does not exist.</param>
    /// <param name="password">The password of the cluster's user.</param>
    public static IResourceBuilder<LocalPostgres> AddLocalPostgres(
        this IDistributedApplicationBuilder builder, string name, PostgresCluster cluster, int port, string database,
        IResourceBuilder<ParameterResource> password)
    {
        // The script stops the server with the signal that PostgreSQL needs.
        string runner = Path.Combine(AppContext.BaseDirectory, "run-postgres.sh");
        LocalPostgres resource = new(name, [runner, .. cluster.Command(port)], port, database, password.Resource);
        string check = $"{name}_check";
        builder.Services.AddHealthChecks().AddAsyncCheck(check, stop => CheckAsync(resource, stop), timeout: TimeSpan.FromSeconds(3));
        return builder.AddResource(resource)
            .WithArgs(resource.Arguments)
            .WithEnvironment("LC_ALL", "C")
            .WithEndpoint("tcp", endpoint =>
            {
                endpoint.UriScheme = "tcp";
                endpoint.TargetHost = "127.0.0.1";
                endpoint.Port = endpoint.TargetPort = port;
                endpoint.IsProxied = false;
            })
            .WithIconName("Database")
            .ExcludeFromManifest()
            .WithHealthCheck(check)
            .OnBeforeResourceStarted(async (_, _, stop) =>
                await cluster.PrepareAsync(await password.Resource.GetValueAsync(stop)
                    ?? throw new HostException("PostgreSQL has no password."), database, stop));
    }

    private static async Task<HealthCheckResult> CheckAsync(LocalPostgres postgres, CancellationToken cancellationToken)
    {
        try
        {
            await using NpgsqlConnection connection = new(
                await ((IResourceWithConnectionString)postgres).GetConnectionStringAsync(cancellationToken) + ";Pooling=false");
            await connection.OpenAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException or IOException)
        {
            return HealthCheckResult.Unhealthy("It does not answer.", error);
        }
    }
}
