using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests that a remix names its original, that a game shows its remixes, and that people like games.</summary>
public sealed class RemixTests(ApiFixture fixture) : GalleryTestBase(fixture)
{
    [Fact]
    public async Task A_remix_names_its_original_as_long_as_that_exists_and_a_game_shows_its_remixes()
    {
        string name = NewName();
        using Visitor owner = await SignedUpAsync(name);
        using HttpClient anybody = new() { BaseAddress = owner.Http.BaseAddress };
        string title = NewWord();
        Guid id = await GameAsync(owner, title);
        string code = await PublishAsync(owner, id, new { withCode = true });
        Assert.Null((await GameOfAsync(anybody, code))["remixOf"]);

        // The first remix, and a remix of that: by a guest, who has an account later.
        string secondName = NewName();
        using Visitor second = await SignedUpAsync(secondName);
        Guid remix = await CopyAsync(second, code);
        await RenameAsync(second, remix, $"{title} 2");
        string secondCode = await PublishAsync(second, remix, new { withCode = true });
        using Visitor third = await Fixture.NewVisitorAsync();
        Guid last = await CopyAsync(third, secondCode);
        string thirdName = NewName();
        (await PostAsync(third, "sign-up", thirdName, Password)).EnsureSuccessStatusCode();
        // The copy of a remix stays one.
        using HttpResponseMessage duplicated =
            await third.Http.PostAsJsonAsync($"/api/projects/{last}/duplicate", new { name = $"{title} 3" });
        last = (await Visitor.JsonOf(duplicated, HttpStatusCode.Created))["id"]!.GetValue<Guid>();
        string thirdCode = await PublishAsync(third, last);

        Assert.Equal((title, name, code), Related((await GameOfAsync(anybody, secondCode))["remixOf"]));
        JsonNode family = await FamilyAsync(anybody, thirdCode);
        Assert.Equal([(title, code), ($"{title} 2", secondCode)], family["ancestors"]!.AsArray().Select(TitleAndCode));
        Assert.Empty(family["remixes"]!.AsArray());
        JsonNode first = await FamilyAsync(anybody, code);
        Assert.Empty(first["ancestors"]!.AsArray());
        Assert.Equal([($"{title} 2", secondCode)], first["remixes"]!.AsArray().Select(TitleAndCode));
        Assert.Equal(
            ($"{title} 3", thirdName, thirdCode), Related(Assert.Single((await FamilyAsync(anybody, secondCode))["remixes"]!.AsArray())));

        // Out of the gallery: the name stays, the link goes. Another name is known.
        (await owner.Http.DeleteAsync(UrlOf(id))).EnsureSuccessStatusCode();
        await RenameAsync(owner, id, $"{title} one");
        Assert.Equal(($"{title} one", name, null), Related((await GameOfAsync(anybody, secondCode))["remixOf"]));
        (await second.Http.DeleteAsync(UrlOf(remix))).EnsureSuccessStatusCode();
        Assert.Equal(
            [($"{title} one", null), ($"{title} 2", null)],
            (await FamilyAsync(anybody, thirdCode))["ancestors"]!.AsArray().Select(TitleAndCode));

        // In the trash it counts as deleted. A copy that was made before the server kept titles names the game before it.
        (await second.Http.DeleteAsync($"/api/projects/{remix}")).EnsureSuccessStatusCode();
        Assert.Equal(($"{title} 2", secondName, null), Related((await GameOfAsync(anybody, thirdCode))["remixOf"]));
        await ExecuteAsync($"delete from remix_credits where project_id in ('{remix}', '{last}')");
        Assert.Equal(($"{title} one", name, null), Related((await GameOfAsync(anybody, thirdCode))["remixOf"]));
        await ExecuteAsync($"update projects set taken_down_at = now() where id = '{id}'");
        Assert.Null((await GameOfAsync(anybody, thirdCode))["remixOf"]);
        Assert.Empty((await FamilyAsync(anybody, thirdCode))["ancestors"]!.AsArray());
    }

    [Fact]
    public async Task Only_published_remixes_are_shown_and_no_more_than_a_page()
    {
        using Visitor owner = await SignedUpAsync(NewName());
        Guid id = await GameAsync(owner, NewWord());
        string code = await PublishAsync(owner, id, new { withCode = true });
        List<Guid> remixes = [];
        for (int made = 0; made < 27; made++)
        {
            remixes.Add(await CopyAsync(owner, code));
        }

        foreach (Guid remix in remixes[..26])
        {
            await PublishAsync(owner, remix);
        }

        await ExecuteAsync($"update projects set taken_down_at = now() where id = '{remixes[25]}'");
        (await owner.Http.DeleteAsync($"/api/projects/{remixes[24]}")).EnsureSuccessStatusCode();
        JsonArray shown = (await FamilyAsync(owner.Http, code))["remixes"]!.AsArray();
        Assert.Equal(24, shown.Count);
        Assert.Equal((await owner.GetAsync(UrlOf(remixes[23])))["publication"]!["code"]!.GetValue<string>(), TitleAndCode(shown[0]).Code);
    }

