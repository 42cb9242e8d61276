using System.Net;
using System.Net.Sockets;
using Npgsql;
using PixelGameDev.Benchmarks.Network;

namespace PixelGameDev.Tests.Api;

/// <summary>Stands between the Api and its real database, so that a test can cut or freeze the connection and mend it again.</summary>
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

    /// <summary>The given connection string, but through this relay.</summary>
    public string ConnectionString { get; }

    /// <summary>Where a connection string leads.</summary>
    private static EndPoint EndPointOf(NpgsqlConnectionStringBuilder connection) => Path.IsPathRooted(connection.Host)
        ? new UnixDomainSocketEndPoint($"{connection.Host}/.s.PGSQL.{connection.Port}")
        : new DnsEndPoint(connection.Host!, connection.Port);

    /// <summary>Drops every connection and takes no new ones, like a server that was killed.</summary>
    public void Cut() => _relay.Cut();

    /// <summary>Connections stay, nothing passes any more, like a server that hangs.</summary>
    public void Freeze() => _relay.Stall();

    public void Mend() => _relay.Mend();

    public ValueTask DisposeAsync() => _relay.DisposeAsync();
}
