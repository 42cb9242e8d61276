using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace PixelGameDev.Tests.Api;

public sealed class GuestTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task A_first_visit_makes_a_guest_with_a_starter_game()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();

        JsonNode me = await visitor.GetAsync("/api/me");
        Assert.Equal(visitor.Id, me["id"]!.GetValue<Guid>());
        Assert.True(me["guest"]!.GetValue<bool>());
        Assert.Equal("creator", me["role"]!.GetValue<string>());
        Assert.NotEmpty(me["name"]!.GetValue<string>());

        JsonArray projects = (await visitor.GetAsync("/api/projects")).AsArray();
        Assert.Single(projects);
        JsonNode project = await visitor.GetAsync($"/api/projects/{projects[0]!["id"]}");
        Assert.Equal("main.py", project["entry"]!.GetValue<string>());
        string code = await visitor.Http.GetStringAsync(Visitor.FileUrl(project["id"]!.GetValue<Guid>(), "main.py"));
        Assert.Contains("pygame.K_LEFT", code, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_cookie_is_out_of_reach_for_scripts_and_other_sites()
    {
        await fixture.NewVisitorAsync();
        using HttpClient client = new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = fixture.Api.Address };
        using HttpResponseMessage response = await client.PostAsync("/api/guests", null);

        string cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("samesite=lax", cookie, StringComparison.Ordinal);
        Assert.Contains("path=/", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("secure", cookie, StringComparison.Ordinal);
        Assert.True(response.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task The_cookie_is_marked_secure_behind_a_proxy_that_speaks_https()
    {
        await fixture.NewVisitorAsync();
        using HttpClient client = new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = fixture.Api.Address };
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        using HttpResponseMessage response = await client.PostAsync("/api/guests", null);

        string cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"));
        Assert.Contains("secure", cookie, StringComparison.Ordinal);
        // A sibling host cannot set a cookie with this prefix.
        Assert.StartsWith("__Host-pixel_visitor=", cookie, StringComparison.Ordinal);
        Assert.True(response.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task A_guest_of_before_TLS_stays_the_same_person_and_gets_the_safer_cookie()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        string old = visitor.Cookies.GetCookieHeader(fixture.Api.Address);
        using HttpClient client = new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = fixture.Api.Address };
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        client.DefaultRequestHeaders.Add("Cookie", old);
        using HttpResponseMessage response = await client.GetAsync("/api/me");
        Assert.Equal(visitor.Id, (await Visitor.JsonOf(response, HttpStatusCode.OK))["id"]!.GetValue<Guid>());
        string cookie = Assert.Single(response.Headers.GetValues("Set-Cookie")).Split(';')[0];
        Assert.Equal($"__Host-{old}", cookie);

        // The secure cookie takes precedence over one that another site of the same domain may have set.
        using Visitor planted = await fixture.NewVisitorAsync();
        client.DefaultRequestHeaders.Remove("Cookie");
        client.DefaultRequestHeaders.Add("Cookie", $"{planted.Cookies.GetCookieHeader(fixture.Api.Address)}; {cookie}");
        Assert.Equal(visitor.Id, JsonNode.Parse(await client.GetStringAsync("/api/me"))!["id"]!.GetValue<Guid>());
    }

    [Fact]
    public async Task The_same_browser_stays_the_same_person_after_a_restart_of_the_server()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        await using RunningApi second = await RunningApi.StartAsync(fixture.ConnectionString, fixture.Executor.Address);
        await second.WaitUntilHealthyAsync();

        using HttpClient client = new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = second.Address };
        client.DefaultRequestHeaders.Add("Cookie", visitor.Cookies.GetCookieHeader(fixture.Api.Address));
        JsonNode me = JsonNode.Parse(await client.GetStringAsync("/api/me"))!;
        Assert.Equal(visitor.Id, me["id"]!.GetValue<Guid>());
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("%00%ff;;;==")]
    public async Task A_cookie_that_is_nobodys_gets_nothing_but_a_fresh_start(string value)
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        using HttpClient client = new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = fixture.Api.Address };
        client.DefaultRequestHeaders.TryAddWithoutValidation("Cookie", $"pixel_visitor={value}");

        using HttpResponseMessage projects = await client.GetAsync("/api/projects");
        await Visitor.ProblemOf(projects, HttpStatusCode.Unauthorized, "not_signed_in");
        using HttpResponseMessage arrived = await client.PostAsync("/api/guests", null);
        Assert.NotEqual(visitor.Id, (await Visitor.JsonOf(arrived, HttpStatusCode.Created))["id"]!.GetValue<Guid>());
    }

    /// <summary>Tests that a GET creates nothing: a browser follows links, loads pictures and prefetches pages.</summary>
    [Fact]
    public async Task Reading_never_creates_anything()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        using Visitor stranger = Visitor.Stranger(fixture.Api.Address);
        string before = await CountRowsAsync();
        foreach (string pattern in fixture.Api.Services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") ?? true)
            .Select(endpoint => endpoint.RoutePattern.RawText!)
            .Distinct())
        {
            string url = Regex.Replace(pattern, @"\{[^}]*\}", "00000000-0000-4000-8000-000000000000");
            foreach (Visitor person in new[] { visitor, stranger })
            {
                using HttpResponseMessage response = await person.Http.GetAsync(url);
                Assert.False(response.Headers.Contains("Set-Cookie"), url);
            }
        }

        using HttpResponseMessage nobody = await stranger.Http.GetAsync("/api/me");
        await Visitor.ProblemOf(nobody, HttpStatusCode.Unauthorized, "not_signed_in");

        // The page asks this at its first visit. "No account" is a valid answer.
        using HttpResponseMessage optional = await stranger.Http.GetAsync("/api/me?optional=true");
        Assert.Equal(HttpStatusCode.NoContent, optional.StatusCode);
        Assert.Equal(visitor.Id, (await visitor.GetAsync("/api/me?optional=true"))["id"]!.GetValue<Guid>());
        using HttpRequestMessage program = new(HttpMethod.Get, "/api/me?optional=true");
        program.Headers.TryAddWithoutValidation("Authorization", "Bearer of nothing");
        using HttpResponseMessage refused = await stranger.Http.SendAsync(program);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(before, await CountRowsAsync());
    }

    [Fact]
    public async Task Another_website_cannot_make_guests_in_the_browser_of_a_visitor()
    {
        await fixture.NewVisitorAsync();
        using Visitor stranger = Visitor.Stranger(fixture.Api.Address);
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/guests");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        using HttpResponseMessage response = await stranger.Http.SendAsync(request);
        await Visitor.ProblemOf(response, HttpStatusCode.Forbidden, "cross_origin");
    }

    [Fact]
    public async Task A_browser_that_is_somebody_stays_that_person()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        using HttpResponseMessage again = await visitor.Http.PostAsync("/api/guests", null);
        Assert.Equal(visitor.Id, (await Visitor.JsonOf(again, HttpStatusCode.OK))["id"]!.GetValue<Guid>());
        Assert.False(again.Headers.Contains("Set-Cookie"));
    }

    private async Task<string> CountRowsAsync()
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(fixture.ConnectionString);
        await using NpgsqlCommand command = database.CreateCommand(
            """
            select concat_ws(' ', (select count(*) from accounts), (select count(*) from sign_ins), (select count(*) from projects),
                (select count(*) from files), (select count(*) from trashed_files), (select count(*) from sessions))
            """);
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
