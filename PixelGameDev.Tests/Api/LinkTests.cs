using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using PixelGameDev.Api.Links;
using PixelGameDev.Api.Security;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests what links show, to whom, and until when.</summary>
public sealed class LinkTests(ApiFixture fixture) : LinkTestBase(fixture)
{
    private const int Guesses = 100_000;

    [Fact]
    public async Task A_link_to_play_shows_the_game_and_nothing_else()
    {
        using Visitor owner = await Fixture.NewVisitorAsync();
        using Visitor player = await Fixture.NewVisitorAsync();
        using Visitor stranger = Visitor.Stranger(Fixture.Api.Address);
        Guid project = await owner.FirstProjectAsync();
        JsonNode link = await ShareAsync(owner, project);
        string code = link["code"]!.GetValue<string>();
        Assert.Matches("^[a-hjkmnp-z2-9]{12}$", code);

        // Nobody needs an account to see it, and people copy codes by hand.
        JsonNode game = await stranger.GetAsync($"/api/play/{code[..4].ToUpperInvariant()}-{code[4..]}");
        Assert.Equal((await owner.GetAsync("/api/me"))["name"]!.GetValue<string>(), game["maker"]!.GetValue<string>());
        Assert.False(game["withCode"]!.GetValue<bool>());
        Assert.DoesNotContain(project.ToString(), game.ToJsonString(), StringComparison.OrdinalIgnoreCase);

        Guid session = await PlayAsync(player, code);
        Assert.Equal(player.Id.ToString("N"), Fixture.Executor.Started[session].Owner);
        Assert.Contains("pygame", FileOf(session, "main.py")!, StringComparison.Ordinal);
        Assert.Null((await player.GetAsync($"/api/sessions/{session}"))["projectId"]);
        foreach ((Visitor who, string address) in new[]
        {
            (owner, $"/api/sessions/{session}"), (owner, $"/api/sessions/{session}/stream"), (player, $"/api/projects/{project}"),
            (player, $"/api/projects/{project}/saved"), (player, $"/api/play/{code}/files"), (stranger, $"/api/play/{code}/files/main.py"),
        })
        {
            using HttpResponseMessage refused = await who.Http.GetAsync(address);
            await Visitor.ProblemOf(refused, HttpStatusCode.NotFound, "not_found");
        }

        using HttpResponseMessage copy = await player.Http.PostAsync($"/api/play/{code}/copy", null);
        await Visitor.ProblemOf(copy, HttpStatusCode.NotFound, "not_found");
        // How others play is no run of the owner's: the history has one revision, and no picture.
        Assert.Empty((await owner.GetAsync("/api/sessions"))!.AsArray());
        Assert.Null((await owner.GetAsync("/api/projects"))[0]!["picture"]);
    }

