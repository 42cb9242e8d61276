using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests what the players 2 to 4 of a project press.</summary>
public sealed class SeatControlsTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task What_the_other_players_press_stays_with_the_project_and_its_copies()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.NewProjectAsync();
        Assert.Null((await visitor.GetAsync($"/api/projects/{id}"))["seats"]);
        string[] keys = ["KeyW", "KeyS", "KeyA", "KeyD", "Space", "KeyE", "Digit2"];
        object[] chosen = [new { kind = "keys", keys }, new { kind = "gamepad", keys }, new { kind = "keys", keys }];
        using HttpResponseMessage changed = await visitor.Http.PatchAsJsonAsync($"/api/projects/{id}", new { seats = chosen });
        JsonNode seats = (await Visitor.JsonOf(changed, HttpStatusCode.OK))["seats"]!;
        Assert.Equal(["keys", "gamepad", "keys"], seats.AsArray().Select(static seat => seat!["kind"]!.GetValue<string>()));
        Assert.Equal(keys, seats[1]!["keys"]!.AsArray().Select(static key => key!.GetValue<string>()));
        using HttpResponseMessage copied = await visitor.Http.PostAsJsonAsync($"/api/projects/{id}/duplicate", new { });
        Guid copy = (await Visitor.JsonOf(copied, HttpStatusCode.Created))["id"]!.GetValue<Guid>();
        Assert.True(JsonNode.DeepEquals(seats, (await visitor.GetAsync($"/api/projects/{copy}"))["seats"]));

        foreach (object?[] wrong in new object?[][]
        {
            [],
            [chosen[0], chosen[1]],
            [chosen[0], chosen[1], null],
            [chosen[0], chosen[1], new { kind = "mouse", keys }],
            [chosen[0], chosen[1], new { kind = "keys", keys = keys[..6] }],
            [chosen[0], chosen[1], new { kind = "keys", keys = (string[])[.. keys[..6], "<b>"] }],
            [chosen[0], chosen[1], new { kind = "keys", keys = (string?[])[.. keys[..6], null] }],
        })
        {
            using HttpResponseMessage refused = await visitor.Http.PatchAsJsonAsync($"/api/projects/{id}", new { seats = wrong });
            await Visitor.ProblemOf(refused, HttpStatusCode.BadRequest, "bad_seats");
        }
    }
}
