using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Sessions;
using PixelGameDev.Executor.Viewers;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;
using PixelGameDev.Tests.Fixtures.Sandbox;

namespace PixelGameDev.Tests.Unit.Executor;

/// <summary>Tests what remains of a session for the minutes that its record is kept.</summary>
public sealed class EndedSessionTests
{
    [Fact]
    public async Task An_ended_session_holds_no_viewer_whose_ping_was_never_answered()
    {
        Session session = NewSession();
        WeakReference viewer = await WatchAsync(session);
        session.End(EndReasons.Stopped, "a test");
        await session.DisposeSandboxAsync();
        // A viewer that connects late and asks again.
        WeakReference late = await WatchAsync(session);
        await Eventually.TrueAsync(() => IsCollected(viewer), "the viewer is held no longer");
        await Eventually.TrueAsync(() => IsCollected(late), "the late viewer is held no longer");
        GC.KeepAlive(session);
    }

    [Fact]
    public void The_console_of_an_ended_session_lies_in_buffers_of_its_size()
    {
        SessionRelay relay = new(TimeProvider.System);
        for (int line = 0; line < 3; line++)
        {
            PooledMessage message = PooledMessage.Create(MessageType.Console, [1, .. "12345678\n"u8]);
            relay.Publish(message);
            message.Release();
        }

        int before = relay.ConsoleCost;
        PooledMessage ended = PooledMessage.Create(MessageType.Ended, "{}"u8);
        relay.End(ended);
        ended.Release();
        Assert.Equal("12345678\n12345678\n12345678\n", relay.ConsoleTail(1000));
        Assert.InRange(before, 4096, 8192);
        Assert.InRange(relay.ConsoleCost, 1, 512);
        relay.Clear();
    }

    // A separate method with its own stack frame, because the caller's frame may hold a reference longer than the source says.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> WatchAsync(Session session)
    {
        using ClientWebSocket socket = new();
        Viewer viewer = new(socket, session.Relay, session.Pings, TimeProvider.System);
        using CancellationTokenSource leave = new();
        Task watching = viewer.RunAsync(leave.Token);
        session.Pings.Send(viewer, new byte[sizeof(ulong)]).Release();
        await leave.CancelAsync();
        await watching;
        return new WeakReference(viewer);
    }

    // It may need some tries: a thread that ended the viewer's last method, but was interrupted before it left it, still holds the viewer.
    private static bool IsCollected(WeakReference reference)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return !reference.IsAlive;
    }

    private static Session NewSession() => new(
        new StartSessionRequest(Guid.NewGuid(), "ada", "main.py", []), SandboxKinds.Docker, TestGameImage.Options, TimeProvider.System,
        NullLogger.Instance);
}