    [Fact]
    public async Task Whoever_does_not_see_the_gallery_gets_no_codes_of_it()
    {
        string database = await Fixture.CreateDatabaseAsync();
        await using RunningApi members = await RunningApi.StartAsync(database, Fixture.Executor.Address, "--GALLERY=members");
        using Visitor owner = await Visitor.ArriveAsync(members.Address);
        (await PostAsync(owner, "sign-up", NewName(), Password)).EnsureSuccessStatusCode();
        string code = await PublishAsync(owner, await GameAsync(owner, "first"), new { withCode = true });
        string remix = await PublishAsync(owner, await CopyAsync(owner, code));
        using HttpClient anybody = new() { BaseAddress = members.Address };
        Assert.Equal(code, Related((await GameOfAsync(owner.Http, remix))["remixOf"]).Code);
        Assert.Single((await FamilyAsync(owner.Http, code))["remixes"]!.AsArray());
        Assert.Null(Related((await GameOfAsync(anybody, remix))["remixOf"]).Code);
        Assert.Empty((await FamilyAsync(anybody, code))["remixes"]!.AsArray());
        Assert.Null(Related(Assert.Single((await FamilyAsync(anybody, remix))["ancestors"]!.AsArray())).Code);
    }

    [Fact]
    public async Task Each_person_likes_a_game_once_and_the_most_liked_come_first()
    {
        using Visitor owner = await SignedUpAsync(NewName());
        using Visitor fan = await SignedUpAsync(NewName());
        using Visitor guest = await Fixture.NewVisitorAsync();
        using HttpClient anybody = new() { BaseAddress = owner.Http.BaseAddress };
        string word = NewWord();
        List<Guid> games = [];
        List<string> codes = [];
        for (int made = 0; made < 27; made++)
        {
            games.Add(await GameAsync(owner, $"{word} {made + 10}"));
            codes.Add(await PublishAsync(owner, games[made]));
        }

        Assert.Equal((1, true), await LikeAsync(fan, codes[3]));
        Assert.Equal((1, true), await LikeAsync(fan, codes[3]));
        Assert.Equal((2, true), await LikeAsync(owner, codes[3]));
        Assert.Equal((1, true), await LikeAsync(fan, codes[0]));
        Assert.Equal((1, true), await LikeAsync(fan, codes[5]));
        Assert.Equal((0, false), await LikeAsync(fan, codes[5], likes: false));
        Assert.Equal((0, false), await LikeAsync(fan, codes[5], likes: false));
        Assert.Equal((1, true), await LikeAsync(owner, codes[6]));
        foreach ((HttpClient caller, bool liked) in new[] { (fan.Http, true), (guest.Http, false), (anybody, false) })
        {
            JsonNode game = await GameOfAsync(caller, codes[3]);
            Assert.Equal((2, liked), (game["likes"]!.GetValue<int>(), game["liked"]!.GetValue<bool>()));
        }

        string[] newest = [.. Enumerable.Range(10, 27).Reverse().Select(number => $"{word} {number}")];
        string[] best = [$"{word} 13", $"{word} 16", $"{word} 10"];
        Assert.Equal([.. best, .. newest.Except(best)], await TitlesAsync(anybody, word, "liked"));
        Assert.Equal(newest, await TitlesAsync(anybody, word, "newest"));
        Assert.Equal(2, (await GamesAsync(anybody, $"{word} 13"))[0]["likes"]!.GetValue<int>());
        using HttpResponseMessage unknown = await anybody.GetAsync("/api/gallery?order=best");
        await Visitor.ProblemOf(unknown, HttpStatusCode.BadRequest, "bad_order");

        // No account, no like; a link that is not in the gallery has none.
        using (HttpResponseMessage refused = await guest.Http.PutAsync($"/api/play/{codes[0]}/like", null))
        {
            await Visitor.ProblemOf(refused, HttpStatusCode.Forbidden, "guests_cannot_like");
        }

        using (HttpResponseMessage stranger = await anybody.PutAsync($"/api/play/{codes[0]}/like", null))
        {
            await Visitor.ProblemOf(stranger, HttpStatusCode.Unauthorized, "not_signed_in");
        }

        using HttpResponseMessage made2 = await owner.Http.PostAsJsonAsync($"/api/projects/{games[0]}/links", new { });
        string link = (await Visitor.JsonOf(made2, HttpStatusCode.Created))["code"]!.GetValue<string>();
        Assert.Null((await GameOfAsync(fan.Http, link))["likes"]);
        using (HttpResponseMessage other = await fan.Http.PutAsync($"/api/play/{link}/like", null))
        {
            await Visitor.ProblemOf(other, HttpStatusCode.NotFound, "not_found");
        }

        // Likes outlive a pause of the publication, and go with the account.
        (await owner.Http.DeleteAsync(UrlOf(games[3]))).EnsureSuccessStatusCode();
        codes[3] = await PublishAsync(owner, games[3]);
        Assert.Equal(2, (await GameOfAsync(anybody, codes[3]))["likes"]!.GetValue<int>());
        await ExecuteAsync($"delete from accounts where id = '{fan.Id}'");
        Assert.Equal(1, (await GameOfAsync(anybody, codes[3]))["likes"]!.GetValue<int>());
        Assert.Equal(0, (await GameOfAsync(anybody, codes[0]))["likes"]!.GetValue<int>());
    }

