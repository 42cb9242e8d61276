using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Npgsql;
using PixelGameDev.Api.Administration;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests what admins and teachers do: find people, reset passwords, remove accounts, stop games, and what is recorded.</summary>
public sealed class AdministrationTests(ApiFixture fixture) : AccountTestBase(fixture)
{
    [Fact]
    public async Task People_are_found_by_the_first_letters_of_their_name_page_by_page()
    {
        using Visitor admin = await AdminAsync();
        string family = $"zz{Guid.NewGuid():N}"[..12];
        // More than a page, written as sign-up would.
        await ExecuteAsync(
            $"""
            insert into accounts (id, name, name_key, guest, password_hash)
            select gen_random_uuid(), 'Z{family[1..]} ' || n, '{family} ' || n, false, 'x' from generate_series(100, 249) n
            """);
        List<string> names = [];
        string? after = null;
        do
        {
            JsonNode page = await admin.GetAsync(
                $"/api/admin/people?search={family.ToUpperInvariant()}{(after is null ? "" : $"&after={Uri.EscapeDataString(after)}")}");
            names.AddRange(page["people"]!.AsArray().Select(static one => one!["name"]!.GetValue<string>()));
            after = page["next"]?.GetValue<string>();
        }
        while (after is not null);

        Assert.Equal(Enumerable.Range(100, 150).Select(n => $"Z{family[1..]} {n}"), names);
        Assert.Empty((await admin.GetAsync($"/api/admin/people?search={family}&role=teacher"))["people"]!.AsArray());
        Assert.Empty((await admin.GetAsync("/api/admin/people?search=%00"))["people"]!.AsArray());
        Assert.Empty((await admin.GetAsync("/api/admin/people?search=%EF%BF%BE"))["people"]!.AsArray());
        Assert.Empty((await admin.GetAsync($"/api/admin/people?search={family}%25"))["people"]!.AsArray());
        using HttpResponseMessage unknown = await admin.Http.GetAsync("/api/admin/people?role=king");
        await Visitor.ProblemOf(unknown, HttpStatusCode.BadRequest, "no_such_role");
    }

