using System.Text.Json.Nodes;

namespace PixelGameDev.Tests.Api;

/// <content>Copies of a reported game, which an admin should look at, too.</content>
public sealed partial class ModerationTests
{
    [Fact]
    public async Task The_list_names_the_remixes_of_a_reported_game_that_are_in_the_gallery()
    {
        using Visitor admin = await AdminAsync();
        string name = NewName();
        using Visitor owner = await SignedUpAsync(name);
        string word = NewWord();
        Guid id = await GameAsync(owner, word);
        string code = await PublishAsync(owner, id, new { withCode = true });
        (await ReportAsync(owner.Http, code, "other")).EnsureSuccessStatusCode();
        Assert.Equal((0, 0), Remixes(await FindAsync(admin, id)));

        // A remix, and a remix of that; and copies that nobody else sees.
        List<string> shown = [];
        foreach (string title in new[] { $"{word} 2", $"{word} 3" })
        {
            Guid copy = await CopyAsync(owner, shown.LastOrDefault() ?? code);
            await RenameAsync(owner, copy, title);
            shown.Add(await PublishAsync(owner, copy, new { withCode = true }));
        }

        await CopyAsync(owner, code);
        Guid[] hidden = [await CopyAsync(owner, code), await CopyAsync(owner, code)];
        foreach (Guid copy in hidden)
        {
            await PublishAsync(owner, copy);
        }

        await ExecuteAsync($"update projects set taken_down_at = now() where id = '{hidden[0]}'");
        (await owner.Http.DeleteAsync($"/api/projects/{hidden[1]}")).EnsureSuccessStatusCode();
        foreach (bool down in new[] { false, true })
        {
            JsonNode game = await FindAsync(admin, id, settled: down);
            Assert.Equal((2, 2), Remixes(game));
            Assert.Equal([($"{word} 3", name, shown[1]), ($"{word} 2", name, shown[0])], game["remixes"]!.AsArray().Select(Related));
            if (!down)
            {
                await DecideAsync(admin, id, "take-down", new { reason = "other" });
            }
        }

        // So many that not all are listed.
        await ExecuteAsync(
            $"""
            with copy as (
                insert into projects (id, owner_id, name, entry, copied_from)
                select gen_random_uuid(), '{owner.Id}', 'Copy', 'main.py', '{id}' from generate_series(1, 25) returning id),
            link as (
                insert into links (id, project_id, code, code_hash, with_code)
                select id, id, id, sha256(id::text::bytea), false from copy returning id)
            insert into publications (id, project_id, link_id, title, how_to_play, tags) select id, id, id, 'Copy', '', '{"{}"}' from link
            """);
        Assert.Equal((27, 24), Remixes(await FindAsync(admin, id, settled: true)));

        static (int Count, int Listed) Remixes(JsonNode game) =>
            (game["remixCount"]!.GetValue<int>(), game["remixes"]!.AsArray().Count);
    }
}
