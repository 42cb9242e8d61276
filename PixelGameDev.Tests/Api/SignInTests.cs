using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PixelGameDev.Api.Security.Authentication;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests signing in, signing out and changing the password, and what happens to the guest of the browser.</summary>
public sealed class SignInTests(ApiFixture fixture) : AccountTestBase(fixture)
{
    [Fact]
    public async Task Signing_in_brings_along_what_the_guest_made_and_not_its_untouched_starter()
    {
        string name = NewName();
        using Visitor home = await SignedUpAsync(name);
        Guid atHome = await home.FirstProjectAsync();

        using Visitor school = await Fixture.NewVisitorAsync();
        string guestsCookie = school.Cookies.GetCookieHeader(Fixture.Api.Address);
        Guid starter = await school.FirstProjectAsync();
        Guid made = await school.NewProjectAsync();
        using (HttpResponseMessage signIn = await PostAsync(school, "sign-in", name, Password))
        {
            Assert.Equal(home.Id, (await Visitor.JsonOf(signIn, HttpStatusCode.OK))["id"]!.GetValue<Guid>());
        }

        Assert.Equal([atHome, made], (await ProjectsAsync(school)).Order());
        Assert.DoesNotContain(starter, await ProjectsAsync(home));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfAsync("/api/projects", guestsCookie));

        // A changed starter game counts as the person's own work.
        using Visitor friend = await Fixture.NewVisitorAsync();
        Guid changed = await friend.FirstProjectAsync();
        using (HttpResponseMessage saved = await friend.SaveAsync(changed, "main.py", "print('mine')\n"))
        {
            Assert.Equal(HttpStatusCode.OK, saved.StatusCode);
        }

