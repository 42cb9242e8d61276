using System.Net;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Executor;

/// <summary>Tests that the Executor records what the viewers of a session get.</summary>
public sealed class RecordingTests(RelayScene.Fixture fixture) : RelayScene(fixture)
{
    private const string Stars = """
        import pygame, random
        pygame.init()
        screen = pygame.display.set_mode((320, 240))
        random.seed(4)
        clock = pygame.time.Clock()
        for picture in range(150):
            pygame.event.pump()
            screen.fill((20, 30, 40))
            for star in range(40):
                pygame.draw.circle(screen, (255, star * 6, picture), (random.randrange(320), random.randrange(240)), 3)
            pygame.draw.rect(screen, (255, 0, 0), (picture * 2, 100, 50, 50))
            pygame.display.flip()
            clock.tick(60)
        """;

    [Fact]
    public async Task A_recording_of_a_real_game_has_the_pictures_that_its_viewer_got()
    {
        await using ExecutorHost host = await ExecutorHost.StartRealAsync(new() { ["FORCE_DOCKER_EXECUTION"] = "true" });
        SessionInfo session = await host.RunAsync(ExecutorHost.Request(Stars) with { RecordSeconds = 1 });
        await using TestViewer viewer = await TestViewer.ConnectAsync(host, session.SessionId);
        await viewer.EndAsync();
        byte[][] seen = [.. viewer.Messages.Where(static message => (MessageType)message[0] == MessageType.Frame)];
        byte[] file = await ReadAsync(host, session.SessionId);
        byte[][] recorded = Recordings.MessagesOf(file);
        // The recording ends before the game.
        Assert.InRange(recorded.Length, 10, seen.Length - 10);
        Assert.Equal(Recordings.ChainOf(seen[..recorded.Length]), Recordings.ChainOf(recorded));
        Assert.InRange(RecordingFile.Read(file).Millis, 900, 1000);
    }

    [Fact]
    public async Task The_next_seconds_are_recorded_when_somebody_asks_for_them()
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync(seconds: 10);
        await IsRefusedAsync(HttpMethod.Get, id, HttpStatusCode.NotFound);
        await sandbox.SayFrameAsync(1, keyframe: true);
        await sandbox.SayFrameAsync(2, keyframe: false);
        await Eventually.TrueAsync(async () => (await _host.InfoAsync(id)).Frames == 2);
        Assert.Equal([1u, 2], NumbersOf(await ReadAsync(_host, id)));

        int before = sandbox.Of(MessageType.KeyframeRequest).Count();
        using (HttpResponseMessage asked = await _host.SendAsync(HttpMethod.Post, $"/sessions/{id}/recording"))
        {
            Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        }

        // It asks again until a keyframe comes, although nobody watches.
        await Eventually.TrueAsync(() => sandbox.Of(MessageType.KeyframeRequest).Count() >= before + 2, "a keyframe is asked for");
        await IsRefusedAsync(HttpMethod.Get, id, HttpStatusCode.NotFound);
        await sandbox.SayFrameAsync(3, keyframe: false);
        await sandbox.SayFrameAsync(4, keyframe: true);
        await sandbox.SayFrameAsync(5, keyframe: false);
        await sandbox.SayEndedAsync(EndReasons.Finished);
        await _host.EndOfAsync(id);
        Assert.Equal([4u, 5], NumbersOf(await ReadAsync(_host, id)));
        await IsRefusedAsync(HttpMethod.Post, id, HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_session_that_is_not_to_be_recorded_is_not()
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync(seconds: 0);
        await sandbox.SayFrameAsync(1, keyframe: true);
        await Eventually.TrueAsync(async () => (await _host.InfoAsync(id)).Frames == 1);
        await IsRefusedAsync(HttpMethod.Get, id, HttpStatusCode.NotFound);
        await IsRefusedAsync(HttpMethod.Post, id, HttpStatusCode.Conflict);
        await IsRefusedAsync(HttpMethod.Get, Guid.NewGuid(), HttpStatusCode.NotFound);
        await IsRefusedAsync(HttpMethod.Post, Guid.NewGuid(), HttpStatusCode.NotFound);
    }

    private static uint[] NumbersOf(byte[] file) => [.. Recordings.MessagesOf(file).Select(FrameNumber)];

    private static async Task<byte[]> ReadAsync(ExecutorHost host, Guid id)
    {
        using HttpResponseMessage answer = await host.SendAsync(HttpMethod.Get, $"/sessions/{id}/recording");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsByteArrayAsync();
    }

    private async Task IsRefusedAsync(HttpMethod method, Guid id, HttpStatusCode status)
    {
        using HttpResponseMessage answer = await _host.SendAsync(method, $"/sessions/{id}/recording");
        Assert.Equal(status, answer.StatusCode);
    }

    private async Task<(Guid Id, ScriptedSandbox Sandbox)> StartAsync(int seconds)
    {
        string marker = "# " + Guid.NewGuid();
        SessionInfo info = await _host.RunAsync(ExecutorHost.Request(marker) with { RecordSeconds = seconds });
        ScriptedSandbox sandbox = await _sandboxes.OfSessionAsync(marker);
        await sandbox.SayRunningAsync();
        return (info.SessionId, sandbox);
    }
}
