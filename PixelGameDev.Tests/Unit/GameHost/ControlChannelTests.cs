using System.Text;
using PixelGameDev.GameHost.Game;
using PixelGameDev.GameHost.Native;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Unit.GameHost;

/// <summary>Tests that the last message of a game counts, however late GameHost reads it.</summary>
public sealed class ControlChannelTests
{
    private const int AfUnix = 1;
    private const int SeqpacketCloexec = 5 | 0x80000;

    /// <summary>Tests it also for a game that has not read its input: its end resets the socket.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_end_of_a_game_waits_until_its_last_report_and_its_result_are_read(bool unreadInput)
    {
        (int ours, int games) = Pair();
        using SlowEvents events = new();
        ControlChannel channel = new(ours, events);
        channel.Start();
        Send(games, "E{\"type\":\"ValueError\",\"message\":\"m\",\"frames\":[],\"text\":\"t\"}");
        Send(games, "R{\"kind\":\"crashed\",\"exitCode\":1}");
        if (unreadInput)
        {
            Assert.True(channel.TrySend([1, 2, 3]));
        }

        // The game is dead. Its messages are still in the socket.
        _ = Libc.Close(games);
        Assert.False(channel.WaitForEnd(TimeSpan.Zero));
        Assert.Null(events.Result);

        events.Read.Set();
        Assert.True(await Task.Run(() => channel.WaitForEnd(Eventually.Limit)));
        Assert.Equal(("ValueError", EndReasons.Crashed), (events.Report?.Type, events.Result?.Kind));
        _ = Libc.Close(ours);
    }

    private static unsafe (int Ours, int Games) Pair()
    {
        int* pair = stackalloc int[2];
        Libc.Check(Libc.SocketPair(AfUnix, SeqpacketCloexec, 0, pair), "socketpair");
        return (pair[0], pair[1]);
    }

    private static unsafe void Send(int descriptor, string packet)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(packet);
        fixed (byte* pointer = bytes)
        {
            Assert.Equal(bytes.Length, (int)Libc.Send(descriptor, pointer, (nuint)bytes.Length, 0));
        }
    }

    /// <summary>Handles a report only when the test says so, like a very busy machine.</summary>
    private sealed class SlowEvents : IGameEvents, IDisposable
    {
        public ManualResetEventSlim Read { get; } = new();

        public ErrorReport? Report { get; private set; }

        public GameResult? Result { get; private set; }

        public void Failed(ErrorReport report)
        {
            Read.Wait();
            Report = report;
        }

        public void Finishing(GameResult result) => Result = result;

        public void Warm(HelloInfo info)
        {
        }

        public void Running()
        {
        }

        public void Caption(string text)
        {
        }

        public void ForPage(byte[] message)
        {
        }

        public void Rumble(ReadOnlySpan<byte> strengths)
        {
        }

        public void Cursor(CursorState cursor)
        {
        }

        public void InputRequested(string prompt)
        {
        }

        public void Sound(SoundFormat format)
        {
        }

        public void Dispose() => Read.Dispose();
    }
}