    [Fact]
    public async Task A_link_follows_the_newest_version_or_keeps_one_however_old_it_grows()
    {
        using Visitor owner = await Fixture.NewVisitorAsync();
        using Visitor player = await Fixture.NewVisitorAsync();
        Guid project = await owner.FirstProjectAsync();
        await SaveAsync(1);
        string newest = await CodeAsync(owner, project);
        await SaveAsync(2);
        JsonNode made = await ShareAsync(owner, project, new { pinned = true, withCode = true });
        string pinned = made["code"]!.GetValue<string>();
        await SaveAsync(3);
        // What the owner types becomes the newest version when the owner runs it.
        Assert.Equal("# 2", FileOf(await PlayAsync(player, newest), "main.py"));
        await RecordAsync(project);
        await SaveAsync(4);
        await RecordAsync(project);
        Assert.Equal("# 4", FileOf(await PlayAsync(player, newest), "main.py"));

        // Of old revisions one a day stays, and those that a link shows.
        await ScalarAsync<object>($"update revisions set created_at = '2020-01-01' where project_id = '{project}' returning 1");
        await RecordAsync(project);
        Assert.Equal(3, await ScalarAsync<long>($"select count(*) from revisions where project_id = '{project}'"));
        Assert.Equal("# 2", FileOf(await PlayAsync(player, pinned), "main.py"));
        Assert.Equal("# 2", await player.Http.GetStringAsync($"/api/play/{pinned}/files/main.py"));

        string address = $"/api/projects/{project}/links/{made["id"]}";
        using HttpResponseMessage moved = await owner.Http.PatchAsJsonAsync(address, new { pinned = true });
        Assert.Equal("# 4", await player.Http.GetStringAsync($"/api/play/{pinned}/files/main.py"));
        using HttpResponseMessage hidden = await owner.Http.PatchAsJsonAsync(address, new { withCode = false, pinned = false });
        JsonNode now = await Visitor.JsonOf(hidden, HttpStatusCode.OK);
        Assert.Null(now["revision"]);
        Assert.Equal(HttpStatusCode.NotFound, (await player.Http.GetAsync($"/api/play/{pinned}/files/main.py")).StatusCode);

        async Task SaveAsync(int version) => (await owner.SaveAsync(project, "main.py", $"# {version}")).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task A_revoked_link_is_as_if_it_had_never_been_and_an_ended_one_says_so()
    {
        using Visitor owner = await Fixture.NewVisitorAsync();
        using Visitor player = await Fixture.NewVisitorAsync();
        Guid project = await owner.NewProjectAsync();
        JsonNode link = await ShareAsync(owner, project, new { days = 1 });
        string code = link["code"]!.GetValue<string>();
        Guid running = await PlayAsync(player, code);

        // In the trash, and back.
        (await owner.Http.DeleteAsync($"/api/projects/{project}")).EnsureSuccessStatusCode();
        (string Body, string[] Queries) trashed = await AskAsync(player, code);
        (await owner.Http.PostAsync($"/api/projects/{project}/restore", null)).EnsureSuccessStatusCode();
        await player.GetAsync($"/api/play/{code}");

        await ScalarAsync<object>($"update links set ends_at = now() where id = '{link["id"]}' returning 1");
        foreach (Visitor who in new[] { player, owner })
        {
            using HttpResponseMessage ended = await who.Http.GetAsync($"/api/play/{code}");
            await Visitor.ProblemOf(ended, HttpStatusCode.Gone, "link_ended");
        }

        string address = $"/api/projects/{project}/links/{link["id"]}";
        Assert.True((await owner.GetAsync($"/api/projects/{project}/links"))[0]!["hasEnded"]!.GetValue<bool>());
        (await owner.Http.PatchAsJsonAsync(address, new { days = 0 })).EnsureSuccessStatusCode();
        Assert.Null((await player.GetAsync($"/api/play/{code}"))["endsAt"]);

        (await owner.Http.DeleteAsync(address)).EnsureSuccessStatusCode();
        (string Body, string[] Queries) revoked = await AskAsync(player, code);
        (string Body, string[] Queries) never = await AskAsync(player, ReadableCode.Create(LinkStore.CodeLength));
        (string Body, string[] Queries) nonsense = await AskAsync(player, "no-such-code");
        foreach ((string body, string[] queries) in new[] { revoked, nonsense, trashed })
        {
            Assert.Equal(never.Body, body);
            Assert.Equal(never.Queries, queries);
        }

        Assert.Equal(2, never.Queries.Length);
        // The game that was running goes on.
        await player.GetAsync($"/api/sessions/{running}");

        // The answer without the number of its request, and what the database was asked about the caller and the link.
        async Task<(string Body, string[] Queries)> AskAsync(Visitor who, string asked)
        {
            ConcurrentQueue<string> queries = new();
            string database = new Npgsql.NpgsqlConnectionStringBuilder(Fixture.ConnectionString).Database!;
            using ActivityListener listener = new()
            {
                ShouldListenTo = static source => source.Name == "Npgsql",
                Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                SampleUsingParentId = static (ref ActivityCreationOptions<string> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = activity =>
                {
                    string text = $"{activity.GetTagItem("db.query.text") ?? activity.GetTagItem("db.statement")}";
                    // Background work asks about other things, and other tests have other databases.
                    if (activity.TagObjects.Any(tag => database.Equals(tag.Value))
                        && (text.Contains("code_hash", StringComparison.Ordinal) || text.Contains("token_hash", StringComparison.Ordinal)))
                    {
                        queries.Enqueue(text);
                    }
                },
            };
            ActivitySource.AddActivityListener(listener);
            using HttpResponseMessage answer = await who.Http.GetAsync($"/api/play/{asked}");
            JsonNode problem = await Visitor.ProblemOf(answer, HttpStatusCode.NotFound, "not_found");
            problem.AsObject().Remove("traceId");
            problem.AsObject().Remove("instance");
            return (problem.ToJsonString(), [.. queries]);
        }
    }

    [Fact]
    public async Task Guesses_find_nothing()
    {
        using Visitor owner = await Fixture.NewVisitorAsync();
        Guid project = await owner.FirstProjectAsync();
        string code = await CodeAsync(owner, project);
        string[] guesses = [.. Enumerable.Range(0, Guesses).Select(static _ => ReadableCode.Create(LinkStore.CodeLength))];
        Assert.Equal(Guesses, guesses.Distinct().Count());
        Assert.Equal(0, await FoundAsync(guesses));
        Assert.Equal(1, await FoundAsync([.. guesses, code]));
        // 31 letters: with all limits of one address (60,000 questions a minute), one of a million links is found in 25 years.
        Assert.True(Math.Log2(31) * LinkStore.CodeLength > 50);

        async Task<long> FoundAsync(string[] codes)
        {
            await using Npgsql.NpgsqlDataSource database = Npgsql.NpgsqlDataSource.Create(Fixture.ConnectionString);
            await using Npgsql.NpgsqlCommand command = database.CreateCommand("select count(*) from links where code_hash = any($1)");
            command.Parameters.Add(new() { Value = codes.Select(ReadableCode.HashOf).ToArray() });
            return (long)(await command.ExecuteScalarAsync())!;
        }
    }

    [Fact]
    public async Task A_project_has_a_bounded_number_of_links_and_an_end_is_a_number_of_days()
    {
        using Visitor owner = await Fixture.NewVisitorAsync();
        Guid project = await owner.FirstProjectAsync();
        foreach (int days in new[] { 0, -1, LinkStore.MaxDays + 1 })
        {
            using HttpResponseMessage refused = await owner.Http.PostAsJsonAsync($"/api/projects/{project}/links", new { days });
            await Visitor.ProblemOf(refused, HttpStatusCode.BadRequest, "bad_days");
        }

        for (int i = 0; i < LinkStore.MaxLinks; i++)
        {
            await ShareAsync(owner, project, new { days = LinkStore.MaxDays });
        }

        using HttpResponseMessage full = await owner.Http.PostAsJsonAsync($"/api/projects/{project}/links", new { });
        await Visitor.ProblemOf(full, HttpStatusCode.Conflict, "too_many_links");
        Assert.Equal(LinkStore.MaxLinks, (await owner.GetAsync($"/api/projects/{project}/links"))!.AsArray().Count);
    }

    [Fact]
    public async Task A_game_with_code_is_copied_and_the_copy_remembers_the_game()
    {
        using Visitor owner = await Fixture.NewVisitorAsync();
        using Visitor other = await Fixture.NewVisitorAsync();
        Guid project = await owner.FirstProjectAsync();
        (await owner.SaveAsync(project, "gfx/hero.bin", [0, 1, 2])).EnsureSuccessStatusCode();
        (await owner.Http.PatchAsJsonAsync($"/api/projects/{project}", new { name = "Moon Race" })).EnsureSuccessStatusCode();
        string code = await CodeAsync(owner, project, new { withCode = true });
        JsonNode files = await other.GetAsync($"/api/play/{code}/files");
        Assert.Equal(
            ["gfx/hero.bin True", "main.py False"],
            files["files"]!.AsArray().Select(static file => $"{file!["path"]} {file["binary"]!.GetValue<bool>()}"));

        using HttpResponseMessage copied = await other.Http.PostAsync($"/api/play/{code}/copy", null);
        Guid copy = (await Visitor.JsonOf(copied, HttpStatusCode.Created))["id"]!.GetValue<Guid>();
        JsonNode mine = await other.GetAsync($"/api/projects/{copy}");
        Assert.Equal("Moon Race", mine["name"]!.GetValue<string>());
        Assert.Equal([0, 1, 2], await other.Http.GetByteArrayAsync(Visitor.FileUrl(copy, "gfx/hero.bin")));
        Assert.Equal(project, await ScalarAsync<Guid>($"select copied_from from projects where id = '{copy}'"));
        Assert.Equal(HttpStatusCode.NotFound, (await owner.Http.GetAsync($"/api/projects/{copy}")).StatusCode);

        // The copy stays when the game goes.
        (await owner.Http.DeleteAsync($"/api/projects/{project}")).EnsureSuccessStatusCode();
        (await owner.Http.DeleteAsync($"/api/trash/projects/{project}")).EnsureSuccessStatusCode();
        Assert.True(await ScalarAsync<bool>($"select copied_from is null from projects where id = '{copy}'"));
        await other.GetAsync($"/api/projects/{copy}");
    }

    [Fact]
    public async Task New_guests_of_a_link_are_limited_for_an_address_whoever_asks()
    {
        await using RunningApi api = await RunningApi.StartAsync(
            await Fixture.CreateDatabaseAsync(), Fixture.Executor.Address, "--RATE_LIMITS=on", "--GUESTS_PER_MINUTE=1",
            "--PEOPLE_PER_ADDRESS=1");
        // This is the only guest of the minute.
        using Visitor owner = await Visitor.ArriveAsync(api.Address);
        string code = await CodeAsync(owner, await owner.FirstProjectAsync());
        using HttpResponseMessage refused = await owner.Http.PostAsync($"/api/play/{code}/guest", null);
        await Visitor.ProblemOf(refused, HttpStatusCode.TooManyRequests, "too_fast");
    }

    [Fact]
    public async Task A_page_inside_of_another_website_plays_without_a_cookie()
    {
        using Visitor owner = await Fixture.NewVisitorAsync();
        string code = await CodeAsync(owner, await owner.FirstProjectAsync());
        using HttpClient frame = new() { BaseAddress = Fixture.Api.Address };
        using HttpResponseMessage arrived = await frame.PostAsync($"/api/play/{code}/guest", null);
        Assert.False(arrived.Headers.Contains("Set-Cookie"));
        string token = (await Visitor.JsonOf(arrived, HttpStatusCode.Created))["token"]!.GetValue<string>();
        frame.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage started = await frame.PostAsJsonAsync($"/api/play/{code}/sessions", new { });
        Guid session = (await Visitor.JsonOf(started, HttpStatusCode.Created))["id"]!.GetValue<Guid>();

        using ClientWebSocket socket = new();
        await socket.ConnectAsync(
            new Uri($"ws://{Fixture.Api.Address.Authority}/api/sessions/{session}/stream?access_token={token}"), CancellationToken.None);
        Assert.DoesNotContain(
            Fixture.Executor.StreamHeaders[session].Values, value => value.Contains(token, StringComparison.Ordinal));

        // A token in the address opens a stream and nothing else; a wrong one opens nothing.
        using HttpClient bare = new() { BaseAddress = Fixture.Api.Address };
        foreach (string address in new[] { $"/api/sessions/{session}?access_token={token}", $"/api/projects?access_token={token}",
            $"/api/sessions/{session}/stream", $"/api/sessions/{session}/stream?access_token=x" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await bare.GetAsync(address)).StatusCode);
        }
    }
}
