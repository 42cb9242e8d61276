using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.Administration;
using PixelGameDev.Api.Security.Authentication;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

public sealed class AccountTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const string Password = "three green frogs";

    [Fact]
    public async Task A_guest_who_signs_up_keeps_id_and_projects_and_gets_a_new_secret()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid project = await visitor.FirstProjectAsync();
        string guestsCookie = visitor.Cookies.GetCookieHeader(fixture.Api.Address);

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
        using Visitor second = await fixture.NewVisitorAsync();
        // Capital, decomposed and full-width letters.
        foreach (string same in new[] { $"ZOË {unique.ToUpperInvariant()}", $"zoe\u0308 {unique}", $"ｚoë {unique}" })
        {
            using HttpResponseMessage response = await PostAsync(second, "sign-up", same, Password);
            await Visitor.ProblemOf(response, HttpStatusCode.Conflict, "name_taken");
        }

        Assert.True((await second.GetAsync("/api/me"))["guest"]!.GetValue<bool>());
        using Visitor other = Visitor.Stranger(fixture.Api.Address);
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
    [InlineData(null, Password, "name_length")]
    [InlineData("fine", "short", "password_length")]
    [InlineData("fine", null, "password_length")]
    [InlineData("fine", "aaaaaaaaaa", "password_simple")]
    [InlineData("fine", "Password123", "password_simple")]
    [InlineData("Long Enough", "long enough", "password_simple")]
    public async Task What_breaks_a_rule_is_refused_with_the_rule(string? name, string? password, string code)
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        using HttpResponseMessage response = await PostAsync(visitor, "sign-up", name, password);
        await Visitor.ProblemOf(response, HttpStatusCode.BadRequest, code);
        Assert.True((await visitor.GetAsync("/api/me"))["guest"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Signing_in_brings_along_what_the_guest_made_and_not_its_untouched_starter()
    {
        string name = NewName();
        using Visitor home = await SignedUpAsync(name);
        Guid atHome = await home.FirstProjectAsync();

        using Visitor school = await fixture.NewVisitorAsync();
        string guestsCookie = school.Cookies.GetCookieHeader(fixture.Api.Address);
        Guid starter = await school.FirstProjectAsync();
        Guid made = await school.NewProjectAsync();
        using (HttpResponseMessage signIn = await PostAsync(school, "sign-in", name, Password))
        {
            Assert.Equal(home.Id, (await Visitor.JsonOf(signIn, HttpStatusCode.OK))["id"]!.GetValue<Guid>());
        }

        Assert.Equal([atHome, made], (await ProjectsAsync(school)).Order());
        Assert.DoesNotContain(starter, await ProjectsAsync(home));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfAsync("/api/projects", guestsCookie));

        // A starter that was played with is something made.
        using Visitor friend = await fixture.NewVisitorAsync();
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

    [Fact]
    public async Task Signing_in_as_somebody_else_moves_nothing_between_accounts()
    {
        string firstName = NewName();
        using Visitor first = await SignedUpAsync(firstName);
        using Visitor second = await SignedUpAsync(NewName());
        Guid secondsProject = await second.NewProjectAsync();
        string secondsCookie = second.Cookies.GetCookieHeader(fixture.Api.Address);

        using HttpResponseMessage signIn = await PostAsync(second, "sign-in", firstName, Password);
        Assert.Equal(first.Id, (await Visitor.JsonOf(signIn, HttpStatusCode.OK))["id"]!.GetValue<Guid>());
        Assert.DoesNotContain(secondsProject, await ProjectsAsync(second));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfAsync("/api/projects", secondsCookie));
    }

    [Fact]
    public async Task An_unknown_name_and_a_wrong_password_are_one_answer_and_one_amount_of_work()
    {
        string name = NewName();
        using Visitor visitor = await SignedUpAsync(name);
        using Visitor stranger = Visitor.Stranger(fixture.Api.Address);

        using HttpResponseMessage wrong = await PostAsync(stranger, "sign-in", name, "not the password");
        using HttpResponseMessage unknown = await PostAsync(stranger, "sign-in", NewName(), "not the password");
        using HttpResponseMessage impossible = await PostAsync(stranger, "sign-in", "\0<nobody>", "not the password");
        string expected = WithoutTrace(await Visitor.ProblemOf(wrong, HttpStatusCode.Unauthorized, "wrong_name_or_password"));
        foreach (HttpResponseMessage other in new[] { unknown, impossible })
        {
            Assert.Equal(expected, WithoutTrace(await Visitor.ProblemOf(other, HttpStatusCode.Unauthorized, "wrong_name_or_password")));
            Assert.Equal(HeadersOf(wrong), HeadersOf(other));
        }

        // The same kind of hash with the same number of rounds is computed for nobody.
        byte[] real = Convert.FromBase64String(await ScalarAsync<string>($"select password_hash from accounts where id = '{visitor.Id}'"));
        byte[] nobodys = Convert.FromBase64String(Passwords.CreateDummyHash());
        Assert.Equal(real.Length, nobodys.Length);
        Assert.Equal(real[..13], nobodys[..13]);
        Assert.Equal(
            PasswordVerificationResult.Failed,
            await fixture.Api.Services.GetRequiredService<Passwords>().VerifyAsync(null, "anything", CancellationToken.None));

        static string WithoutTrace(JsonNode problem)
        {
            problem.AsObject().Remove("traceId");
            return problem.ToJsonString();
        }

        static IEnumerable<string> HeadersOf(HttpResponseMessage response) =>
            response.Headers.Select(header => header.Key).Where(key => key != "Date").Order();
    }

    [Fact]
    public async Task A_name_is_locked_after_ten_tries_known_or_not_and_opens_when_the_time_is_over()
    {
        string name = NewName();
        string unknown = NewName();
        using Visitor visitor = await SignedUpAsync(name);
        using Visitor stranger = Visitor.Stranger(fixture.Api.Address);

        foreach (string tried in new[] { name, unknown })
        {
            // All at once: attempts are counted before they are looked at.
            HttpStatusCode[] answers = await Task.WhenAll(Enumerable.Range(0, SignInAttempts.MaxAttempts + 4).Select(async i =>
            {
                using HttpResponseMessage response = await PostAsync(stranger, "sign-in", tried.ToUpperInvariant(), $"wrong password {i}");
                return response.StatusCode;
            }));
            Assert.Equal(SignInAttempts.MaxAttempts, answers.Count(status => status == HttpStatusCode.Unauthorized));
            Assert.Equal(4, answers.Count(status => status == HttpStatusCode.TooManyRequests));
        }

        // Now the right password does not help either, on no way in, or guessing could go on.
        using (HttpResponseMessage locked = await PostAsync(stranger, "sign-in", name, Password))
        {
            await Visitor.ProblemOf(locked, HttpStatusCode.TooManyRequests, "too_many_attempts");
            Assert.InRange(locked.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), SignInAttempts.Window);
        }

        using (HttpResponseMessage locked = await PostAsync(stranger, "token", name, Password))
        {
            await Visitor.ProblemOf(locked, HttpStatusCode.TooManyRequests, "too_many_attempts");
        }

        // Who is signed in stays so.
        Assert.Equal(name, (await visitor.GetAsync("/api/me"))["name"]!.GetValue<string>());

        await ExecuteAsync("update sign_in_attempts set since = since - interval '16 minutes'");
        using HttpResponseMessage open = await PostAsync(stranger, "sign-in", name, Password);
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
    }

    /// <summary>A pupil who types wrong passwords for the teacher's name all day locks out nobody but the pupil.</summary>
    [Fact]
    public async Task Nobody_can_lock_a_person_out_of_the_browser_they_use_or_from_elsewhere()
    {
        string name = NewName();
        using Visitor teacher = await SignedUpAsync(name);
        using Visitor pupil = Visitor.Stranger(fixture.Api.Address);
        for (int i = 0; i <= SignInAttempts.MaxAttempts; i++)
        {
            using HttpResponseMessage wrong = await PostAsync(pupil, "sign-in", name, $"wrong password {i}");
            Assert.Equal(i < SignInAttempts.MaxAttempts ? HttpStatusCode.Unauthorized : HttpStatusCode.TooManyRequests, wrong.StatusCode);
        }

        // The same address, but a browser in which this name has signed in before.
        using (HttpResponseMessage own = await PostAsync(teacher, "sign-in", name, Password))
        {
            Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        }

        using (HttpResponseMessage changed = await teacher.Http.PostAsJsonAsync(
            "/api/account/password", new { currentPassword = Password, newPassword = "eleven tall giraffes" }))
        {
            Assert.Equal(HttpStatusCode.NoContent, changed.StatusCode);
        }

        // Another browser at another address.
        using Visitor elsewhere = Visitor.Stranger(fixture.Api.Address);
        elsewhere.Http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");
        using HttpResponseMessage home = await PostAsync(elsewhere, "sign-in", name, "eleven tall giraffes");
        Assert.Equal(HttpStatusCode.OK, home.StatusCode);
    }

    [Fact]
    public async Task A_stolen_or_forged_mark_of_a_browser_gives_few_tries_too()
    {
        string name = NewName();
        using Visitor visitor = await SignedUpAsync(name);
        for (int i = 0; i <= SignInAttempts.MaxAttempts; i++)
        {
            using HttpResponseMessage wrong = await PostAsync(visitor, "sign-in", name, $"wrong password {i}");
            Assert.Equal(i < SignInAttempts.MaxAttempts ? HttpStatusCode.Unauthorized : HttpStatusCode.TooManyRequests, wrong.StatusCode);
        }

        // A mark that this server has not made counts as none: the tries are those of the address.
        using Visitor forger = Visitor.Stranger(fixture.Api.Address);
        for (int i = 0; i <= SignInAttempts.MaxAttempts; i++)
        {
            using HttpRequestMessage request = new(HttpMethod.Post, "/api/account/sign-in")
            {
                Content = JsonContent.Create(new { name, password = "guess" }),
            };
            request.Headers.Add("Cookie", $"{DeviceCookie.Name}={new string((char)('A' + i), 32)}");
            using HttpResponseMessage wrong = await forger.Http.SendAsync(request);
            Assert.Equal(i < SignInAttempts.MaxAttempts ? HttpStatusCode.Unauthorized : HttpStatusCode.TooManyRequests, wrong.StatusCode);
        }
    }

    [Fact]
    public async Task Signing_in_right_starts_the_count_anew()
    {
        string name = NewName();
        using Visitor visitor = await SignedUpAsync(name);
        using Visitor stranger = Visitor.Stranger(fixture.Api.Address);
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < SignInAttempts.MaxAttempts - 1; i++)
            {
                using HttpResponseMessage wrong = await PostAsync(stranger, "sign-in", name, "not the password");
                Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
            }

            using HttpResponseMessage right = await PostAsync(stranger, "sign-in", name, Password);
            Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        }
    }

    [Fact]
    public async Task Every_sign_in_gives_a_new_secret_and_signing_out_ends_it_on_the_server()
    {
        string name = NewName();
        using Visitor visitor = await SignedUpAsync(name);
        string first = visitor.Cookies.GetCookieHeader(fixture.Api.Address);
        using (HttpResponseMessage again = await PostAsync(visitor, "sign-in", name, Password))
        {
            Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        }

        string second = visitor.Cookies.GetCookieHeader(fixture.Api.Address);
        Assert.NotEqual(first, second);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfAsync("/api/projects", first));
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync("/api/projects", second));

        using HttpResponseMessage signOut = await visitor.Http.PostAsync("/api/account/sign-out", null);
        Assert.Equal(HttpStatusCode.NoContent, signOut.StatusCode);
        Assert.DoesNotContain(SignInCookie.Name, visitor.Cookies.GetCookieHeader(fixture.Api.Address), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfAsync("/api/projects", second));
    }

    [Fact]
    public async Task A_guest_cannot_sign_out_because_nobody_could_find_its_games_again()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        using HttpResponseMessage response = await visitor.Http.PostAsync("/api/account/sign-out", null);
        await Visitor.ProblemOf(response, HttpStatusCode.Conflict, "guest_keeps_games");
        await visitor.FirstProjectAsync();
    }

    [Fact]
    public async Task A_new_password_ends_every_other_browser_and_token()
    {
        string name = NewName();
        using Visitor here = await SignedUpAsync(name);
        using Visitor there = Visitor.Stranger(fixture.Api.Address);
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

        // Beside a token that is bad, a good cookie does not count, and nobody new is made either.
        using HttpClient bad = Program("not.a.token");
        bad.DefaultRequestHeaders.Add("Cookie", visitor.Cookies.GetCookieHeader(fixture.Api.Address));
        foreach (string url in new[] { "/api/projects", "/api/me" })
        {
            using HttpResponseMessage response = await bad.GetAsync(url);
            await Visitor.ProblemOf(response, HttpStatusCode.Unauthorized, "bad_token");
            Assert.False(response.Headers.Contains("Set-Cookie"));
        }
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

        Assert.Equal(1, await MakeAdmin.RunAsync(fixture.Api.Services, "Nobody At All"));
        Assert.Equal(0, await MakeAdmin.RunAsync(fixture.Api.Services, name.ToUpperInvariant()));

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

        using Visitor guest = await fixture.NewVisitorAsync();
        using HttpResponseMessage guests = await admin.Http.PutAsJsonAsync($"/api/admin/accounts/{guest.Id}/role", new { role = "admin" });
        await Visitor.ProblemOf(guests, HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task An_admin_sees_what_runs()
    {
        using Visitor player = await fixture.NewVisitorAsync();
        Guid project = await player.FirstProjectAsync();
        using HttpResponseMessage started = await player.Http.PostAsJsonAsync("/api/sessions", new { projectId = project });
        Guid session = (await Visitor.JsonOf(started, HttpStatusCode.Created))["id"]!.GetValue<Guid>();

        string name = NewName();
        using Visitor admin = await SignedUpAsync(name);
        await MakeAdmin.RunAsync(fixture.Api.Services, name);
        JsonArray running = (await admin.GetAsync("/api/admin/sessions")).AsArray();
        JsonNode seen = Assert.Single(running, one => one!["id"]!.GetValue<Guid>() == session)!;
        Assert.Equal(player.Id, seen["accountId"]!.GetValue<Guid>());
    }

    [Fact]
    public async Task A_body_that_is_no_credentials_is_refused()
    {
        using Visitor stranger = Visitor.Stranger(fixture.Api.Address);
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

    private static string NewName() => $"p{Guid.NewGuid():N}"[..16];

    private static Task<HttpResponseMessage> PostAsync(Visitor visitor, string action, string? name, string? password) =>
        visitor.Http.PostAsJsonAsync($"/api/account/{action}", new { name, password });

    private static async Task<IReadOnlyList<Guid>> ProjectsAsync(Visitor visitor) =>
        [.. (await visitor.GetAsync("/api/projects")).AsArray().Select(project => project!["id"]!.GetValue<Guid>())];

    private static async Task<IReadOnlyList<JsonNode>> AccountsAsync(Visitor admin)
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

    private async Task<Visitor> SignedUpAsync(string name)
    {
        Visitor visitor = await fixture.NewVisitorAsync();
        using HttpResponseMessage response = await PostAsync(visitor, "sign-up", name, Password);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return visitor;
    }

    private async Task<string> TokenAsync(string name, string password)
    {
        using Visitor stranger = Visitor.Stranger(fixture.Api.Address);
        using HttpResponseMessage response = await PostAsync(stranger, "token", name, password);
        JsonNode answer = await Visitor.JsonOf(response, HttpStatusCode.OK);
        Assert.Equal("Bearer", answer["tokenType"]!.GetValue<string>());
        Assert.True(response.Headers.CacheControl!.NoStore);
        return answer["token"]!.GetValue<string>();
    }

    private HttpClient Program(string token)
    {
        HttpClient client = new(new SocketsHttpHandler { UseCookies = false, UseProxy = false }) { BaseAddress = fixture.Api.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private async Task<HttpStatusCode> StatusOfAsync(string url, string cookie)
    {
        using HttpClient client =
            new(new SocketsHttpHandler { UseCookies = false, UseProxy = false }) { BaseAddress = fixture.Api.Address };
        client.DefaultRequestHeaders.Add("Cookie", cookie);
        using HttpResponseMessage response = await client.GetAsync(url);
        return response.StatusCode;
    }

    private async Task<T> ScalarAsync<T>(string sql)
    {
        await using NpgsqlConnection connection = new(fixture.ConnectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using NpgsqlConnection connection = new(fixture.ConnectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
