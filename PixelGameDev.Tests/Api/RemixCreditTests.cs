using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests what a remix says of its original after that was deleted.</summary>
public sealed class RemixCreditTests(ApiFixture fixture) : GalleryTestBase(fixture)
{
    [Fact]
    public async Task A_remix_of_a_deleted_game_names_it_as_it_was_when_the_remix_was_made()
    {
        string name = NewName();
        using Visitor owner = await SignedUpAsync(name);
        using Visitor fan = await SignedUpAsync(NewName());
        string title = NewWord();
        Guid id = await GameAsync(owner, title);
        string code = await PublishAsync(owner, id, new { withCode = true });
        Guid copy = await CopyAsync(fan, code);
        await RenameAsync(fan, copy, $"{title} 2");
        string remix = await PublishAsync(fan, copy, new { withCode = true });
        string second = await PublishAsync(fan, await DuplicateAsync(fan, copy));
        string last = await PublishAsync(fan, await CopyAsync(fan, remix));
        await RenameAsync(owner, id, $"{title} now");
        Assert.Equal((($"{title} now", name, code), false), await OriginalAsync(remix));

        // The trash is a deletion that can be undone.
        (await owner.Http.DeleteAsync($"/api/projects/{id}")).EnsureSuccessStatusCode();
        Assert.Equal(((title, name, null), true), await OriginalAsync(remix));
        (await owner.Http.PostAsync($"/api/projects/{id}/restore", null)).EnsureSuccessStatusCode();
        Assert.Equal((($"{title} now", name, code), false), await OriginalAsync(remix));

        await RemoveAsync(owner, id);
        Assert.Equal(((title, name, null), true), await OriginalAsync(remix));
        Assert.Equal(((title, name, null), true), await OriginalAsync(second));
        Assert.Equal((($"{title} 2", remix), false), await AncestorAsync(last, 1));
        Assert.Equal(((title, null), true), await AncestorAsync(last, 0));

        // Nothing of a deleted account stays.
        (await owner.Http.PostAsJsonAsync("/api/account/delete", new { password = Password })).EnsureSuccessStatusCode();
        Assert.Null((await GameOfAsync(fan.Http, remix))["remixOf"]);
        Assert.Equal(0, await CreditsAsync(title));

        async Task<((string, string?), bool)> AncestorAsync(string game, int place)
        {
            JsonArray ancestors = (await FamilyAsync(fan.Http, game))["ancestors"]!.AsArray();
            Assert.Equal(2, ancestors.Count);
            return (TitleAndCode(ancestors[place]), ancestors[place]!["gone"]!.GetValue<bool>());
        }

        async Task<((string, string, string?), bool)> OriginalAsync(string game)
        {
            JsonNode original = (await GameOfAsync(fan.Http, game))["remixOf"]!;
            return (Related(original), original["gone"]!.GetValue<bool>());
        }
    }

    [Fact]
    public async Task Nothing_of_a_game_that_was_taken_down_stays_after_it_was_deleted()
    {
        using Visitor owner = await SignedUpAsync(NewName());
        string title = NewWord();
        Guid id = await GameAsync(owner, title);
        string code = await PublishAsync(owner, id, new { withCode = true });
        string remix = await PublishAsync(owner, await CopyAsync(owner, code));
        Assert.Equal(1, await CreditsAsync(title));

        await ExecuteAsync($"update projects set taken_down_at = now() where id = '{id}'");
        Assert.Null((await GameOfAsync(owner.Http, remix))["remixOf"]);
        (await owner.Http.DeleteAsync($"/api/projects/{id}")).EnsureSuccessStatusCode();
        Assert.Null((await GameOfAsync(owner.Http, remix))["remixOf"]);
        // Given back, it is as before.
        await ExecuteAsync($"update projects set taken_down_at = null where id = '{id}'");
        Assert.Equal(title, Related((await GameOfAsync(owner.Http, remix))["remixOf"]).Title);
        await ExecuteAsync($"update projects set taken_down_at = now() where id = '{id}'");
        (await owner.Http.DeleteAsync($"/api/trash/projects/{id}")).EnsureSuccessStatusCode();
        Assert.Null((await GameOfAsync(owner.Http, remix))["remixOf"]);
        Assert.Equal(0, await CreditsAsync(title));

        // One statement deletes a game that is down and a remix of it, which has the same owner.
        code = await PublishAsync(owner, await GameAsync(owner, title), new { withCode = true });
        await CopyAsync(owner, code);
        Assert.Equal(1, await CreditsAsync(title));
        await ExecuteAsync($"update projects set taken_down_at = now() where owner_id = '{owner.Id}'");
        (await owner.Http.PostAsJsonAsync("/api/account/delete", new { password = Password })).EnsureSuccessStatusCode();
        Assert.Equal(0, await CreditsAsync(title));
    }

    [Fact]
    public async Task The_game_of_a_guest_who_signs_in_is_named_with_the_account()
    {
        string name = NewName();
        using Visitor home = await SignedUpAsync(name);
        using Visitor guest = await Fixture.NewVisitorAsync();
        using Visitor fan = await SignedUpAsync(NewName());
        string title = NewWord();
        Guid id = await GameAsync(guest, title);
        using HttpResponseMessage made = await guest.Http.PostAsJsonAsync($"/api/projects/{id}/links", new { withCode = true });
        string code = (await Visitor.JsonOf(made, HttpStatusCode.Created))["code"]!.GetValue<string>();
        string remix = await PublishAsync(fan, await CopyAsync(fan, code));
        (await PostAsync(guest, "sign-in", name, Password)).EnsureSuccessStatusCode();
        await RemoveAsync(home, id);
        Assert.Equal((title, name, null), Related((await GameOfAsync(fan.Http, remix))["remixOf"]));
    }

    private static async Task<Guid> DuplicateAsync(Visitor owner, Guid project)
    {
        using HttpResponseMessage made = await owner.Http.PostAsJsonAsync($"/api/projects/{project}/duplicate", new { });
        return (await Visitor.JsonOf(made, HttpStatusCode.Created))["id"]!.GetValue<Guid>();
    }

    /// <summary>Deletes a game for good.</summary>
    private static async Task RemoveAsync(Visitor owner, Guid project)
    {
        (await owner.Http.DeleteAsync($"/api/projects/{project}")).EnsureSuccessStatusCode();
        (await owner.Http.DeleteAsync($"/api/trash/projects/{project}")).EnsureSuccessStatusCode();
    }

    private Task<long> CreditsAsync(string title) => ScalarAsync<long>($"select count(*) from remix_credits where title = '{title}'");
}
