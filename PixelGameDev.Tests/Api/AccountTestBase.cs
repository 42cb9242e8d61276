using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PixelGameDev.Api.Administration;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>Signs people up and in for tests of accounts.</summary>
public abstract class AccountTestBase(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private protected ApiFixture Fixture => fixture;

    private protected const string Password = "three green frogs";

    private protected static string NewName() => $"p{Guid.NewGuid():N}"[..16];

    private protected static Task<HttpResponseMessage> PostAsync(Visitor visitor, string action, string? name, string? password) =>
        visitor.Http.PostAsJsonAsync($"/api/account/{action}", new { name, password });

    private protected static async Task<IReadOnlyList<Guid>> ProjectsAsync(Visitor visitor) =>
        [.. (await visitor.GetAsync("/api/projects")).AsArray().Select(project => project!["id"]!.GetValue<Guid>())];

    private protected static async Task<IReadOnlyList<JsonNode>> AccountsAsync(Visitor admin)
    {
        List<JsonNode> all = [];
        while (true)
        {
            JsonArray page = (await admin.GetAsync($"/api/admin/accounts{(all.Count == 0 ? "" : $"?after={all[^1]["id"]}")}")).AsArray();
            if (page.Count == 0)
            {
                return all;
            }

            all.AddRange(page!);
        }
    }

    private protected async Task<Visitor> SignedUpAsync(string name)
    {
        Visitor visitor = await fixture.NewVisitorAsync();
        using HttpResponseMessage response = await PostAsync(visitor, "sign-up", name, Password);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return visitor;
    }

    /// <summary>Signs up an admin.</summary>
    private protected async Task<Visitor> AdminAsync()
    {
        string name = NewName();
        Visitor admin = await SignedUpAsync(name);
        Assert.Equal(0, await MakeAdmin.RunAsync(fixture.Api.Services, name));
        return admin;
    }

    private protected async Task<string> TokenAsync(string name, string password)
    {
        using Visitor stranger = Visitor.Stranger(fixture.Api.Address);
        using HttpResponseMessage response = await PostAsync(stranger, "token", name, password);
        JsonNode answer = await Visitor.JsonOf(response, HttpStatusCode.OK);
        Assert.Equal("Bearer", answer["tokenType"]!.GetValue<string>());
        Assert.True(response.Headers.CacheControl!.NoStore);
        return answer["token"]!.GetValue<string>();
    }

    private protected HttpClient Program(string token)
    {
        HttpClient client = new(new SocketsHttpHandler { UseCookies = false, UseProxy = false }) { BaseAddress = fixture.Api.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private protected async Task<HttpStatusCode> StatusOfAsync(string url, string cookie)
    {
        using HttpClient client =
            new(new SocketsHttpHandler { UseCookies = false, UseProxy = false }) { BaseAddress = fixture.Api.Address };
        client.DefaultRequestHeaders.Add("Cookie", cookie);
        using HttpResponseMessage response = await client.GetAsync(url);
        return response.StatusCode;
    }

    private protected async Task<T> ScalarAsync<T>(string sql)
    {
        await using NpgsqlConnection connection = new(fixture.ConnectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private protected async Task ExecuteAsync(string sql)
    {
        await using NpgsqlConnection connection = new(fixture.ConnectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
