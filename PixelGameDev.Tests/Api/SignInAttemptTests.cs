using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.Security.Authentication;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests that guessing a password does not work, and that nobody can lock another person out.</summary>
public sealed class SignInAttemptTests(ApiFixture fixture) : AccountTestBase(fixture)
{
    [Fact]
    public async Task An_unknown_name_and_a_wrong_password_are_one_answer_and_one_amount_of_work()
    {
        string name = NewName();
        using Visitor visitor = await SignedUpAsync(name);
        using Visitor stranger = Visitor.Stranger(Fixture.Api.Address);

        using HttpResponseMessage wrong = await PostAsync(stranger, "sign-in", name, "not the password");
        using HttpResponseMessage unknown = await PostAsync(stranger, "sign-in", NewName(), "not the password");
        using HttpResponseMessage impossible = await PostAsync(stranger, "sign-in", "\0<nobody>", "not the password");
        string expected = WithoutTrace(await Visitor.ProblemOf(wrong, HttpStatusCode.Unauthorized, "wrong_name_or_password"));
        foreach (HttpResponseMessage other in new[] { unknown, impossible })
        {
            Assert.Equal(expected, WithoutTrace(await Visitor.ProblemOf(other, HttpStatusCode.Unauthorized, "wrong_name_or_password")));
            Assert.Equal(HeadersOf(wrong), HeadersOf(other));
        }

        // For an unknown name the server computes the same kind of hash with the same number of rounds.
        byte[] real = Convert.FromBase64String(await ScalarAsync<string>($"select password_hash from accounts where id = '{visitor.Id}'"));
        byte[] nobodys = Convert.FromBase64String(Passwords.CreateDummyHash());
        Assert.Equal(real.Length, nobodys.Length);
        Assert.Equal(real[..13], nobodys[..13]);
        Assert.Equal(
            PasswordVerificationResult.Failed,
            await Fixture.Api.Services.GetRequiredService<Passwords>().VerifyAsync(null, "anything", CancellationToken.None));

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
        using Visitor stranger = Visitor.Stranger(Fixture.Api.Address);

        foreach (string tried in new[] { name, unknown })
        {
            // All attempts come at once. The server counts an attempt before it checks the password.
            HttpStatusCode[] answers = await Task.WhenAll(Enumerable.Range(0, SignInAttempts.MaxAttempts + 4).Select(async i =>
            {
                using HttpResponseMessage response = await PostAsync(stranger, "sign-in", tried.ToUpperInvariant(), $"wrong password {i}");
                return response.StatusCode;
            }));
            Assert.Equal(SignInAttempts.MaxAttempts, answers.Count(status => status == HttpStatusCode.Unauthorized));
            Assert.Equal(4, answers.Count(status => status == HttpStatusCode.TooManyRequests));
        }

        // Now the right password fails too, on every way to sign in. Otherwise guessing could go on.
        using (HttpResponseMessage locked = await PostAsync(stranger, "sign-in", name, Password))
        {
            await Visitor.ProblemOf(locked, HttpStatusCode.TooManyRequests, "too_many_attempts");
            Assert.InRange(locked.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), SignInAttempts.Window);
        }

        using (HttpResponseMessage locked = await PostAsync(stranger, "token", name, Password))
        {
            await Visitor.ProblemOf(locked, HttpStatusCode.TooManyRequests, "too_many_attempts");
        }

        // A signed-in browser stays signed in.
        Assert.Equal(name, (await visitor.GetAsync("/api/me"))["name"]!.GetValue<string>());

        await ExecuteAsync("update sign_in_attempts set since = since - interval '16 minutes'");
        using HttpResponseMessage open = await PostAsync(stranger, "sign-in", name, Password);
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
    }

    /// <summary>Tests that a pupil who types wrong passwords for the teacher's name locks out only the pupil.</summary>
    [Fact]
    public async Task Nobody_can_lock_a_person_out_of_the_browser_they_use_or_from_elsewhere()
    {
        string name = NewName();
        using Visitor teacher = await SignedUpAsync(name);
        using Visitor pupil = Visitor.Stranger(Fixture.Api.Address);
        for (int i = 0; i <= SignInAttempts.MaxAttempts; i++)
        {
            using HttpResponseMessage wrong = await PostAsync(pupil, "sign-in", name, $"wrong password {i}");
            Assert.Equal(i < SignInAttempts.MaxAttempts ? HttpStatusCode.Unauthorized : HttpStatusCode.TooManyRequests, wrong.StatusCode);
        }

        // The same address, but a browser that has signed in with this name before.
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
        using Visitor elsewhere = Visitor.Stranger(Fixture.Api.Address);
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

        // The server ignores a mark that it has not made. The attempts count for the address.
        using Visitor forger = Visitor.Stranger(Fixture.Api.Address);
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
        using Visitor stranger = Visitor.Stranger(Fixture.Api.Address);
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
}
