using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Web;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests the sign-in at an OpenID Connect provider, with a real one.</summary>
public sealed class OidcTests(ApiFixture fixture) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    private const string Password = "three green frogs";
    private const string Failed = "/account?sign-in=failed";

    private OidcServer _provider = null!;
    private RunningApi _api = null!;

    public async Task InitializeAsync()
    {
        _provider = await OidcServer.StartAsync();
        // Accounts of the provider are welcome where nobody else may make one.
        _api = await RunningApi.StartAsync(
            await fixture.CreateDatabaseAsync(), fixture.Executor.Address, ["--SIGN_UP=closed", .. _provider.Settings]);
        await _api.WaitUntilHealthyAsync();
    }

    public async Task DisposeAsync()
    {
        await _api.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task A_person_of_the_provider_has_one_account_in_every_browser()
    {
        using Visitor school = await Visitor.ArriveAsync(_api.Address);
        Guid made = await school.NewProjectAsync();
        Assert.Equal("/", await SignInAsync(school, "?bringGames=true"));
        JsonNode me = await school.GetAsync("/api/me");
        Assert.Equal(school.Id, me["id"]!.GetValue<Guid>());
        Assert.Equal("ada", me["name"]!.GetValue<string>());
        Assert.False(me["guest"]!.GetValue<bool>());
        Assert.False(me["hasPassword"]!.GetValue<bool>());
        await school.GetAsync($"/api/projects/{made}");

        // Somebody else's games stay where they are, and are there again after the sign-out.
        using Visitor home = await Visitor.ArriveAsync(_api.Address);
        Guid theirs = await home.NewProjectAsync();
        Assert.Equal("/", await SignInAsync(home, "?bringGames=false"));
        Assert.Equal(school.Id, (await home.GetAsync("/api/me"))["id"]!.GetValue<Guid>());
        Assert.Equal(HttpStatusCode.NotFound, (await home.Http.GetAsync($"/api/projects/{theirs}")).StatusCode);
        (await home.Http.PostAsync("/api/account/sign-out", null)).EnsureSuccessStatusCode();
        Assert.Equal(home.Id, (await home.GetAsync("/api/me"))["id"]!.GetValue<Guid>());

        // Another person with the same name.
        _provider.Person = ("2", "Ada");
        using Visitor other = Visitor.Stranger(_api.Address);
        Assert.Equal("/", await SignInAsync(other, ""));
        Assert.Equal("Ada 2", (await other.GetAsync("/api/me"))["name"]!.GetValue<string>());

        // Without a password there is none to guess or to change, and the deletion takes the word.
        using (HttpResponseMessage guess =
            await other.Http.PostAsJsonAsync("/api/account/token", new { name = "ada", password = Password }))
        {
            await Visitor.ProblemOf(guess, HttpStatusCode.Unauthorized, "wrong_name_or_password");
        }

        using (HttpResponseMessage change = await school.Http.PostAsJsonAsync(
            "/api/account/password", new { currentPassword = Password, newPassword = "nine quiet whales" }))
        {
            await Visitor.ProblemOf(change, HttpStatusCode.Conflict, "no_password");
        }

        (await school.Http.PostAsJsonAsync("/api/account/delete", new { confirm = "delete" })).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.Unauthorized, (await school.Http.GetAsync("/api/me")).StatusCode);
    }

    [Fact]
    public async Task The_way_to_the_provider_has_state_nonce_and_a_proof_key_and_is_good_for_one_browser()
    {
        using Visitor visitor = await Visitor.ArriveAsync(_api.Address);
        Uri authorize = await BeginAsync(visitor, "");
        System.Collections.Specialized.NameValueCollection query = HttpUtility.ParseQueryString(authorize.Query);
        Assert.Equal("code", query["response_type"]);
        Assert.Equal("S256", query["code_challenge_method"]);
        Assert.NotEmpty(query["code_challenge"]!);
        Assert.NotEmpty(query["nonce"]!);
        Assert.NotEmpty(query["state"]!);
        Assert.Null(query["client_secret"]);
        Uri callback = await AskProviderAsync(authorize);

        // The callback in a browser that did not begin, with another state, and without one.
        using Visitor victim = await Visitor.ArriveAsync(_api.Address);
        Assert.Equal(Failed, await FinishAsync(victim, callback));
        Uri changed = new(callback.ToString().Replace("state=", "state=x", StringComparison.Ordinal));
        Assert.Equal(Failed, await FinishAsync(visitor, changed));
        Assert.Equal(Failed, await FinishAsync(visitor, new Uri(_api.Address, "/api/account/oidc/callback?code=abc")));
        Assert.True((await victim.GetAsync("/api/me"))["guest"]!.GetValue<bool>());
        // A person who refuses comes back as well.
        _provider.Refuses = true;
        Assert.Equal(Failed, await FinishAsync(visitor, await AskProviderAsync(await BeginAsync(visitor, ""))));
        Assert.True((await visitor.GetAsync("/api/me"))["guest"]!.GetValue<bool>());

        // Another site cannot begin it.
        using HttpRequestMessage foreign = new(HttpMethod.Get, "/api/account/oidc");
        foreign.Headers.Add("Sec-Fetch-Site", "cross-site");
        using HttpResponseMessage refused = await visitor.Http.SendAsync(foreign);
        await Visitor.ProblemOf(refused, HttpStatusCode.Forbidden, "cross_origin");
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_leads_back_to_the_page()
    {
        await _provider.StopAsync();
        using Visitor visitor = await Visitor.ArriveAsync(_api.Address);
        Assert.Equal(Failed, (await BeginAsync(visitor, "")).OriginalString);
        Assert.True((await visitor.GetAsync("/api/me"))["guest"]!.GetValue<bool>());
    }

    [Fact]
    public async Task An_account_is_linked_by_whoever_is_signed_in_to_it()
    {
        using Visitor pupil = await RegisteredAsync("pupil");
        _provider.Person = ("7", "somebody");
        Assert.Equal("/account?sign-in=linked", await SignInAsync(pupil, "?link=true"));
        using Visitor home = Visitor.Stranger(_api.Address);
        Assert.Equal("/", await SignInAsync(home, ""));
        Assert.Equal(pupil.Id, (await home.GetAsync("/api/me"))["id"]!.GetValue<Guid>());
        Assert.True((await home.GetAsync("/api/me"))["hasPassword"]!.GetValue<bool>());

        // One person of the provider is one person here.
        using Visitor other = await RegisteredAsync("other");
        Assert.Equal("/account?sign-in=taken", await SignInAsync(other, "?link=true"));

        // Who signs out on the way links nothing.
        _provider.Person = ("8", "nobody");
        Uri callback = await AskProviderAsync(await BeginAsync(other, "?link=true"));
        (await other.Http.PostAsync("/api/account/sign-out", null)).EnsureSuccessStatusCode();
        Assert.Equal(Failed, await FinishAsync(other, callback));

        using Visitor guest = await Visitor.ArriveAsync(_api.Address);
        using HttpResponseMessage refused = await guest.Http.GetAsync("/api/account/oidc?link=true");
        await Visitor.ProblemOf(refused, HttpStatusCode.Conflict, "guest_keeps_games");
        using Visitor stranger = Visitor.Stranger(_api.Address);
        using HttpResponseMessage anonymous = await stranger.Http.GetAsync("/api/account/oidc?link=true");
        await Visitor.ProblemOf(anonymous, HttpStatusCode.Unauthorized, "not_signed_in");
    }

    /// <summary>Goes to the provider and back, and returns where the browser arrives.</summary>
    private static async Task<string> SignInAsync(Visitor visitor, string query) =>
        await FinishAsync(visitor, await AskProviderAsync(await BeginAsync(visitor, query)));

    private static async Task<Uri> BeginAsync(Visitor visitor, string query)
    {
        using HttpResponseMessage begun = await visitor.Http.GetAsync($"/api/account/oidc{query}");
        Assert.Equal(HttpStatusCode.Found, begun.StatusCode);
        return begun.Headers.Location!;
    }

    private static async Task<Uri> AskProviderAsync(Uri authorize)
    {
        using HttpClient browser = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
        using HttpResponseMessage answer = await browser.GetAsync(authorize);
        Assert.True(answer.StatusCode == HttpStatusCode.Found, await answer.Content.ReadAsStringAsync());
        return answer.Headers.Location!;
    }

    private static async Task<string> FinishAsync(Visitor visitor, Uri callback)
    {
        using HttpResponseMessage finished = await visitor.Http.GetAsync(callback);
        Assert.Equal(HttpStatusCode.Found, finished.StatusCode);
        return finished.Headers.Location!.OriginalString;
    }

    /// <summary>Returns somebody with a password, written to the database, because the sign-up is closed.</summary>
    private async Task<Visitor> RegisteredAsync(string name)
    {
        Visitor visitor = await Visitor.ArriveAsync(_api.Address);
        await using NpgsqlCommand command = _api.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(
            $"update accounts set guest = false, name = '{name}', name_key = '{name}', password_hash = 'x' where id = '{visitor.Id}'");
        await command.ExecuteNonQueryAsync();
        return visitor;
    }
}
