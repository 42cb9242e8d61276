using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Api;
using PixelGameDev.Tests.Executor;

namespace PixelGameDev.Tests.Publishing;

/// <content>A game that its maker shares: under the published limits a stranger plays it, and a friend of the stranger joins.</content>
public sealed partial class ComposeStackTests
{
    // Its picture always changes, so frames arrive all the time.
    private const string SharedProgram = """
        import pygame
        screen = pygame.display.set_mode((64, 48))
        clock = pygame.time.Clock()
        step = 0
        while True:
            for event in pygame.event.get():
                if event.type == pygame.QUIT:
                    raise SystemExit
                if event.type in (pygame.KEYDOWN, pygame.KEYUP):
                    print("down" if event.type == pygame.KEYDOWN else "up", pygame.key.name(event.key))
            step += 1
            screen.fill((step % 256, 80, 160))
            pygame.display.flip()
            clock.tick(60)
        """;

    [Fact]
    public async Task A_stranger_plays_by_a_link_and_a_friend_joins_until_link_and_invitation_are_taken_back()
    {
        await stack.HealthyAsync();
        using HttpClient maker = Person(out _);
        Guid project = await FirstProjectAsync(maker);
        using (ByteArrayContent program = new(System.Text.Encoding.UTF8.GetBytes(SharedProgram)))
        {
            (await maker.PutAsync($"/api/projects/{project}/files/main.py", program)).EnsureSuccessStatusCode();
        }

        JsonNode link = await PostAsync(maker, $"/api/projects/{project}/links", HttpStatusCode.Created);
        string game = $"/api/play/{link["code"]}";

        // The stranger has no account, and becomes a guest with the first press of Play.
        using HttpClient stranger = Person(out CookieContainer cookies);
        Assert.False((await stranger.GetFromJsonAsync<JsonNode>(game))!["withCode"]!.GetValue<bool>());
        Assert.Equal(0, cookies.Count);
        await PostAsync(stranger, "/api/guests", HttpStatusCode.Created);
        string session = $"/api/sessions/{(await PostAsync(stranger, $"{game}/sessions", HttpStatusCode.Created))["id"]}";
        await using TestViewer player = await TestViewer.ConnectAsync(new Uri(stack.Address, $"{session}/stream"), cookies);
        await FramesAsync(player);
        await player.SendAsync(Left(1, down: true));
        await player.ConsoleUntilAsync("down left\n");

        // Somebody else without an account watches, asks for a place and gets it.
        string watch = $"/api/watch/{(await PostAsync(stranger, $"{session}/invitation", HttpStatusCode.OK))["code"]}";
        await using TestViewer friend = await TestViewer.ConnectAsync(new Uri(stack.Address, $"{watch}/stream"));
        await FramesAsync(friend);
        await player.SendAsync(new SeatControlsMessage(2, false, SeatScene.Letters).ToMessage());
        await SeatScene.SeatAsync(player, friend, 2, "Mia");
        await SeatScene.HoldAsync(friend, SeatButtons.Up);
        await player.ConsoleUntilAsync("down w\n");

        // Taken back: the friend is disconnected and holds nothing.
        (await stranger.DeleteAsync($"{session}/invitation")).EnsureSuccessStatusCode();
        await DisconnectedAsync(friend);
        await player.ConsoleUntilAsync("up w\n");
        await NothingAsync(stranger.GetAsync(watch));

        // Nobody starts the game by the revoked link. The stranger's own game goes on until it is stopped.
        (await maker.DeleteAsync($"/api/projects/{project}/links/{link["id"]}")).EnsureSuccessStatusCode();
        await NothingAsync(stranger.GetAsync(game));
        await NothingAsync(stranger.PostAsJsonAsync($"{game}/sessions", new { }));
        await player.SendAsync(Left(2, down: false));
        await player.ConsoleUntilAsync("up left\n");
        (await stranger.PostAsync($"{session}/stop", null)).EnsureSuccessStatusCode();
        Assert.Equal(EndReasons.Stopped, (await player.EndAsync()).Reason);

        static byte[] Left(uint number, bool down) => new KeyMessage(number, down, false, 80, 0, 0x40000050, "").ToMessage();

        static async Task FramesAsync(TestViewer viewer)
        {
            for (int frames = 0; frames < 10; frames++)
            {
                await viewer.UntilAsync(MessageType.Frame);
            }
        }

        static async Task DisconnectedAsync(TestViewer viewer)
        {
            try
            {
                await viewer.ClosedAsync();
            }
            catch (WebSocketException)
            {
                // The connection was cut, without a good-bye.
            }
        }
    }

    private static async Task<JsonNode> PostAsync(HttpClient person, string path, HttpStatusCode expected)
    {
        using HttpResponseMessage answer = await person.PostAsJsonAsync(path, new { });
        return await Visitor.JsonOf(answer, expected);
    }

    /// <summary>Asserts that the address is as if it had never been.</summary>
    private static async Task NothingAsync(Task<HttpResponseMessage> asked)
    {
        using HttpResponseMessage answer = await asked;
        JsonNode problem = await Visitor.JsonOf(answer, HttpStatusCode.NotFound);
        Assert.Equal("not_found", problem["code"]!.GetValue<string>());
    }
}
