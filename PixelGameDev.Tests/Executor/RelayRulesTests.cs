using System.Net.WebSockets;
using System.Text;
using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Executor;

/// <summary>Tests what the Executor does with sandboxes and viewers that break the rules.</summary>
public sealed class RelayRulesTests(RelayScene.Fixture fixture) : RelayScene(fixture)
{
    public static TheoryData<string, byte[]> Malformed() => new()
    {
        { "length zero", [0, 0, 0, 0] },
        { "length of 4 GiB", [255, 255, 255, 255, 1] },
        { "frame that says 16 MiB + 1", [1, 0, 0, 1, 1] },
        { "unknown type", [2, 0, 0, 0, 0x7F, 0] },
        { "a message only pages send", [10, 0, 0, 0, 0x82, 1, 0, 0, 0, 1, 0, 1, 0, 0] },
        { "a message only the Executor sends", [4, 0, 0, 0, 0xC4, 1, 0, 60] },
        { "console of 1 MiB", [0, 0, 16, 0, 0x02] },
        { "console of an unknown stream", [3, 0, 0, 0, 0x02, 9, 65] },
        { "frame shorter than its header", [5, 0, 0, 0, 0x01, 1, 1, 1, 1] },
        { "frame of 65535 × 65535 pixels", [22, 0, 0, 0, 0x01, 1, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
        { "state that is no JSON", [6, 0, 0, 0, 0x06, 123, 123, 123, 123, 123] },
        { "ended that is no JSON", [6, 0, 0, 0, 0x08, 0, 1, 2, 3, 4] },
        { "a second hello", [7, 0, 0, 0, 0x0B, 1, 0, 123, 125, 32, 32] },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task A_malformed_message_ends_the_session_and_no_other(string what, byte[] bytes)
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        (Guid neighbour, ScriptedSandbox other) = await StartAsync();
        await using TestViewer viewer = await TestViewer.ConnectAsync(_host, id);
        await sandbox.SayRawAsync(bytes);

        SessionEnded ended = await viewer.EndAsync();

        Assert.True(ended.Reason == EndReasons.ProtocolError, $"{what}: {ended}");
        Assert.False(string.IsNullOrWhiteSpace(ended.Detail));
        Assert.Equal(WebSocketCloseStatus.NormalClosure, viewer.CloseStatus);
        await Eventually.TrueAsync(() => sandbox.Disposed, "the sandbox is thrown away");
        await using TestViewer watching = await TestViewer.ConnectAsync(_host, neighbour);
        await Eventually.TrueAsync(() => other.Of(MessageType.KeyframeRequest).Any(), "the neighbour's viewer has joined");
        await other.SayFrameAsync(1, keyframe: true);
        await watching.UntilAsync(MessageType.Frame);
    }

    [Theory]
    [InlineData("time_limit")]
    [InlineData("idle")]
    [InlineData("shutting_down")]
    [InlineData("something_of_its_own")]
    public async Task A_sandbox_may_not_claim_an_end_that_is_not_its_own_to_give(string reason)
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        await sandbox.SayEndedAsync(reason);
        Assert.Equal(EndReasons.ProtocolError, (await _host.EndOfAsync(id)).EndReason);
    }

    public static TheoryData<string, byte[]> BadInput() => new()
    {
        { "a frame from a page", [0x01, 1, 2, 3] },
        { "a file from a page", [0xC1, 1, 0, 97, 98] },
        { "stop from a page", [0xC3, 0, 0, 0, 0] },
        { "short mouse move", [0x82, 1, 0] },
        { "sixth mouse button", [0x83, 1, 0, 0, 0, 6, 1, 0, 0, 0, 0] },
        { "key neither up nor down", [0x81, 1, 0, 0, 0, 2, 0, 4, 0, 0, 0, 97, 0, 0, 0] },
        { "scancode 65535", [0x81, 1, 0, 0, 0, 1, 0, 255, 255, 0, 0, 97, 0, 0, 0] },
        { "text that is not UTF-8", [0x86, 0xFF, 0xFE] },
        { "two lines at once", [0x86, 65, 10, 66] },
        { "200 frames a second", [0x8A, 1, 200] },
        { "unknown type", [0xBF] },
        { "a long message", [0x86, .. Enumerable.Repeat((byte)65, 5000)] },
    };

    [Theory]
    [MemberData(nameof(BadInput))]
    public async Task A_viewer_that_breaks_the_rules_is_closed_with_1008_and_the_session_goes_on(string what, byte[] message)
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        await using TestViewer bad = await TestViewer.ConnectAsync(_host, id);
        await bad.SendAsync(message);
        Assert.True(await bad.ClosedAsync() == WebSocketCloseStatus.PolicyViolation, what);

        await using TestViewer good = await TestViewer.ConnectAsync(_host, id);
        await Eventually.TrueAsync(() => sandbox.Of(MessageType.KeyframeRequest).Count() == 2, "the good one has joined too");
        await sandbox.SayFrameAsync(1, keyframe: true);
        await good.UntilAsync(MessageType.Frame);
    }

