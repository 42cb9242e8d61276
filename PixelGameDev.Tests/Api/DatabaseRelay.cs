using System.Net;
using System.Net.Sockets;
using Npgsql;
using PixelGameDev.Benchmarks.Network;

namespace PixelGameDev.Tests.Api;

/// <summary>Relays the connections between the Api and its real database. A test can cut or freeze them and restore them.</summary>
internal sealed class DatabaseRelay : IAsyncDisposable
{
    private readonly Relay _relay;

    public DatabaseRelay(string connectionString)
    {
        NpgsqlConnectionStringBuilder builder = new(connectionString);
        _relay = new Relay(EndPointOf(builder));
        builder.Host = "127.0.0.1";
        builder.Port = _relay.Port;
        ConnectionString = builder.ConnectionString;
    }

    /// <summary>Returns the given connection string, changed to go through this relay.</summary>
    public string ConnectionString { get; }

    /// <summary>Returns the endpoint of a connection string.</summary>
    private static EndPoint EndPointOf(NpgsqlConnectionStringBuilder connection) => Path.IsPathRooted(connection.Host)
        ? new UnixDomainSocketEndPoint($"{connection.Host}/.s.PGSQL.{connection.Port}")
        : new DnsEndPoint(connection.Host!, connection.Port);

    /// <summary>Drops every connection and accepts no new ones, like a killed server.</summary>
    public void Cut() => _relay.Cut();

    /// <summary>Keeps the connections but passes nothing on, like a server that hangs.</summary>
    public void Freeze() => _relay.Stall();

    public void Mend() => _relay.Mend();

    public ValueTask DisposeAsync() => _relay.DisposeAsync();
}