    [Fact]
    public async Task Many_people_who_like_a_game_at_once_are_all_counted()
    {
        using Visitor owner = await SignedUpAsync(NewName());
        string code = await PublishAsync(owner, await GameAsync(owner, NewWord()));
        Visitor[] fans = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => SignedUpAsync(NewName())));
        await Task.WhenAll(fans.Select(fan => LikeAsync(fan, code)));
        Assert.Equal(6, (await GameOfAsync(owner.Http, code))["likes"]!.GetValue<int>());
        await Task.WhenAll(fans.Select(fan => LikeAsync(fan, code, likes: false)));
        Assert.Equal(0, (await GameOfAsync(owner.Http, code))["likes"]!.GetValue<int>());
        foreach (Visitor fan in fans)
        {
            fan.Dispose();
        }
    }

    [Fact]
    public async Task What_a_person_likes_is_in_the_export_and_goes_with_the_account()
    {
        using Visitor owner = await SignedUpAsync(NewName());
        using Visitor fan = await SignedUpAsync(NewName());
        string word = NewWord();
        List<Guid> games = [];
        List<string> codes = [];
        foreach (string title in new[] { $"{word} stays", $"{word} leaves", $"{word} goes down", $"{word} is nobody's favourite" })
        {
            games.Add(await GameAsync(owner, title));
            codes.Add(await PublishAsync(owner, games[^1]));
        }

        foreach (string code in codes[..3])
        {
            await LikeAsync(fan, code);
        }

        (await owner.Http.DeleteAsync(UrlOf(games[1]))).EnsureSuccessStatusCode();
        await ExecuteAsync($"update projects set taken_down_at = now() where id = '{games[2]}'");
        // What the gallery does not show any more is in the zip as a like, and not as a title that others could no longer read.
        JsonArray liked = await LikedAsync(fan);
        Assert.Equal(
            [($"{word} stays", $"/play/{codes[0]}"), (null, null), (null, null)],
            liked.Select(static one => (one!["title"]?.GetValue<string>(), one["link"]?.GetValue<string>())));
        Assert.Equal(
            await ScalarAsync<DateTime>($"select liked_at from likes where project_id = '{games[0]}'"),
            liked[0]!["likedAt"]!.GetValue<DateTimeOffset>().UtcDateTime);
        Assert.Empty(await LikedAsync(owner));

        (await fan.Http.PostAsJsonAsync("/api/account/delete", new { password = Password })).EnsureSuccessStatusCode();
        Assert.Equal(0, await ScalarAsync<long>($"select count(*) from likes where account_id = '{fan.Id}'"));
        Assert.Equal(0, (await GameOfAsync(owner.Http, codes[0]))["likes"]!.GetValue<int>());
    }

    private static async Task<JsonArray> LikedAsync(Visitor person)
    {
        using ZipArchive zip = new(new MemoryStream(await person.Http.GetByteArrayAsync("/api/account/export")));
        await using Stream account = zip.GetEntry("account.json")!.Open();
        return (await JsonNode.ParseAsync(account))!["likedGames"]!.AsArray();
    }

    private static async Task<(int Likes, bool Liked)> LikeAsync(Visitor person, string code, bool likes = true)
    {
        string url = $"/api/play/{code}/like";
        using HttpResponseMessage answer = await (likes ? person.Http.PutAsync(url, null) : person.Http.DeleteAsync(url));
        JsonNode now = await Visitor.JsonOf(answer, HttpStatusCode.OK);
        return (now["likes"]!.GetValue<int>(), now["liked"]!.GetValue<bool>());
    }

    private static async Task<IEnumerable<string>> TitlesAsync(HttpClient caller, string search, string order) =>
        (await GamesAsync(caller, search, $"&order={order}")).Select(static game => game["title"]!.GetValue<string>());
}
