using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>Runs projects for tests of sessions.</summary>
public abstract class SessionTestBase(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private protected ApiFixture Fixture => fixture;

    private protected Uri StreamOf(Guid id) => new($"ws://{fixture.Api.Address.Authority}/api/sessions/{id}/stream");

    private protected static async Task<JsonNode> RunAsync(Visitor visitor, Guid project)
    {
        using HttpResponseMessage response = await visitor.Http.PostAsJsonAsync("/api/sessions", new { projectId = project });
        return await Visitor.JsonOf(response, HttpStatusCode.Created);
    }

    private protected async Task<string?> EndReasonAsync(Guid id, string? connectionString = null)
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(connectionString ?? fixture.ConnectionString);
        await using NpgsqlCommand command = database.CreateCommand("select end_reason from sessions where id = $1");
        command.Parameters.Add(new() { Value = id });
        return await command.ExecuteScalarAsync() as string;
    }

    private protected static async Task<byte[]> ReceiveAsync(ClientWebSocket socket)
    {
        using MemoryStream message = new();
        byte[] buffer = new byte[8192];
        ValueWebSocketReceiveResult received;
        do
        {
            received = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
            message.Write(buffer, 0, received.Count);
        }
        while (!received.EndOfMessage);
        return message.ToArray();
    }
}
