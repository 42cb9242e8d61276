using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests who may have an account: the host's settings, invitations, and the first admin of a new server.</summary>
public sealed class SignUpModeTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const string Code = RunningApi.SetupCode;
    private const string Password = "three green frogs";

    [Fact]
    public async Task The_setup_code_makes_one_admin_who_invites_people_and_ends_invitations()
    {
        await using RunningApi api = await StartAsync("--SIGN_UP=invitation", "--GUEST_ACCOUNTS=off");
        using Visitor admin = Visitor.Stranger(api.Address);
        using (HttpResponseMessage guest = await admin.Http.PostAsync("/api/guests", null))
        {
            await Visitor.ProblemOf(guest, HttpStatusCode.Forbidden, "guests_off");
        }

        Assert.Equal(
            """{"signUp":"invitation","guests":false,"setUp":true,"provider":null}""",
            (await admin.GetAsync("/api/account/options")).ToJsonString());
        using (HttpResponseMessage wrong = await SetUpAsync(admin, Code[..^1]))
        {
            await Visitor.ProblemOf(wrong, HttpStatusCode.Forbidden, "wrong_setup_code");
        }

        using (HttpResponseMessage made = await SetUpAsync(admin, Code))
        {
            Assert.Equal("admin", (await Visitor.JsonOf(made, HttpStatusCode.OK))["role"]!.GetValue<string>());
        }

        Assert.Equal("admin", (await admin.GetAsync("/api/me"))["role"]!.GetValue<string>());
        Assert.False((await admin.GetAsync("/api/account/options"))["setUp"]!.GetValue<bool>());
        using Visitor second = Visitor.Stranger(api.Address);
        using (HttpResponseMessage late = await SetUpAsync(second, Code))
        {
            await Visitor.ProblemOf(late, HttpStatusCode.NotFound, "not_found");
        }

        using (HttpResponseMessage last = await admin.Http.PostAsJsonAsync("/api/account/delete", new { password = Password }))
        {
            await Visitor.ProblemOf(last, HttpStatusCode.Conflict, "last_admin");
        }

        // An invitation for two.
        (string id, string code) = await InviteAsync(admin, uses: 2);
        foreach (string typed in new[] { code, code.ToUpperInvariant().Replace('-', ' ') })
        {
            using HttpResponseMessage joined = await SignUpAsync(api, typed);
            Assert.Equal(HttpStatusCode.OK, joined.StatusCode);
        }

        // Used up; unknown; none; revoked; over: all refused with the same words.
        (string revoked, string revokedCode) = await InviteAsync(admin, uses: 5);
        (await admin.Http.DeleteAsync($"/api/admin/invitations/{revoked}")).EnsureSuccessStatusCode();
        foreach (string? bad in new[] { code, "abcd-efgh-jkmn", null, "", revokedCode, code + "x" })
        {
            using HttpResponseMessage refused = await SignUpAsync(api, bad);
            await Visitor.ProblemOf(refused, HttpStatusCode.Forbidden, "bad_invitation");
        }

        JsonArray list = (await admin.GetAsync("/api/admin/invitations")).AsArray();
        Assert.Equal(2, list.Single(one => one!["id"]!.GetValue<string>() == id)!["uses"]!.GetValue<int>());
        Assert.DoesNotContain(code, list.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(code, (await admin.GetAsync("/api/admin/audit")).ToJsonString(), StringComparison.Ordinal);
        foreach (object impossible in new object[]
        {
            new { uses = 0, days = 1 }, new { uses = 1, days = 1, note = "for \u202Ec7" }, new { uses = 1, days = 1, note = "\uFFFE" },
        })
        {
            using HttpResponseMessage terms = await admin.Http.PostAsJsonAsync("/api/admin/invitations", impossible);
            await Visitor.ProblemOf(terms, HttpStatusCode.BadRequest, "bad_invitation_terms");
        }

        using HttpResponseMessage gone = await admin.Http.DeleteAsync($"/api/admin/invitations/{Guid.NewGuid()}");
        await Visitor.ProblemOf(gone, HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task An_invitation_is_not_used_up_by_a_sign_up_that_fails_nor_by_two_at_once()
    {
        await using RunningApi api = await StartAsync("--SIGN_UP=invitation");
        using Visitor admin = await Visitor.ArriveAsync(api.Address);
        (await SetUpAsync(admin, Code)).EnsureSuccessStatusCode();
        (_, string code) = await InviteAsync(admin, uses: 1);
        using Visitor pupil = await Visitor.ArriveAsync(api.Address);
        using (HttpResponseMessage taken = await pupil.Http.PostAsJsonAsync(
            "/api/account/sign-up", new { name = "first admin", password = Password, invitation = code }))
        {
            await Visitor.ProblemOf(taken, HttpStatusCode.Conflict, "name_taken");
        }

        HttpResponseMessage[] both = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            using Visitor one = await Visitor.ArriveAsync(api.Address);
            return await one.Http.PostAsJsonAsync(
                "/api/account/sign-up", new { name = $"p{Guid.NewGuid():N}"[..16], password = Password, invitation = code });
        }));
        Assert.Equal(1, both.Count(static one => one.StatusCode == HttpStatusCode.OK));
        Assert.Equal(3, both.Count(static one => one.StatusCode == HttpStatusCode.Forbidden));
    }

    [Fact]
    public async Task Closed_means_closed_and_guests_still_play()
    {
        await using RunningApi api = await StartAsync("--SIGN_UP=closed");
        using Visitor guest = await Visitor.ArriveAsync(api.Address);
        await guest.FirstProjectAsync();
        using HttpResponseMessage refused = await guest.Http.PostAsJsonAsync(
            "/api/account/sign-up", new { name = $"p{Guid.NewGuid():N}"[..16], password = Password, invitation = "abcd-efgh-jkmn" });
        await Visitor.ProblemOf(refused, HttpStatusCode.Forbidden, "sign_up_closed");

        // The menu of the page offers no sign-up.
        Assert.Equal("closed", (await guest.GetAsync("/api/info"))["signUp"]!.GetValue<string>());
    }

    [Fact]
    public async Task Without_a_code_there_is_no_set_up()
    {
        // Development generates a code; production has none unless the operator gives one.
        await using RunningApi api = await RunningApi.StartAsync(
            await fixture.CreateDatabaseAsync(), fixture.Executor.Address, "--environment=Production", "--SETUP_CODE=");
        await api.WaitUntilHealthyAsync();
        using Visitor stranger = Visitor.Stranger(api.Address);
        Assert.False((await stranger.GetAsync("/api/account/options"))["setUp"]!.GetValue<bool>());
        using HttpResponseMessage refused = await SetUpAsync(stranger, "");
        await Visitor.ProblemOf(refused, HttpStatusCode.NotFound, "not_found");
    }

    private async Task<RunningApi> StartAsync(params string[] settings)
    {
        RunningApi api = await RunningApi.StartAsync(await fixture.CreateDatabaseAsync(), fixture.Executor.Address, settings);
        await api.WaitUntilHealthyAsync();
        return api;
    }

    private static Task<HttpResponseMessage> SetUpAsync(Visitor visitor, string code) =>
        visitor.Http.PostAsJsonAsync("/api/account/set-up", new { code, name = "First Admin", password = Password });

    private static async Task<HttpResponseMessage> SignUpAsync(RunningApi api, string? invitation)
    {
        using Visitor visitor = Visitor.Stranger(api.Address);
        return await visitor.Http.PostAsJsonAsync(
            "/api/account/sign-up", new { name = $"p{Guid.NewGuid():N}"[..16], password = Password, invitation });
    }

    private static async Task<(string Id, string Code)> InviteAsync(Visitor admin, int uses)
    {
        using HttpResponseMessage made = await admin.Http.PostAsJsonAsync("/api/admin/invitations", new { uses, days = 7, note = "5b" });
        JsonNode invitation = await Visitor.JsonOf(made, HttpStatusCode.Created);
        return (invitation["id"]!.GetValue<string>(), invitation["code"]!.GetValue<string>());
    }
}
