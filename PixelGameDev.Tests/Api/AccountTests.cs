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

public sealed class AccountTests(ApiFixture fixture) : AccountTestBase(fixture)
{
    [Fact]
    public async Task A_guest_who_signs_up_keeps_id_and_projects_and_gets_a_new_secret()
    {
        using Visitor visitor = await Fixture.NewVisitorAsync();
        Guid project = await visitor.FirstProjectAsync();
        string guestsCookie = visitor.Cookies.GetCookieHeader(Fixture.Api.Address);

        string name = NewName();
        using HttpResponseMessage response = await PostAsync(visitor, "sign-up", $"  {name} ", Password);
        JsonNode account = await Visitor.JsonOf(response, HttpStatusCode.OK);

        Assert.Equal(visitor.Id, account["id"]!.GetValue<Guid>());
        Assert.Equal(name, account["name"]!.GetValue<string>());
        Assert.False(account["guest"]!.GetValue<bool>());
        Assert.DoesNotContain("hash", account.ToJsonString(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(project, await visitor.FirstProjectAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfAsync("/api/projects", guestsCookie));

        using HttpResponseMessage again = await PostAsync(visitor, "sign-up", NewName(), Password);
        await Visitor.ProblemOf(again, HttpStatusCode.Conflict, "already_signed_up");
    }

    [Fact]
    public async Task A_name_is_one_persons_whatever_the_case_and_form_of_its_letters()
    {
        string unique = NewName();
        using Visitor first = await SignedUpAsync($"Zoë {unique}");
        using Visitor second = await Fixture.NewVisitorAsync();
        // The same name in capital, decomposed and full-width letters.
        foreach (string same in new[] { $"ZOË {unique.ToUpperInvariant()}", $"zoe\u0308 {unique}", $"ｚoë {unique}" })
        {
            using HttpResponseMessage response = await PostAsync(second, "sign-up", same, Password);
            await Visitor.ProblemOf(response, HttpStatusCode.Conflict, "name_taken");
        }

        Assert.True((await second.GetAsync("/api/me"))["guest"]!.GetValue<bool>());
        using Visitor other = Visitor.Stranger(Fixture.Api.Address);
        using HttpResponseMessage signIn = await PostAsync(other, "sign-in", $"zoë {unique.ToUpperInvariant()}", Password);
        Assert.Equal(first.Id, (await Visitor.JsonOf(signIn, HttpStatusCode.OK))["id"]!.GetValue<Guid>());
    }

    [Theory]
    [InlineData("a", Password, "name_length")]
    [InlineData("a name that is longer than thirty characters", Password, "name_length")]
    [InlineData("<script>", Password, "name_characters")]
    [InlineData("two  spaces", Password, "name_characters")]
    [InlineData("nul\0byte", Password, "name_characters")]
    [InlineData("right\u202Eleft", Password, "name_characters")]
    [InlineData("\u3164\u3164", Password, "name_characters")]
    [InlineData(null, Password, "name_length")]
    [InlineData("fine", "short", "password_length")]
    [InlineData("fine", null, "password_length")]
    [InlineData("fine", "aaaaaaaaaa", "password_simple")]
    [InlineData("fine", "Password123", "password_simple")]
    [InlineData("Long Enough", "long enough", "password_simple")]
    public async Task What_breaks_a_rule_is_refused_with_the_rule(string? name, string? password, string code)
    {
        using Visitor visitor = await Fixture.NewVisitorAsync();
        using HttpResponseMessage response = await PostAsync(visitor, "sign-up", name, password);
        await Visitor.ProblemOf(response, HttpStatusCode.BadRequest, code);
        Assert.True((await visitor.GetAsync("/api/me"))["guest"]!.GetValue<bool>());
    }

    [Fact]
    public async Task The_first_admin_is_made_by_the_operator_and_makes_teachers()
    {
        string name = NewName();
        using Visitor admin = await SignedUpAsync(name);
        using Visitor pupil = await SignedUpAsync(NewName());
        using (HttpResponseMessage before = await admin.Http.GetAsync("/api/admin/accounts"))
        {
            await Visitor.ProblemOf(before, HttpStatusCode.Forbidden, "forbidden");
        }

        Assert.Equal(1, await MakeAdmin.RunAsync(Fixture.Api.Services, "Nobody At All"));
        Assert.Equal(0, await MakeAdmin.RunAsync(Fixture.Api.Services, name.ToUpperInvariant()));

        Assert.Equal("admin", (await admin.GetAsync("/api/me"))["role"]!.GetValue<string>());
        Assert.Contains((await AccountsAsync(admin)), account => account["id"]!.GetValue<Guid>() == pupil.Id);
        using (HttpResponseMessage made = await admin.Http.PutAsJsonAsync($"/api/admin/accounts/{pupil.Id}/role", new { role = "teacher" }))
        {
            Assert.Equal(HttpStatusCode.NoContent, made.StatusCode);
        }

        Assert.Equal("teacher", (await pupil.GetAsync("/api/me"))["role"]!.GetValue<string>());
        using (HttpResponseMessage unknown = await admin.Http.PutAsJsonAsync($"/api/admin/accounts/{pupil.Id}/role", new { role = "king" }))
        {
            await Visitor.ProblemOf(unknown, HttpStatusCode.BadRequest, "no_such_role");
        }

        using (HttpResponseMessage own = await admin.Http.PutAsJsonAsync($"/api/admin/accounts/{admin.Id}/role", new { role = "creator" }))
        {
            await Visitor.ProblemOf(own, HttpStatusCode.Conflict, "own_role");
        }

        using Visitor guest = await Fixture.NewVisitorAsync();
        using HttpResponseMessage guests = await admin.Http.PutAsJsonAsync($"/api/admin/accounts/{guest.Id}/role", new { role = "admin" });
        await Visitor.ProblemOf(guests, HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task An_admin_sees_what_runs()
    {
        using Visitor player = await Fixture.NewVisitorAsync();
        Guid project = await player.FirstProjectAsync();
        using HttpResponseMessage started = await player.Http.PostAsJsonAsync("/api/sessions", new { projectId = project });
        Guid session = (await Visitor.JsonOf(started, HttpStatusCode.Created))["id"]!.GetValue<Guid>();

        string name = NewName();
        using Visitor admin = await SignedUpAsync(name);
        await MakeAdmin.RunAsync(Fixture.Api.Services, name);
        JsonArray running = (await admin.GetAsync("/api/admin/sessions")).AsArray();
        JsonNode seen = Assert.Single(running, one => one!["id"]!.GetValue<Guid>() == session)!;
        Assert.Equal(player.Id, seen["accountId"]!.GetValue<Guid>());
    }

    [Fact]
    public async Task A_body_that_is_no_credentials_is_refused()
    {
        using Visitor stranger = Visitor.Stranger(Fixture.Api.Address);
        foreach ((string body, HttpStatusCode expected) in new[]
        {
            ("{}", HttpStatusCode.BadRequest),
            ("[", HttpStatusCode.BadRequest),
            ("{\"name\":\"\\ud800x\",\"password\":\"12345678x\"}", HttpStatusCode.BadRequest),
            ($"{{\"name\":\"{new string('x', 40_000)}\"}}", HttpStatusCode.RequestEntityTooLarge),
        })
        {
            using StringContent content = new(body, new MediaTypeHeaderValue("application/json"));
            using HttpResponseMessage response = await stranger.Http.PostAsync("/api/account/sign-in", content);
            Assert.Equal(expected, response.StatusCode);
        }
    }
}
