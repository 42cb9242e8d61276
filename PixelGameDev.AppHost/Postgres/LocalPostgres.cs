using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace PixelGameDev.AppHost.Postgres;

/// <summary>
/// A private PostgreSQL on loopback as an Aspire resource; <see cref="PostgresCluster"/> has its data.
/// </summary>
internal sealed class LocalPostgres(string name, string[] command, int port, string database, ParameterResource password)
    : ExecutableResource(name, command[0], "/"), IResourceWithConnectionString
{
    /// <summary>TCP port on 127.0.0.1.</summary>
    public int Port => port;

    /// <summary>All words after the first of the command line.</summary>
    public string[] Arguments => command[1..];

    /// <summary>Name of the variable that services read the connection string from.</summary>
    public string ConnectionStringEnvironmentVariable => $"ConnectionStrings__{Topology.Database.Name}";

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create(
        $"Host=127.0.0.1;Port={port.ToString(System.Globalization.CultureInfo.InvariantCulture)};" +
            $"Database={database};Username={PostgresCluster.User};" +
            $"Password={password};SSL Mode=Disable;GSS Encryption Mode=Disable");
}

/// <summary>Adds the resource.</summary>
internal static class LocalPostgresExtensions
{
    /// <param name="builder">Gets the resource.</param>
    /// <param name="name">Of the resource.</param>
    /// <param name="cluster">An open cluster; it stays open until the program ends.</param>
    /// <param name="port">TCP port on 127.0.0.1.</param>
    /// <param name="database">Created unless it exists.</param>
    /// <param name="password">Of the cluster's user.</param>
    public static IResourceBuilder<LocalPostgres> AddLocalPostgres(
        this IDistributedApplicationBuilder builder, string name, PostgresCluster cluster, int port, string database,
        IResourceBuilder<ParameterResource> password)
    {
        // Stops the server with the signal that it wants; see the script.
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
