using System.Net;
using System.Net.Http.Json;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Executor;

/// <summary>Tests that the Executor holds the small picture of a game until the Api takes it, and believes no sandbox.</summary>
public sealed class PictureTests(RelayScene.Fixture fixture) : RelayScene(fixture)
{
    [Fact]
    public async Task A_picture_is_given_once()
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        Assert.False((await _host.InfoAsync(id)).HasPicture);
        await sandbox.SayAsync(SmallPictureMessage.Create([0x112233, 0x445566], 2, 1)!);
        await sandbox.SayEndedAsync(EndReasons.Finished);
        Assert.True((await _host.EndOfAsync(id)).HasPicture);
        using (HttpResponseMessage taken = await _host.SendAsync(HttpMethod.Delete, $"/sessions/{id}/picture"))
        {
            Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
            SmallPicture picture = (await taken.Content.ReadFromJsonAsync<SmallPicture>())!;
            Assert.Equal((2, 1), (picture.Width, picture.Height));
            Assert.Equal([0x11, 0x22, 0x33, 0x44, 0x55, 0x66], picture.Pixels);
        }

        Assert.False((await _host.InfoAsync(id)).HasPicture);
        foreach (Guid unknown in new[] { id, Guid.NewGuid() })
        {
            using HttpResponseMessage none = await _host.SendAsync(HttpMethod.Delete, $"/sessions/{unknown}/picture");
            Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        }
    }

    [Theory]
    [InlineData("second")]
    [InlineData("short")]
    [InlineData("wide")]
    public async Task A_sandbox_that_sends_more_or_other_than_GameHost_does_ends(string attack)
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        byte[] good = SmallPictureMessage.Create([1, 2], 2, 1)!;
        byte[][] messages = attack switch
        {
            "second" => [good, good],
            "short" => [good[..^1]],
            _ => [[good[0], 0x41, 1, 1, 0, .. new byte[3 * 0x141]]],
        };
        await FloodAsync(
            sandbox, [.. messages.SelectMany(static message => (byte[])[.. BitConverter.GetBytes(message.Length), .. message])]);
        Assert.Equal(EndReasons.ProtocolError, (await _host.EndOfAsync(id)).EndReason);
    }
}
