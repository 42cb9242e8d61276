using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace PixelGameDev.ServiceDefaults;

/// <summary>Registers the database.</summary>
public static class PostgresExtensions
{
    /// <summary>The name of the connection string, as in the environment variable <c>ConnectionStrings__pixel-gamedev</c>.</summary>
    public const string ConnectionName = "pixel-gamedev";

    /// <summary>The name of the database's health check.</summary>
    public const string DatabaseCheck = "database";

    // A new connection to a slow database needs many round trips.
    private static readonly TimeSpan MaxCheckTime = TimeSpan.FromSeconds(20);

    // Postgres accepts 100 connections by default, for all processes together. A request without a free connection waits for one, which is
    // better than a refusal.
    private const int ConnectionsPerProcess = 20;

    /// <summary>
    /// The longest wait for a connection, and for the answer to one statement, in seconds. No request and no housekeeping needs more, and a
    /// database that stands still must not make people wait for Npgsql's 15 s and 30 s.
    /// </summary>
    private const int DatabaseWaitSeconds = 10;

    /// <summary>
    /// Adds one <see cref="NpgsqlDataSource"/> with a readiness check (<see cref="DatabaseCheck"/>), traces and metrics. The connection
    /// string is <see cref="ConnectionString"/>. The first use opens the first connection.
    /// </summary>
    /// <exception cref="InvalidOperationException">Neither a connection string nor a password is configured.</exception>
    public static TBuilder AddPostgres<TBuilder>(this TBuilder builder, string connectionName = ConnectionName)
        where TBuilder : IHostApplicationBuilder
    {
        string connectionString = ConnectionString(builder.Configuration, connectionName)
            ?? throw new InvalidOperationException(
                $"No database is configured: set ConnectionStrings__{connectionName}, or POSTGRES_PASSWORD (with POSTGRES_USER, "
                + "POSTGRES_DB, POSTGRES_HOST and POSTGRES_PORT where they differ from the defaults).");

        NpgsqlConnectionStringBuilder connection = new(connectionString);
        if (!connection.ShouldSerialize("Maximum Pool Size"))
        {
            connection.MaxPoolSize = ConnectionsPerProcess;
        }

        if (!connection.ShouldSerialize("Timeout"))
        {
            connection.Timeout = DatabaseWaitSeconds;
        }

        if (!connection.ShouldSerialize("Command Timeout"))
        {
            connection.CommandTimeout = DatabaseWaitSeconds;
        }

        // Aspire's integration adds the data source with traces, metrics and its settings section. Our health check replaces Aspire's,
        // which has no time limit and shows the error.
        builder.AddNpgsqlDataSource(connectionName, settings =>
        {
            settings.ConnectionString = connection.ConnectionString;
            settings.DisableHealthChecks = true;
        });
        builder.Services.AddSingleton<PostgresHealthCheck>();
        builder.Services.AddHealthChecks().AddCheck<PostgresHealthCheck>(DatabaseCheck, timeout: MaxCheckTime);
        return builder;
    }

    /// <summary>
    /// Returns <c>ConnectionStrings__{name}</c> if it is set. Otherwise builds one from <c>POSTGRES_HOST</c> (localhost),
    /// <c>POSTGRES_PORT</c> (5432), <c>POSTGRES_DB</c> (pixel_gamedev), <c>POSTGRES_USER</c> (postgres) and <c>POSTGRES_PASSWORD</c>; null
    /// without a password.
    /// </summary>
    public static string? ConnectionString(IConfiguration configuration, string connectionName = ConnectionName)
    {
        string? whole = configuration.GetConnectionString(connectionName);
        if (!string.IsNullOrWhiteSpace(whole))
        {
            return whole;
        }

        string? password = configuration["POSTGRES_PASSWORD"];
        if (string.IsNullOrEmpty(password))
        {
            return null;
        }

        return new NpgsqlConnectionStringBuilder
        {
            Host = Setting(configuration, "POSTGRES_HOST", "localhost"),
            Port = int.TryParse(configuration["POSTGRES_PORT"], out int port) && port is > 0 and < 65536 ? port : 5432,
            Database = Setting(configuration, "POSTGRES_DB", "pixel_gamedev"),
            Username = Setting(configuration, "POSTGRES_USER", "postgres"),
            Password = password,
            // The sign-in uses a password. A request for Kerberos would only search for a library that slim images lack.
            GssEncryptionMode = GssEncryptionMode.Disable,
        }.ConnectionString;
    }

    private static string Setting(IConfiguration configuration, string name, string fallback) =>
        configuration[name] is { Length: > 0 } value ? value : fallback;
}
