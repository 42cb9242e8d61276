using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using PixelGameDev.Api.Accounts;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests that people report shared games, and what admins decide about them.</summary>
public sealed partial class ModerationTests(ApiFixture fixture) : GalleryTestBase(fixture)
{
    [Fact]
    public async Task A_reported_game_is_taken_down_like_a_revoked_link_and_given_back()
    {
        using Visitor admin = await AdminAsync();
        string name = NewName();
        using Visitor owner = await SignedUpAsync(name);
        using HttpClient anybody = new() { BaseAddress = owner.Http.BaseAddress };
        string word = NewWord();
        Guid id = await GameAsync(owner, word);
        string code = await PublishAsync(owner, id, new { withCode = true });
        JsonNode link = (await owner.GetAsync($"/api/projects/{id}/links"))[0]!;
        string revoked = await RevokedAsync(owner, id);
        (await ReportAsync(anybody, code, "unkind", "It laughs\nat a child.")).EnsureSuccessStatusCode();

        JsonNode game = await FindAsync(admin, id);
        Assert.Equal((word, name, code), (Text(game["title"]), Text(game["maker"]), Text(game["code"])));
        Assert.Equal((1, 1), (game["open"]!.GetValue<int>(), game["total"]!.GetValue<int>()));
        JsonNode report = Assert.Single(game["reports"]!.AsArray())!;
        Assert.Equal(("unkind", "It laughs\nat a child."), (Text(report["reason"]), Text(report["details"])));
        Assert.True((await admin.GetAsync("/api/admin/overview"))["openReports"]!.GetValue<int>() > 0);

        await DecideAsync(admin, id, "take-down", new { reason = "unkind", note = "Laugh with people." });
        Assert.Empty(await FindAsync(anybody, word));
        Assert.Empty(await FindAsync(owner.Http, word));
        foreach (string path in new[] { "/api/play/{0}", "/api/play/{0}/files", "/play/{0}", "/embed/{0}" })
        {
            foreach (HttpClient caller in new[] { anybody, owner.Http })
            {
                string expected = await AnswerAsync(caller, path, revoked);
                Assert.StartsWith("404", expected, StringComparison.Ordinal);
                Assert.Equal(expected, await AnswerAsync(caller, path, code));
            }
        }

        // Also where the link would have ended, which has another answer.
        (await owner.Http.PatchAsJsonAsync($"/api/projects/{id}/links/{link["id"]}", new { days = 1 })).EnsureSuccessStatusCode();
        await ExecuteAsync($"update links set ends_at = now() where project_id = '{id}'");
        Assert.StartsWith("404", await AnswerAsync(anybody, "/api/play/{0}", code), StringComparison.Ordinal);
        await ExecuteAsync($"update links set ends_at = null where project_id = '{id}'");

        // The owner learns why, keeps the game, and cannot show it in another way.
        JsonNode state = await owner.GetAsync(UrlOf(id));
        Assert.Equal(("unkind", "Laugh with people."), (Text(state["takenDown"]!["reason"]), Text(state["takenDown"]!["note"])));
        (await owner.SaveAsync(id, "main.py", "print('kind')\n")).EnsureSuccessStatusCode();
        using (HttpResponseMessage again = await TryPublishAsync(owner, id, new { }))
        {
            await Visitor.ProblemOf(again, HttpStatusCode.Forbidden, "taken_down");
        }

        using (HttpResponseMessage other = await owner.Http.PostAsJsonAsync($"/api/projects/{id}/links", new { }))
        {
            await Visitor.ProblemOf(other, HttpStatusCode.Forbidden, "taken_down");
        }

        // An admin still looks at it, and only there.
        Assert.Equal(word, Text((await admin.GetAsync($"/api/play/{code}"))["title"]));
        using (HttpResponseMessage project = await admin.Http.GetAsync($"/api/projects/{id}"))
        {
            await Visitor.ProblemOf(project, HttpStatusCode.NotFound, "not_found");
        }

        Assert.DoesNotContain(await GamesOfAsync(admin, settled: false), one => one["id"]!.GetValue<Guid>() == id);
        Assert.Equal("Laugh with people.", Text((await FindAsync(admin, id, settled: true))["takenDown"]!["note"]));
        using (HttpResponseMessage twice = await TryDecideAsync(admin, id, "take-down", new { reason = "other" }))
        {
            await Visitor.ProblemOf(twice, HttpStatusCode.Conflict, "already_decided");
        }

        await DecideAsync(admin, id, "give-back", new { note = "It is kind now." });
        Assert.Single(await FindAsync(anybody, word));
        Assert.Null((await owner.GetAsync(UrlOf(id)))["takenDown"]);
        Assert.Equal(code, await PublishAsync(owner, id, new { withCode = true, pinned = true }));
        Assert.Equal("print('kind')\n", await anybody.GetStringAsync($"/api/play/{code}/files/main.py"));
        Assert.Null((await FindAsync(admin, id, settled: true))["takenDown"]);

        JsonNode[] log = [.. (await admin.GetAsync("/api/admin/audit")).AsArray().Where(one => one!["targetId"]?.GetValue<Guid>() == id)!];
        Assert.Equal(
            [("give_back_game", "It is kind now."), ("take_down_game", "unkind: Laugh with people.")],
            log.Select(static one => (Text(one["action"]), Text(one["detail"]))));
        Assert.All(log, one => Assert.Equal((admin.Id, word), (one["actorId"]!.GetValue<Guid>(), Text(one["targetName"]))));
    }