    [Fact]
    public async Task A_forgotten_password_is_replaced_by_one_that_works_once()
    {
        using Visitor admin = await AdminAsync();
        string name = NewName();
        using Visitor pupil = await SignedUpAsync(name);
        Guid game = await pupil.FirstProjectAsync();
        using HttpClient program = Program(await TokenAsync(name, Password));

        using HttpResponseMessage reset = await admin.Http.PostAsync($"/api/admin/accounts/{pupil.Id}/reset-password", null);
        JsonNode card = await Visitor.JsonOf(reset, HttpStatusCode.OK);
        Assert.Equal(name, card["name"]!.GetValue<string>());
        Assert.True(reset.Headers.CacheControl!.NoStore);
        string oneTime = card["password"]!.GetValue<string>();
        Assert.Matches("^[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}$", oneTime);

        // Nothing that was signed in before stays signed in, and the old password is over.
        Assert.Equal(HttpStatusCode.Unauthorized, (await pupil.Http.GetAsync("/api/projects")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await program.GetAsync("/api/projects")).StatusCode);
        using Visitor school = Visitor.Stranger(Fixture.Api.Address);
        using (HttpResponseMessage old = await PostAsync(school, "sign-in", name, Password))
        {
            await Visitor.ProblemOf(old, HttpStatusCode.Unauthorized, "wrong_name_or_password");
        }

        // The one-time password opens nothing by itself.
        foreach (string action in new[] { "sign-in", "token" })
        {
            using HttpResponseMessage alone = await PostAsync(school, action, name, oneTime);
            await Visitor.ProblemOf(alone, HttpStatusCode.Forbidden, "new_password_needed");
        }

        using (HttpResponseMessage same = await ExchangeAsync(school, name, oneTime, oneTime))
        {
            await Visitor.ProblemOf(same, HttpStatusCode.Forbidden, "new_password_needed");
        }

        using (HttpResponseMessage weak = await ExchangeAsync(school, name, oneTime, "password"))
        {
            await Visitor.ProblemOf(weak, HttpStatusCode.BadRequest, "password_simple");
        }

        using (HttpResponseMessage chosen = await ExchangeAsync(school, name, oneTime, "nine quiet whales"))
        {
            Assert.Equal(pupil.Id, (await Visitor.JsonOf(chosen, HttpStatusCode.OK))["id"]!.GetValue<Guid>());
        }

        Assert.Contains(game, await ProjectsAsync(school));
        using Visitor thief = Visitor.Stranger(Fixture.Api.Address);
        using (HttpResponseMessage again = await ExchangeAsync(thief, name, oneTime, "four lazy lions"))
        {
            await Visitor.ProblemOf(again, HttpStatusCode.Unauthorized, "wrong_name_or_password");
        }

        // One that nobody used in time is over, too.
        using HttpResponseMessage second = await admin.Http.PostAsync($"/api/admin/accounts/{pupil.Id}/reset-password", null);
        string late = (await Visitor.JsonOf(second, HttpStatusCode.OK))["password"]!.GetValue<string>();
        await ExecuteAsync($"update accounts set one_time_until = now() - interval '1 second' where id = '{pupil.Id}'");
        using HttpResponseMessage expired = await ExchangeAsync(thief, name, late, "four lazy lions");
        await Visitor.ProblemOf(expired, HttpStatusCode.Forbidden, "one_time_password_expired");

        // The log knows what happened, and no password.
        JsonArray log = (await admin.GetAsync("/api/admin/audit")).AsArray();
        Assert.Equal(2, log.Count(one => one!["action"]!.GetValue<string>() == "reset_password"
            && one["targetId"]?.GetValue<Guid>() == pupil.Id && one["actorId"]!.GetValue<Guid>() == admin.Id));
        Assert.DoesNotContain(oneTime, log.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(late, log.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_teacher_helps_pupils_and_nobody_else()
    {
        using Visitor admin = await AdminAsync();
        string family = NewName();
        using Visitor pupil = await SignedUpAsync($"{family} p");
        using Visitor teacher = await SignedUpAsync($"{family} t");
        using Visitor colleague = await SignedUpAsync($"{family} c");
        foreach (Visitor one in new[] { teacher, colleague })
        {
            (await admin.Http.PutAsJsonAsync($"/api/admin/accounts/{one.Id}/role", new { role = "teacher" })).EnsureSuccessStatusCode();
        }

        JsonArray seen = (await teacher.GetAsync($"/api/admin/people?search={family}"))["people"]!.AsArray();
        Assert.Equal(pupil.Id, Assert.Single(seen)!["id"]!.GetValue<Guid>());
        Assert.Empty((await teacher.GetAsync($"/api/admin/people?search={family}&role=admin"))["people"]!.AsArray());
        (await teacher.Http.PostAsync($"/api/admin/accounts/{pupil.Id}/reset-password", null)).EnsureSuccessStatusCode();
        foreach (Visitor other in new[] { colleague, admin })
        {
            using HttpResponseMessage refused = await teacher.Http.PostAsync($"/api/admin/accounts/{other.Id}/reset-password", null);
            await Visitor.ProblemOf(refused, HttpStatusCode.NotFound, "not_found");
            // Still signed in.
            await other.GetAsync("/api/me");
        }

        using HttpResponseMessage own = await teacher.Http.PostAsync($"/api/admin/accounts/{teacher.Id}/reset-password", null);
        await Visitor.ProblemOf(own, HttpStatusCode.Conflict, "own_account");
    }

    [Fact]
    public async Task An_admin_stops_a_game_and_removes_an_account_and_both_are_recorded()
    {
        using Visitor admin = await AdminAsync();
        using Visitor player = await SignedUpAsync(NewName());
        Guid project = await player.FirstProjectAsync();
        using HttpResponseMessage started = await player.Http.PostAsJsonAsync("/api/sessions", new { projectId = project });
        Guid session = (await Visitor.JsonOf(started, HttpStatusCode.Created))["id"]!.GetValue<Guid>();

        using HttpResponseMessage stopped = await admin.Http.PostAsync($"/api/admin/sessions/{session}/stop", null);
        Assert.Equal(HttpStatusCode.Accepted, stopped.StatusCode);
        Assert.Contains(session, Fixture.Executor.Stopped);
        using HttpResponseMessage unknown = await admin.Http.PostAsync($"/api/admin/sessions/{Guid.NewGuid()}/stop", null);
        await Visitor.ProblemOf(unknown, HttpStatusCode.NotFound, "not_found");

        using (HttpResponseMessage own = await admin.Http.DeleteAsync($"/api/admin/accounts/{admin.Id}"))
        {
            await Visitor.ProblemOf(own, HttpStatusCode.Conflict, "own_account");
        }

        (await admin.Http.DeleteAsync($"/api/admin/accounts/{player.Id}")).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.Unauthorized, (await player.Http.GetAsync("/api/me")).StatusCode);
        Assert.Equal(0L, await ScalarAsync<long>($"select count(*) from accounts where id = '{player.Id}'"));

        JsonArray log = (await admin.GetAsync("/api/admin/audit")).AsArray();
        foreach (string action in new[] { "stop_session", "remove_account" })
        {
            JsonNode entry = Assert.Single(log, one => one!["action"]!.GetValue<string>() == action
                && one["targetId"]?.GetValue<Guid>() == player.Id)!;
            Assert.Null(entry["targetName"]);
        }

        long oldest = log[^1]!["id"]!.GetValue<long>();
        Assert.All((await admin.GetAsync($"/api/admin/audit?before={oldest + 1}")).AsArray(), one =>
            Assert.True(one!["id"]!.GetValue<long>() <= oldest));
        JsonNode overview = await admin.GetAsync("/api/admin/overview");
        Assert.True(overview["accounts"]!.GetValue<int>() >= 1);
        Assert.Equal("open", overview["limits"]!["signUp"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_account_that_is_removed_by_several_requests_at_once_is_removed_once()
    {
        using Visitor admin = await AdminAsync();
        using Visitor player = await SignedUpAsync(NewName());
        string url = $"/api/admin/accounts/{player.Id}";
        Task<HttpResponseMessage> first;
        await using (NpgsqlConnection connection = new(Fixture.ConnectionString))
        {
            // Holds the first deletion in the middle: the account is closed, its projects are still there.
            await connection.OpenAsync();
            await using NpgsqlTransaction held = await connection.BeginTransactionAsync();
            await using NpgsqlCommand hold = new("select from projects where owner_id = $1 for update", connection, held)
            {
                Parameters = { new() { Value = player.Id } },
            };
            await hold.ExecuteNonQueryAsync();
            first = admin.Http.DeleteAsync(url);
            await Eventually.TrueAsync(
                () => ScalarAsync<bool>($"select guest from accounts where id = '{player.Id}'"), "the account is closed");
            using HttpResponseMessage second = await admin.Http.DeleteAsync(url);
            await Visitor.ProblemOf(second, HttpStatusCode.NotFound, "not_found");
        }

        using HttpResponseMessage removed = await first;
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Single((await admin.GetAsync("/api/admin/audit")).AsArray(), one =>
            one!["action"]!.GetValue<string>() == "remove_account" && one["targetId"]?.GetValue<Guid>() == player.Id);
    }

    [Fact]
    public async Task An_admin_gives_one_account_another_limit_and_it_counts_wherever_files_are_written()
    {
        using Visitor admin = await AdminAsync();
        string name = NewName();
        using Visitor pupil = await SignedUpAsync(name);
        Guid game = await pupil.FirstProjectAsync();
        long usual = (await pupil.GetAsync("/api/me"))["storage"]!["quota"]!.GetValue<long>();
        foreach (int bad in new[] { 0, 1_000_001 })
        {
            using HttpResponseMessage refused = await SetAsync(pupil.Id, bad);
            JsonNode problem = await Visitor.ProblemOf(refused, HttpStatusCode.BadRequest, "bad_quota");
            Assert.Equal("""{"most":1000000}""", problem["parameters"]!.ToJsonString());
        }

        (await SetAsync(pupil.Id, 1)).EnsureSuccessStatusCode();
        Assert.Equal(1_000_000, (await pupil.GetAsync("/api/me"))["storage"]!["quota"]!.GetValue<long>());
        (await pupil.SaveAsync(game, "one.bin", new byte[600_000])).EnsureSuccessStatusCode();
        using (HttpResponseMessage full = await pupil.SaveAsync(game, "two.bin", new byte[600_000]))
        {
            JsonNode problem = await Visitor.ProblemOf(full, HttpStatusCode.RequestEntityTooLarge, "storage_full");
            Assert.Equal(1, problem["parameters"]!["megabytes"]!.GetValue<int>());
        }

        // What a game may save is limited by it, too.
        (await pupil.Http.PostAsJsonAsync("/api/sessions", new { projectId = game })).EnsureSuccessStatusCode();
        Assert.True(Fixture.Executor.Started.Values.Single(one => one.Owner == pupil.Id.ToString("N")).SavedBytes < 400_000);
        JsonNode person = Assert.Single((await admin.GetAsync($"/api/admin/people?search={name}"))["people"]!.AsArray())!;
        Assert.Equal(1_000_000, person["quota"]!.GetValue<long>());
        Assert.True(person["hasOwnQuota"]!.GetValue<bool>());

        (await SetAsync(pupil.Id, null)).EnsureSuccessStatusCode();
        (await pupil.SaveAsync(game, "two.bin", new byte[600_000])).EnsureSuccessStatusCode();
        Assert.Equal(usual, (await pupil.GetAsync("/api/me"))["storage"]!["quota"]!.GetValue<long>());
        using Visitor guest = await Fixture.NewVisitorAsync();
        foreach (Guid nobody in new[] { guest.Id, Guid.NewGuid() })
        {
            using HttpResponseMessage unknown = await SetAsync(nobody, 10);
            await Visitor.ProblemOf(unknown, HttpStatusCode.NotFound, "not_found");
        }

        Assert.Equal(["usual_quota", "quota 1 MB"], (await admin.GetAsync("/api/admin/audit")).AsArray()
            .Where(one => one!["targetId"]?.GetValue<Guid>() == pupil.Id)
            .Select(static one => $"{one!["action"]} {one["detail"]}".Trim()));

        Task<HttpResponseMessage> SetAsync(Guid account, int? megabytes) =>
            admin.Http.PutAsJsonAsync($"/api/admin/accounts/{account}/quota", new { megabytes });
    }

    private static Task<HttpResponseMessage> ExchangeAsync(Visitor visitor, string name, string password, string newPassword) =>
        visitor.Http.PostAsJsonAsync("/api/account/sign-in", new { name, password, newPassword });

}