    [Fact]
    public async Task A_viewer_that_floods_is_closed_with_1008()
    {
        (Guid id, _) = await StartAsync();
        await using TestViewer flooder = await TestViewer.ConnectAsync(_host, id);
        try
        {
            for (int count = 0; count < 20_000; count++)
            {
                await flooder.SendAsync((byte)MessageType.KeyframeRequest);
            }
        }
        catch (WebSocketException)
        {
            // The Executor closed the connection during the send.
        }

        Assert.Equal(WebSocketCloseStatus.PolicyViolation, await flooder.ClosedAsync());
    }

    /// <summary>Tests six seconds of a mouse that looks around, which arrive at once after a stall.</summary>
    [Fact]
    public async Task A_viewer_whose_connection_stood_still_may_send_everything_at_once()
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        await using TestViewer viewer = await TestViewer.ConnectAsync(_host, id);
        for (int count = 0; count < 1600; count++)
        {
            await viewer.SendAsync([(byte)MessageType.Ack, 1, 0, 0, 0, 9, 0, 0, 0]);
        }

        await viewer.SendAsync([(byte)MessageType.Focus, 1, 0, 0, 0, 1]);
        await Eventually.TrueAsync(() => sandbox.Of(MessageType.Focus).Any(), "the last message has arrived");
        await viewer.CloseAsync();
        Assert.Equal(WebSocketCloseStatus.NormalClosure, viewer.CloseStatus);
    }

    [Fact]
    public async Task Text_messages_are_refused()
    {
        (Guid id, _) = await StartAsync();
        await using TestViewer viewer = await TestViewer.ConnectAsync(_host, id);
        await viewer.SendTextAsync("hello");
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, await viewer.ClosedAsync());
    }

    [Fact]
    public async Task A_flood_of_small_messages_is_a_stream_limit_and_a_flood_of_text_an_output_limit()
    {
        (Guid messages, ScriptedSandbox flooding) = await StartAsync();
        byte[] small = [2, 0, 0, 0, (byte)MessageType.Caption, 65];
        await FloodAsync(flooding, [.. Enumerable.Repeat(small, 20_000).SelectMany(static bytes => bytes)]);
        SessionInfo flooded = await _host.EndOfAsync(messages);
        Assert.Equal((EndReasons.StreamLimit, "Your game sent more pictures than can be shown."), (flooded.EndReason, flooded.EndMessage));
        Assert.Contains("messages a second", flooded.EndDetail, StringComparison.Ordinal);

        (Guid text, ScriptedSandbox printing) = await StartAsync();
        byte[] big = [0, 0xF0, 0, 0, (byte)MessageType.Console, 1, .. Enumerable.Repeat((byte)65, 0xF000 - 2)];
        await FloodAsync(printing, [.. Enumerable.Repeat(big, 100).SelectMany(static bytes => bytes)]);
        SessionInfo printed = await _host.EndOfAsync(text);
        Assert.Equal((EndReasons.OutputLimit, EndReasons.SentenceOf(EndReasons.OutputLimit)),
            (printed.EndReason, printed.EndMessage));
        Assert.Contains("the console flooded", printed.EndDetail, StringComparison.Ordinal);
    }
}
