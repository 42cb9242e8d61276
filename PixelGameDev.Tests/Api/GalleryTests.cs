using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests which games are in the gallery, who sees it, and that a game is opened by its link only.</summary>
public sealed class GalleryTests(ApiFixture fixture) : GalleryTestBase(fixture)
{
    [Fact]
    public async Task A_published_game_is_found_played_by_its_link_changed_and_taken_out()
    {
        string name = NewName();
        using Visitor owner = await SignedUpAsync(name);
        using HttpClient anybody = new() { BaseAddress = owner.Http.BaseAddress };
        string word = NewWord();
        Guid id = await GameAsync(owner, $"Über {word}");
        Assert.Null((await owner.GetAsync(UrlOf(id)))["publication"]);
        string code = await PublishAsync(
            owner, id, new { howToPlay = "Jump with space.\nCatch stars.", tags = new[] { "Rätsel", "rätsel", "2d" } });

        JsonNode game = Assert.Single(await GamesAsync(anybody, word));
        Assert.Equal($"Über {word}", game["title"]!.GetValue<string>());
        Assert.Equal(name, game["maker"]!.GetValue<string>());
        Assert.Equal("Jump with space.\nCatch stars.", game["howToPlay"]!.GetValue<string>());
        Assert.Equal(["rätsel", "2d"], game["tags"]!.AsArray().Select(static tag => tag!.GetValue<string>()));
        Assert.Equal(code, game["code"]!.GetValue<string>());
        Assert.Null(game["id"]);
        foreach (string found in new[] { $"{word[..9]} ÜBER", $"catch {word}", $"{word} Rätsel", $"{word}, 2D!" })
        {
            Assert.Single(await FindAsync(anybody, found));
        }

        foreach (string nothing in new[] { $"{word} moon", "!!!", "\uFFFE", $"{word} & ' : *)( nothing" })
        {
            Assert.Empty(await FindAsync(anybody, nothing));
        }

        // To play only: the game can be played, and its code is not shown.
        JsonNode shown = (await anybody.GetFromJsonAsync<JsonNode>($"/api/play/{code}"))!;
        Assert.False(shown["withCode"]!.GetValue<bool>());
        Assert.StartsWith("Jump", shown["howToPlay"]!.GetValue<string>(), StringComparison.Ordinal);
        JsonNode link = Assert.Single((await owner.GetAsync($"/api/projects/{id}/links")).AsArray())!;
        Assert.True(link["published"]!.GetValue<bool>());

        // A change keeps the address; a new name is found.
        Assert.Equal(code, await PublishAsync(owner, id, new { withCode = true, tags = new[] { "space" } }));
        string other = NewWord();
        (await owner.Http.PatchAsJsonAsync($"/api/projects/{id}", new { name = other })).EnsureSuccessStatusCode();
        Assert.Empty(await FindAsync(anybody, word));
        Assert.True(Assert.Single(await GamesAsync(anybody, $"{other} space"))["withCode"]!.GetValue<bool>());
        Assert.Null((await anybody.GetFromJsonAsync<JsonNode>($"/api/play/{code}"))!["howToPlay"]);

        using HttpResponseMessage taken = await owner.Http.DeleteAsync(UrlOf(id));
        Assert.Equal(HttpStatusCode.NoContent, taken.StatusCode);
        Assert.Empty(await FindAsync(anybody, other));
        using HttpResponseMessage late = await anybody.GetAsync($"/api/play/{code}");
        await Visitor.ProblemOf(late, HttpStatusCode.NotFound, "not_found");
        using HttpResponseMessage twice = await owner.Http.DeleteAsync(UrlOf(id));
        await Visitor.ProblemOf(twice, HttpStatusCode.NotFound, "not_found");
        Assert.NotEqual(code, await PublishAsync(owner, id));
    }

    [Fact]
    public async Task A_game_in_the_trash_or_with_an_ended_or_revoked_link_is_not_shown()
    {
        using Visitor owner = await SignedUpAsync(NewName());
        string word = NewWord();
        Guid id = await GameAsync(owner, word);
        await PublishAsync(owner, id);
        Assert.Single(await FindAsync(owner.Http, word));
        (await owner.Http.DeleteAsync($"/api/projects/{id}")).EnsureSuccessStatusCode();
        Assert.Empty(await FindAsync(owner.Http, word));
        (await owner.Http.PostAsync($"/api/projects/{id}/restore", null)).EnsureSuccessStatusCode();
        Assert.Single(await FindAsync(owner.Http, word));

        string link = $"/api/projects/{id}/links/{(await owner.GetAsync($"/api/projects/{id}/links"))[0]!["id"]}";
        (await owner.Http.PatchAsJsonAsync(link, new { days = 1 })).EnsureSuccessStatusCode();
        Assert.Single(await FindAsync(owner.Http, word));
        await ExecuteAsync($"update links set ends_at = now() where project_id = '{id}'");
        using HttpClient anybody = new() { BaseAddress = owner.Http.BaseAddress };
        Assert.Empty(await FindAsync(anybody, word));
        (await owner.Http.PatchAsJsonAsync(link, new { days = 0 })).EnsureSuccessStatusCode();
        Assert.Single(await FindAsync(anybody, word));
        (await owner.Http.DeleteAsync(link)).EnsureSuccessStatusCode();
        Assert.Empty(await FindAsync(anybody, word));
        Assert.Null((await owner.GetAsync(UrlOf(id)))["publication"]);
    }