    [Fact]
    public async Task A_second_report_of_a_person_changes_the_first_and_opens_it_again()
    {
        using Visitor admin = await AdminAsync();
        using Visitor owner = await SignedUpAsync(NewName());
        using Visitor guest = await Fixture.NewVisitorAsync();
        using HttpClient anybody = new() { BaseAddress = owner.Http.BaseAddress };
        using HttpClient sameAddress = new() { BaseAddress = owner.Http.BaseAddress };
        Guid id = await GameAsync(owner, NewWord());
        string code = await PublishAsync(owner, id);
        foreach ((HttpClient caller, string reason) in new[] { (anybody, "scary"), (sameAddress, "private"), (guest.Http, "other") })
        {
            (await ReportAsync(caller, code, reason)).EnsureSuccessStatusCode();
            (await ReportAsync(caller, code, reason, "Once more.")).EnsureSuccessStatusCode();
        }

        Assert.Equal(
            [("other", "Once more."), ("private", "Once more.")],
            (await FindAsync(admin, id))["reports"]!.AsArray().Select(static one => (Text(one!["reason"]), Text(one["details"]))));
        await DecideAsync(admin, id, "keep", new { note = "It is a joke among friends." });
        Assert.Equal(0, (await FindAsync(admin, id, settled: true))["open"]!.GetValue<int>());
        Assert.Single(await GamesAsync(anybody, ""), game => Text(game["code"]) == code);
        using (HttpResponseMessage nothing = await TryDecideAsync(admin, id, "keep", new { }))
        {
            await Visitor.ProblemOf(nothing, HttpStatusCode.Conflict, "already_decided");
        }

        // The game has changed since, perhaps.
        (await ReportAsync(anybody, code, "adult")).EnsureSuccessStatusCode();
        JsonNode game = await FindAsync(admin, id);
        Assert.Equal((1, 2), (game["open"]!.GetValue<int>(), game["total"]!.GetValue<int>()));

        // Nothing that is kept says who it was, and a flood is not kept.
        Assert.Equal(0, await ScalarAsync<long>(
            "select count(*) from information_schema.columns where table_name = 'reports' and column_name ~ 'account|address'"));
        await ExecuteAsync(
            $"""
            insert into reports (id, project_id, reporter, reason, details)
            select gen_random_uuid(), '{id}', sha256(n::text::bytea), 'other', '' from generate_series(1, 99) n
            """);
        using Visitor late = await Fixture.NewVisitorAsync();
        (await ReportAsync(late.Http, code, "other")).EnsureSuccessStatusCode();
        game = await FindAsync(admin, id);
        Assert.Equal(100, game["open"]!.GetValue<int>());
        Assert.Equal(20, game["reports"]!.AsArray().Count);

        // The link is gone, the reports are not; in the trash, a game waits for nobody.
        (await owner.Http.DeleteAsync(UrlOf(id))).EnsureSuccessStatusCode();
        Assert.Null((await FindAsync(admin, id))["code"]);
        (await owner.Http.DeleteAsync($"/api/projects/{id}")).EnsureSuccessStatusCode();
        Assert.DoesNotContain(await GamesOfAsync(admin, settled: false), one => one["id"]!.GetValue<Guid>() == id);
        using HttpResponseMessage trashed = await TryDecideAsync(admin, id, "keep", new { });
        await Visitor.ProblemOf(trashed, HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Bad_reports_and_decisions_about_games_that_nobody_reported_are_refused()
    {
        using Visitor admin = await AdminAsync();
        using Visitor owner = await SignedUpAsync(NewName());
        Guid id = await GameAsync(owner, NewWord());
        string code = await PublishAsync(owner, id);
        foreach ((string? reason, string? details) in new (string?, string?)[]
            { (null, null), ("boring", ""), ("Other", ""), ("other", new string('x', 501)), ("other", "a\u0007"), ("other", "\u202Eabc") })
        {
            using HttpResponseMessage bad = await ReportAsync(owner.Http, code, reason, details);
            await Visitor.ProblemOf(bad, HttpStatusCode.BadRequest, "bad_report");
        }

        foreach (string decision in new[] { "keep", "take-down", "give-back" })
        {
            using HttpResponseMessage unknown = await TryDecideAsync(admin, id, decision, new { reason = "other" });
            await Visitor.ProblemOf(unknown, HttpStatusCode.NotFound, "not_found");
            object tooLong = new { reason = "other", note = new string('x', 501) };
            using HttpResponseMessage bad = await TryDecideAsync(admin, id, decision, tooLong);
            await Visitor.ProblemOf(bad, HttpStatusCode.BadRequest, "bad_report");
        }

        (await ReportAsync(owner.Http, code, "other", new string('x', 500))).EnsureSuccessStatusCode();
        using HttpResponseMessage notDown = await TryDecideAsync(admin, id, "give-back", new { });
        await Visitor.ProblemOf(notDown, HttpStatusCode.Conflict, "already_decided");
    }

    [Fact]
    public async Task Settled_reports_are_kept_for_a_year_and_those_of_a_game_that_is_down_longer()
    {
        using Visitor admin = await AdminAsync();
        using Visitor owner = await SignedUpAsync(NewName());
        Guid kept = await GameAsync(owner, NewWord());
        Guid down = await GameAsync(owner, NewWord());
        Guid open = await GameAsync(owner, NewWord());
        foreach (Guid id in new[] { kept, down, open })
        {
            (await ReportAsync(owner.Http, await PublishAsync(owner, id), "other")).EnsureSuccessStatusCode();
        }

        await DecideAsync(admin, kept, "keep", new { });
        await DecideAsync(admin, down, "take-down", new { reason = "copied" });
        await ExecuteAsync(
            $"""
            update reports set reported_at = now() - interval '400 days', settled_at = settled_at - interval '366 days'
            where project_id in ('{kept}', '{down}', '{open}')
            """);
        await Fixture.Api.Services.GetRequiredService<ExpiredDataCleanup>().RunAsync(CancellationToken.None);
        Assert.Equal(
            new[] { down, open }.Order(),
            (await ScalarAsync<Guid[]>(
                $"select array_agg(project_id) from reports where project_id in ('{kept}', '{down}', '{open}')")).Order());
    }

    private static string Text(JsonNode? value) => value!.GetValue<string>();

    private static Task<HttpResponseMessage> ReportAsync(HttpClient caller, string code, string? reason, string? details = null) =>
        caller.PostAsJsonAsync($"/api/play/{code}/report", new { reason, details });

    private static Task<HttpResponseMessage> TryDecideAsync(Visitor admin, Guid id, string decision, object body) =>
        admin.Http.PostAsJsonAsync($"/api/admin/reports/{id}/{decision}", body);

    private static async Task DecideAsync(Visitor admin, Guid id, string decision, object body)
    {
        using HttpResponseMessage decided = await TryDecideAsync(admin, id, decision, body);
        Assert.Equal(HttpStatusCode.NoContent, decided.StatusCode);
    }

    private static async Task<JsonNode[]> GamesOfAsync(Visitor admin, bool settled) =>
        [.. (await admin.GetAsync($"/api/admin/reports?settled={settled}"))["games"]!.AsArray()!];

    private static async Task<JsonNode> FindAsync(Visitor admin, Guid id, bool settled = false) =>
        Assert.Single(await GamesOfAsync(admin, settled), one => one["id"]!.GetValue<Guid>() == id);

    /// <summary>Returns the code of a link that was revoked.</summary>
    private static async Task<string> RevokedAsync(Visitor owner, Guid project)
    {
        using HttpResponseMessage made = await owner.Http.PostAsJsonAsync($"/api/projects/{project}/links", new { });
        JsonNode link = await Visitor.JsonOf(made, HttpStatusCode.Created);
        (await owner.Http.DeleteAsync($"/api/projects/{project}/links/{link["id"]}")).EnsureSuccessStatusCode();
        return Text(link["code"]);
    }

    /// <summary>Returns all that a client gets: status, headers and bytes, without what differs in every answer.</summary>
    private static async Task<string> AnswerAsync(HttpClient caller, string path, string code)
    {
        using HttpResponseMessage answer = await caller.GetAsync(path.Replace("{0}", code, StringComparison.Ordinal));
        string body = (await answer.Content.ReadAsStringAsync()).Replace(code, "CODE", StringComparison.Ordinal);
        IEnumerable<string> headers = answer.Headers.Concat(answer.Content.Headers)
            .Where(static header => header.Key is not ("Date" or "Server-Timing" or "Traceparent"))
            .Select(static header => $"{header.Key}: {string.Join(',', header.Value)}");
        return $"{(int)answer.StatusCode}\n{string.Join('\n', headers)}\n{TraceId().Replace(body, "")}";
    }

    [GeneratedRegex("\"traceId\":\"[^\"]*\"")]
    private static partial Regex TraceId();
}
