using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.Security.Authentication;

namespace PixelGameDev.Tests.Api;

/// <summary>
/// Tests every endpoint with every kind of caller. The endpoints come from the running server. An endpoint without a row fails, and so does
/// a row without an endpoint.
/// </summary>
/// <remarks>
/// Ids and codes in an address belong to the owner, except that a guest asks for its own ids. "Expired" and "forged" are tried twice each:
/// as the cookie and as the access token. Both must give the answer of the table.
/// </remarks>
public sealed partial class AuthorizationMatrixTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const string Password = "seven small owls";

    private Task<string>? _hash;
    private World? _world;
    private Visitor? _lapsed;

    [Fact]
    public void Every_endpoint_has_a_row_and_every_row_an_endpoint() =>
        Assert.Equal(AuthorizationMatrix.Expected.Keys.Order(StringComparer.Ordinal), Endpoints().Order(StringComparer.Ordinal));

    [Fact]
    public async Task Everybody_gets_what_the_table_says_at_every_endpoint()
    {
        List<string> wrong = [];
        foreach (string endpoint in Endpoints())
        {
            if (!AuthorizationMatrix.Expected.TryGetValue(endpoint, out string? row))
            {
                wrong.Add($"{endpoint}: no row");
                continue;
            }

            string[] cells = row.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(AuthorizationMatrix.Callers.Length, cells.Length);
            for (int i = 0; i < AuthorizationMatrix.Callers.Length; i++)
            {
                string[] ways = cells[i].Split('/');
                bool twoWays = AuthorizationMatrix.Callers[i] is "expired" or "forged";
                for (int way = 0; way < (twoWays ? 2 : 1); way++)
                {
                    int status = await AskAsync(endpoint, AuthorizationMatrix.Callers[i], token: way == 1);
                    if (status.ToString(provider: null) != ways[Math.Min(way, ways.Length - 1)])
                    {
                        string caller = AuthorizationMatrix.Callers[i] + (way == 1 ? " (token)" : "");
                        wrong.Add($"{endpoint} as {caller}: {status}, not {cells[i]}");
                    }
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>Tests that a token gives the same roles as a cookie.</summary>
    [Fact]
    public async Task A_token_may_what_its_person_may()
    {
        World world = await WorldAsync();
        string name = await NameAsync(world.Other);
        foreach ((string role, HttpStatusCode expected) in new[]
        {
            (Roles.Creator, HttpStatusCode.Forbidden), (Roles.Teacher, HttpStatusCode.Forbidden), (Roles.Admin, HttpStatusCode.OK),
        })
        {
            using HttpResponseMessage answer =
                await world.Other.Http.PostAsJsonAsync("/api/account/token", new { name, password = Password });
            string token = (await Visitor.JsonOf(answer, HttpStatusCode.OK))["token"]!.GetValue<string>();
            // The role changes after the token was issued. The current role counts.
            await ExecuteAsync($"update accounts set role = '{role}' where id = '{world.Other.Id}'");
            using HttpClient program = Client("Authorization", $"Bearer {token}");
            using HttpResponseMessage accounts = await program.GetAsync("/api/admin/accounts");
            Assert.Equal(expected, accounts.StatusCode);
            using HttpResponseMessage foreign = await program.GetAsync($"/api/projects/{world.OfOwner.Project}");
            Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        }
    }

    [Theory]
    [InlineData("none")]
    [InlineData("issuer")]
    [InlineData("audience")]
    [InlineData("secret")]
    [InlineData("unending")]
    [InlineData("early")]
    public async Task A_token_with_one_thing_wrong_opens_nothing(string what)
    {
        World world = await WorldAsync();
        using HttpClient good = Client("Authorization", $"Bearer {Jwt(world.Owner.Id)}");
        using HttpResponseMessage taken = await good.GetAsync("/api/projects");
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);

        using HttpClient bad = Client("Authorization", $"Bearer {Jwt(world.Owner.Id, what)}");
        using HttpResponseMessage refused = await bad.GetAsync("/api/projects");
        await Visitor.ProblemOf(refused, HttpStatusCode.Unauthorized, "bad_token");
    }

    /// <summary>Returns "METHOD pattern" of each endpoint of the server. Health checks take every method; GET stands for them.</summary>
    private List<string> Endpoints() =>
    [
        .. fixture.Api.Services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .SelectMany(endpoint =>
                (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
                    .Select(method => $"{method} {endpoint.RoutePattern.RawText}"))
            .Distinct(),
    ];

    private async Task<int> AskAsync(string endpoint, string caller, bool token)
    {
        World world = _world ??= await WorldAsync();
        using HttpClient client = await ClientAsync(caller, token, world);
        (string method, string pattern) = (endpoint[..endpoint.IndexOf(' ', StringComparison.Ordinal)],
            endpoint[(endpoint.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        bool guests = caller == "guest";
        Belongings mine = guests ? world.OfGuest : world.OfOwner;
        Guid project = mine.Project;
        string id = pattern switch
        {
            "/api/projects/{id:guid}/restore" or "/api/trash/projects/{id:guid}" => $"{mine.TrashedProject}",
            _ when pattern.StartsWith("/api/admin/reports", StringComparison.Ordinal) => $"{project}",
            _ when pattern.StartsWith("/api/projects", StringComparison.Ordinal) => $"{project}",
            _ when pattern.Contains("/sessions/{id:guid}", StringComparison.Ordinal) => $"{mine.Session}",
            _ => $"{world.Bystander}",
        };
        string url = pattern
            .Replace("{id:guid}", id, StringComparison.Ordinal)
            .Replace("{fileId:guid}", $"{mine.TrashedFile}", StringComparison.Ordinal)
            .Replace("{link:guid}", $"{mine.Link}", StringComparison.Ordinal)
            .Replace("{code}", CodeOf(world.Owner, KindOfCode(caller, pattern)), StringComparison.Ordinal)
            // Every project begins with its main.py.
            .Replace("{number:long}/files/{**path}", "1/files/main.py", StringComparison.Ordinal)
            .Replace("{number:long}", "1", StringComparison.Ordinal).Replace("{hash}", "0", StringComparison.Ordinal)
            .Replace("{**path}", pattern.Contains("{code}", StringComparison.Ordinal) ? "main.py" : "spare.py", StringComparison.Ordinal)
            .Replace("{documentName}", "v1", StringComparison.Ordinal);
        if (method == "POST" && url.EndsWith("/spare.py", StringComparison.Ordinal))
        {
            url += "?rename=other.py";
        }

        Assert.DoesNotContain('{', url);
        string body = endpoint switch
        {
            "POST /api/account/sign-up" => Json($"n{Guid.NewGuid():N}"[..16]),
            "POST /api/account/sign-in" or "POST /api/account/token" => Json(await NameAsync(world.Owner)),
            "POST /api/account/password" => $$"""{"currentPassword":"{{Password}}","newPassword":"nine small owls"}""",
            "POST /api/account/delete" => $$"""{"password":"{{Password}}","confirm":"delete"}""",
            "POST /api/admin/invitations" => """{"uses":1,"days":1}""",
            "PUT /api/admin/accounts/{id:guid}/role" => """{"role":"teacher"}""",
            "POST /api/play/{code}/report" or "POST /api/admin/reports/{id:guid}/take-down" => """{"reason":"other"}""",
            "POST /api/sessions/" => $$"""{"projectId":"{{project}}"}""",
            "POST /api/projects/{id:guid}/recordings/" => $$"""{"session":"{{mine.Session}}"}""",
            _ => "{}",
        };
        using HttpRequestMessage request = new(new HttpMethod(method), url);
        if (endpoint == "POST /api/projects/{id:guid}/files")
        {
            request.Content = new MultipartFormDataContent { { new ByteArrayContent([]), "new.txt", "file" } };
        }
        else if (method is not ("GET" or "DELETE"))
        {
            request.Content = new StringContent(
                body, Encoding.UTF8, endpoint == "POST /api/projects/import" ? "application/zip" : "application/json");
        }

        using HttpResponseMessage response = await client.SendAsync(request);
        if (method != "GET" && response.IsSuccessStatusCode)
        {
            // The next cell must not see this change.
            _world = null;
        }

        return (int)response.StatusCode;

        static string Json(string name) => $$"""{"name":"{{name}}","password":"{{Password}}"}""";
    }

    private static string KindOfCode(string caller, string pattern) =>
        caller is "revoked" or "ended" || (caller == "play" && !pattern.StartsWith("/api/watch", StringComparison.Ordinal))
            ? caller : "code";

    private async Task<HttpClient> ClientAsync(string caller, bool token, World world)
    {
        switch (caller, token)
        {
            case ("anonymous", _):
                return Client("Accept", "*/*");
            case ("forged", true):
                return Client("Authorization", $"Bearer {Jwt(world.Owner.Id, "secret")}");
            case ("forged", false):
                return Client("Cookie", $"{SignInCookie.Name}={SignInToken.Create().Text}");
            case ("expired", true):
                return Client("Authorization", $"Bearer {Jwt(world.Owner.Id, "expired")}");
            case ("expired", false):
                if (_lapsed is null)
                {
                    _lapsed = await fixture.NewVisitorAsync();
                    await ExecuteAsync($"update sign_ins set expires_at = now() - interval '1 second' where account_id = '{_lapsed.Id}'");
                }

                return Client("Cookie", _lapsed.Cookies.GetCookieHeader(fixture.Api.Address));
        }

        Visitor visitor = caller switch { "guest" => world.Guest, "owner" => world.Owner, _ => world.Other };
        string role = caller is "teacher" or "admin" ? caller : Roles.Creator;
        await ExecuteAsync($"update accounts set role = '{role}' where id = '{visitor.Id}'");
        return Client("Cookie", visitor.Cookies.GetCookieHeader(fixture.Api.Address));
    }

    private HttpClient Client(string header, string value)
    {
        HttpClient client = new(new SocketsHttpHandler { UseCookies = false, UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = fixture.Api.Address,
        };
        client.DefaultRequestHeaders.TryAddWithoutValidation(header, value);
        return client;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using NpgsqlConnection connection = new(fixture.ConnectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