        using HttpResponseMessage second = await PostAsync(friend, "sign-in", name, Password);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Contains(changed, await ProjectsAsync(home));
        Assert.Equal("print('mine')\n", await home.Http.GetStringAsync(Visitor.FileUrl(changed, "main.py")));
    }

    [Theory]
    [InlineData("controls")]
    [InlineData("folder")]
    [InlineData("saved")]
    public async Task A_starter_game_that_somebody_has_made_their_own_comes_along(string how)
    {
        string name = NewName();
        using Visitor home = await SignedUpAsync(name);
        using Visitor school = await Fixture.NewVisitorAsync();
        Guid starter = await school.FirstProjectAsync();
        if (how == "saved")
        {
            await ExecuteAsync(
                $"""
                insert into saved_files (account_id, project_id, path, content, session_at)
                values ('{school.Id}', '{starter}', 'best.txt', '42', now())
                """);
        }
        else
        {
            object? controls = how == "controls" ? new { pad = "stick", directions = "wasd", buttons = new[] { "KeyA" } } : null;
            (await school.Http.PatchAsJsonAsync(
                $"/api/projects/{starter}", new { controls, folder = how == "folder" ? "My best" : null })).EnsureSuccessStatusCode();
        }

        using HttpResponseMessage signIn = await PostAsync(school, "sign-in", name, Password);
        Assert.Equal(HttpStatusCode.OK, signIn.StatusCode);
        Assert.Contains(starter, await ProjectsAsync(home));
        Assert.Equal(how == "saved" ? 1 : 0, (await home.GetAsync($"/api/projects/{starter}/saved"))["files"]!.AsArray().Count);
    }

    [Fact]
    public async Task An_account_that_is_over_its_space_after_a_sign_in_has_lost_nothing_and_is_told()
    {
        string name = NewName();
        using Visitor home = await SignedUpAsync(name);
        await ExecuteAsync($"update accounts set storage_quota = 50000 where id = '{home.Id}'");
        using Visitor school = await Fixture.NewVisitorAsync();
        Guid game = await school.FirstProjectAsync();
        (await school.SaveAsync(game, "big.bin", new byte[100_000])).EnsureSuccessStatusCode();

        using HttpResponseMessage signIn = await PostAsync(school, "sign-in", name, Password);
        JsonNode storage = (await Visitor.JsonOf(signIn, HttpStatusCode.OK))["storage"]!;
        Assert.Equal(50_000, storage["quota"]!.GetValue<long>());
        Assert.True(storage["used"]!.GetValue<long>() > 100_000);
        Assert.Equal(100_000, (await school.Http.GetByteArrayAsync(Visitor.FileUrl(game, "big.bin"))).Length);
        using (HttpResponseMessage larger = await school.SaveAsync(game, "big.bin", new byte[100_001]))
        {
            await Visitor.ProblemOf(larger, HttpStatusCode.RequestEntityTooLarge, "storage_full");
        }

        (await school.SaveAsync(game, "big.bin", new byte[1])).EnsureSuccessStatusCode();
    }

    [Theory]
    [InlineData("sign-in")]
    [InlineData("token")]
    public async Task A_name_of_code_points_that_are_no_characters_is_nobodys(string action)
    {
        using Visitor stranger = Visitor.Stranger(Fixture.Api.Address);
        using HttpResponseMessage answer = await PostAsync(stranger, action, "\uFFFE\uFFFF ab", Password);
        await Visitor.ProblemOf(answer, HttpStatusCode.Unauthorized, "wrong_name_or_password");
    }

    [Fact]
    public async Task Signing_in_as_somebody_else_moves_nothing_between_accounts()
    {
        string firstName = NewName();
        using Visitor first = await SignedUpAsync(firstName);
        using Visitor second = await SignedUpAsync(NewName());
        Guid secondsProject = await second.NewProjectAsync();
        string secondsCookie = second.Cookies.GetCookieHeader(Fixture.Api.Address);

        using HttpResponseMessage signIn = await PostAsync(second, "sign-in", firstName, Password);
        Assert.Equal(first.Id, (await Visitor.JsonOf(signIn, HttpStatusCode.OK))["id"]!.GetValue<Guid>());
        Assert.DoesNotContain(secondsProject, await ProjectsAsync(second));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfAsync("/api/projects", secondsCookie));
    }

    [Fact]
    public async Task Every_sign_in_gives_a_new_secret_and_signing_out_ends_it_on_the_server()
    {
        string name = NewName();
        using Visitor visitor = await SignedUpAsync(name);
        string first = visitor.Cookies.GetCookieHeader(Fixture.Api.Address);
        using (HttpResponseMessage again = await PostAsync(visitor, "sign-in", name, Password))
        {
            Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        }

        string second = visitor.Cookies.GetCookieHeader(Fixture.Api.Address);
        Assert.NotEqual(first, second);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfAsync("/api/projects", first));
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync("/api/projects", second));

        using HttpResponseMessage signOut = await visitor.Http.PostAsync("/api/account/sign-out", null);
        Assert.Equal(HttpStatusCode.NoContent, signOut.StatusCode);
        Assert.DoesNotContain(SignInCookie.Name, visitor.Cookies.GetCookieHeader(Fixture.Api.Address), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfAsync("/api/projects", second));
    }

    [Fact]
    public async Task A_guest_cannot_sign_out_because_nobody_could_find_its_games_again()
    {
        using Visitor visitor = await Fixture.NewVisitorAsync();
        using HttpResponseMessage response = await visitor.Http.PostAsync("/api/account/sign-out", null);
        await Visitor.ProblemOf(response, HttpStatusCode.Conflict, "guest_keeps_games");
        await visitor.FirstProjectAsync();
    }

    [Fact]
    public async Task A_new_password_ends_every_other_browser_and_token()
    {
        string name = NewName();
        using Visitor here = await SignedUpAsync(name);
        using Visitor there = Visitor.Stranger(Fixture.Api.Address);
        using (HttpResponseMessage signIn = await PostAsync(there, "sign-in", name, Password))
        {
            Assert.Equal(HttpStatusCode.OK, signIn.StatusCode);
        }

        string token = await TokenAsync(name, Password);
        using (HttpResponseMessage wrong = await ChangeAsync("wrong password", "four purple frogs"))
        {
            await Visitor.ProblemOf(wrong, HttpStatusCode.Forbidden, "wrong_password");
        }

        using (HttpResponseMessage changed = await ChangeAsync(Password, "four purple frogs"))
        {
            Assert.Equal(HttpStatusCode.NoContent, changed.StatusCode);
        }

        await here.FirstProjectAsync();
        using HttpResponseMessage elsewhere = await there.Http.GetAsync("/api/projects");
        Assert.Equal(HttpStatusCode.Unauthorized, elsewhere.StatusCode);
        using HttpClient program = Program(token);
        using HttpResponseMessage withdrawn = await program.GetAsync("/api/projects");
        await Visitor.ProblemOf(withdrawn, HttpStatusCode.Unauthorized, "bad_token");
        using HttpResponseMessage old = await PostAsync(there, "sign-in", name, Password);
        Assert.Equal(HttpStatusCode.Unauthorized, old.StatusCode);
        await TokenAsync(name, "four purple frogs");

        Task<HttpResponseMessage> ChangeAsync(string current, string wanted) =>
            here.Http.PostAsJsonAsync("/api/account/password", new { currentPassword = current, newPassword = wanted });
    }

    [Fact]
    public async Task A_program_with_a_token_needs_neither_cookie_nor_origin()
    {
        string name = NewName();
        using Visitor visitor = await SignedUpAsync(name);
        Guid project = await visitor.FirstProjectAsync();
        using HttpClient program = Program(await TokenAsync(name, Password));
        program.DefaultRequestHeaders.Add("Origin", "https://tool.example");

        Assert.Equal(visitor.Id, JsonNode.Parse(await program.GetStringAsync("/api/me"))!["id"]!.GetValue<Guid>());
        using HttpResponseMessage patched = await program.PatchAsJsonAsync($"/api/projects/{project}", new { name = "From afar" });
        Assert.Equal(HttpStatusCode.OK, patched.StatusCode);
        Assert.False(patched.Headers.Contains("Set-Cookie"));

        // With an invalid token in the same request, a valid cookie does not count, and no guest is created.
        using HttpClient bad = Program("not.a.token");
        bad.DefaultRequestHeaders.Add("Cookie", visitor.Cookies.GetCookieHeader(Fixture.Api.Address));
        foreach (string url in new[] { "/api/projects", "/api/me" })
        {
            using HttpResponseMessage response = await bad.GetAsync(url);
            await Visitor.ProblemOf(response, HttpStatusCode.Unauthorized, "bad_token");
            Assert.False(response.Headers.Contains("Set-Cookie"));
        }
    }
}