    [Theory]
    [InlineData("ЖУК игра", "ЖУК", "жук")]
    [InlineData("ŠKODA Łódź", "škoda", "ŁÓD")]
    [InlineData("ΩΜΕΓΑ Ήλιος", "ωμεγα", "ΉΛΙ")]
    [InlineData("Pong 2.0", "2.0", "pong 2.0")]
    [InlineData("Snake/Worm", "worm", "snake/worm")]
    [InlineData("🐍Snake—«Жук»_Ёж", "snake", "жук", "ёж")]
    public async Task Every_word_of_a_title_is_found_as_it_is_written(string title, params string[] searches)
    {
        using Visitor owner = await SignedUpAsync(NewName());
        string word = NewWord();
        await PublishAsync(owner, await GameAsync(owner, $"{title} {word}"));
        foreach (string search in searches)
        {
            Assert.Single(await FindAsync(owner.Http, $"{search} {word}"));
        }
    }

    [Fact]
    public async Task All_games_come_in_pages_the_newest_first()
    {
        using Visitor owner = await SignedUpAsync(NewName());
        string word = NewWord();
        List<string> names = [.. Enumerable.Range(10, 60).Select(number => $"{word} {number}")];
        foreach (string name in names)
        {
            await PublishAsync(owner, await GameAsync(owner, name));
        }

        JsonNode first = await owner.GetAsync($"/api/gallery?search={word}");
        Assert.Equal(24, first["games"]!.AsArray().Count);
        names.Reverse();
        Assert.Equal(names, await FindAsync(owner.Http, word));
        // Something that no answer has given begins with the newest one.
        Assert.Equal(24, (await owner.GetAsync($"/api/gallery?search={word}&after=nonsense"))["games"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_pinned_game_stays_as_it_was_until_it_is_published_anew()
    {
        using Visitor owner = await SignedUpAsync(NewName());
        Guid id = await owner.NewProjectAsync();
        (await owner.SaveAsync(id, "main.py", "print(1)\n")).EnsureSuccessStatusCode();
        string code = await PublishAsync(owner, id, new { withCode = true, pinned = true });
        (await owner.SaveAsync(id, "main.py", "print(2)\n")).EnsureSuccessStatusCode();
        await PublishAsync(owner, id, new { withCode = true, howToPlay = "No new version." });
        string file = $"/api/play/{code}/files/main.py";
        Assert.Equal("print(1)\n", await owner.Http.GetStringAsync(file));
        await PublishAsync(owner, id, new { withCode = true, pinned = true });
        Assert.Equal("print(2)\n", await owner.Http.GetStringAsync(file));
        Assert.True((await owner.GetAsync(UrlOf(id)))["publication"]!["pinned"]!.GetValue<bool>());
        await PublishAsync(owner, id, new { withCode = true, pinned = false });
        Assert.False((await owner.GetAsync(UrlOf(id)))["publication"]!["pinned"]!.GetValue<bool>());
    }

    [Fact]
    public async Task The_picture_of_the_version_that_a_link_shows_is_shown_and_no_other()
    {
        using Visitor owner = await SignedUpAsync(NewName());
        string word = NewWord();
        Guid id = await GameAsync(owner, word);
        string code = await PublishAsync(owner, id);
        string hash = new('a', 64);
        await ExecuteAsync(
            $"insert into pictures values ('{id}', '\\x{hash}', '\\x89504e47'), ('{id}', '\\x{new string('b', 64)}', '\\x00')");
        await ExecuteAsync($"update projects set picture = '\\x{hash}' where id = '{id}'");
        using HttpClient anybody = new() { BaseAddress = owner.Http.BaseAddress };
        Assert.Equal(hash, Assert.Single(await GamesAsync(anybody, word))["picture"]!.GetValue<string>());
        Assert.Equal([0x89, 0x50, 0x4e, 0x47], await anybody.GetByteArrayAsync($"/api/play/{code}/pictures/{hash}"));
        using HttpResponseMessage other = await anybody.GetAsync($"/api/play/{code}/pictures/{new string('b', 64)}");
        await Visitor.ProblemOf(other, HttpStatusCode.NotFound, "not_found");

        // A pinned version has a picture of its own, or none.
        await PublishAsync(owner, id, new { pinned = true });
        Assert.Null(Assert.Single(await GamesAsync(anybody, word))["picture"]);
        using HttpResponseMessage newer = await anybody.GetAsync($"/api/play/{code}/pictures/{hash}");
        await Visitor.ProblemOf(newer, HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Guests_and_bad_words_are_refused()
    {
        using Visitor guest = await Fixture.NewVisitorAsync();
        using HttpResponseMessage refused = await TryPublishAsync(guest, await guest.FirstProjectAsync(), new { });
        await Visitor.ProblemOf(refused, HttpStatusCode.Forbidden, "guests_cannot_publish");

        using Visitor owner = await SignedUpAsync(NewName());
        Guid id = await owner.NewProjectAsync();
        foreach (string text in new[] { new string('x', 501), "a\u0007", "\u202Eabc", "\uFFFE" })
        {
            using HttpResponseMessage bad = await TryPublishAsync(owner, id, new { howToPlay = text });
            await Visitor.ProblemOf(bad, HttpStatusCode.BadRequest, "bad_how_to_play");
        }

        foreach (string?[] tags in new string?[][] { ["two words"], ["a"], [new string('x', 21)], [null], ["a&b"],
            ["one", "two", "three", "four", "five", "six"] })
        {
            using HttpResponseMessage bad = await TryPublishAsync(owner, id, new { tags });
            await Visitor.ProblemOf(bad, HttpStatusCode.BadRequest, "bad_tags");
        }

        Assert.Empty((await owner.GetAsync($"/api/projects/{id}/links")).AsArray());
        for (int made = 0; made < 20; made++)
        {
            (await owner.Http.PostAsJsonAsync($"/api/projects/{id}/links", new { })).EnsureSuccessStatusCode();
        }

        using HttpResponseMessage full = await TryPublishAsync(owner, id, new { });
        await Visitor.ProblemOf(full, HttpStatusCode.Conflict, "too_many_links");
    }

    [Fact]
    public async Task The_host_chooses_who_sees_the_gallery()
    {
        string database = await Fixture.CreateDatabaseAsync();
        await using RunningApi members = await RunningApi.StartAsync(database, Fixture.Executor.Address, "--GALLERY=members");
        using Visitor owner = await Visitor.ArriveAsync(members.Address);
        (await PostAsync(owner, "sign-up", NewName(), Password)).EnsureSuccessStatusCode();
        string word = NewWord();
        Guid id = await GameAsync(owner, word);
        string code = await PublishAsync(owner, id);
        Assert.Single(await FindAsync(owner.Http, word));
        Assert.Equal("members", (await owner.GetAsync("/api/info"))["gallery"]!.GetValue<string>());
        using HttpClient anybody = new() { BaseAddress = members.Address };
        using (HttpResponseMessage anonymous = await anybody.GetAsync("/api/gallery"))
        {
            await Visitor.ProblemOf(anonymous, HttpStatusCode.Unauthorized, "not_signed_in");
        }

        using Visitor guest = await Visitor.ArriveAsync(members.Address);
        using (HttpResponseMessage refused = await guest.Http.GetAsync("/api/gallery"))
        {
            await Visitor.ProblemOf(refused, HttpStatusCode.Forbidden, "members_only");
        }

        // A link stays a link.
        (await anybody.GetAsync($"/api/play/{code}")).EnsureSuccessStatusCode();

        await using RunningApi none = await RunningApi.StartAsync(database, Fixture.Executor.Address, "--GALLERY=off");
        await none.WaitUntilHealthyAsync();
        using HttpClient elsewhere = new() { BaseAddress = none.Address };
        using (HttpResponseMessage gone = await elsewhere.GetAsync("/api/gallery"))
        {
            await Visitor.ProblemOf(gone, HttpStatusCode.NotFound, "not_found");
        }

        Assert.Equal("off", (await elsewhere.GetFromJsonAsync<JsonNode>("/api/info"))!["gallery"]!.GetValue<string>());
        using HttpRequestMessage request = new(HttpMethod.Put, new Uri(none.Address, UrlOf(id))) { Content = JsonContent.Create(new { }) };
        request.Headers.Add("Cookie", owner.Cookies.GetCookieHeader(members.Address));
        using HttpResponseMessage off = await elsewhere.SendAsync(request);
        await Visitor.ProblemOf(off, HttpStatusCode.Forbidden, "gallery_off");
    }
}
