using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Pool;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Executor.Sessions;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Tests.Fuzz;

/// <summary>
/// Runs 5,000 sandboxes that send a valid Hello and then something malformed, against the Executor's session over a real Unix socket. Each
/// session goes on or ends with a named reason. Nothing throws, nothing hangs, and no memory leaks.
/// </summary>
[Collection(Fixtures.SystemCollection.Name)]
public sealed class LinkFuzzTests : IDisposable
{
    private const int Seed = 20260202;
    private const int Count = 5000;
    private const long MostGrowth = 24L << 20;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly byte[] Hello = [45 + 2, 0, 0, 0, (byte)MessageType.Hello, 1, 0, .. """{"pygame":"2.6.1","python":"3.13.5","pid":1}"""u8];

    private static readonly byte[] Running = [20, 0, 0, 0, (byte)MessageType.State, .. """{"state":"running"}"""u8];
    private static readonly ExecutorOptions Options = new()
    {
        ForceDocker = true,
        ServiceKey = new byte[32],
        LinkDirectory = "/nowhere",
        ContentRoot = "/nowhere",
        Identity = "fuzz",
    };

    private readonly Fixtures.TestDirectory _directory = new();
    private readonly Socket _listener;

    public LinkFuzzTests()
    {
        _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(new UnixDomainSocketEndPoint(_directory.Sub("link.sock")));
        _listener.Listen(16);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Five_thousand_malformed_sandbox_messages_end_at_most_their_own_session()
    {
        Assert.Equal(Hello.Length - 4, Hello[0]);
        // What earlier tests have left is not counted.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        List<string> unobserved = [];
        void Note(object? sender, UnobservedTaskExceptionEventArgs error) => unobserved.Add(error.Exception.ToString());
        TaskScheduler.UnobservedTaskException += Note;
        try
        {
            MessageFuzzer fuzzer = new(Seed, MessageFuzzer.SandboxMessages);
            for (int number = -500; number < 0; number++)
            {
                await OneAsync(fuzzer.NextOnLink(number), number);
            }

            long before = GC.GetTotalMemory(forceFullCollection: true);
            Dictionary<string, int> ends = [];
            for (int number = 0; number < Count; number++)
            {
                string end = await OneAsync(fuzzer.NextOnLink(number), number);
                ends[end] = ends.GetValueOrDefault(end) + 1;
            }

            long growth = GC.GetTotalMemory(forceFullCollection: true) - before;
            GC.WaitForPendingFinalizers();
            Assert.True(unobserved.Count == 0, string.Join("\n", unobserved));
            Assert.True(growth < MostGrowth, $"{growth >> 10} KiB stayed.");
            Assert.True(ends.GetValueOrDefault(EndReasons.ProtocolError) > Count / 4,
                "Hardly anything was refused: " + string.Join(", ", ends));
            Assert.Superset(ends.Keys.ToHashSet(),
                new HashSet<string> { EndReasons.ProtocolError, EndReasons.SandboxLost, EndReasons.Finished });
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Note;
        }
    }

    /// <summary>Tests that the messages that the fuzzer changes are valid. A refused one would test nothing but its refusal.</summary>
    [Fact]
    public async Task A_session_accepts_what_the_fuzzer_changes()
    {
        foreach ((int number, byte[] message) in MessageFuzzer.SandboxMessages.Index())
        {
            MessageType type = (MessageType)message[0];
            if (type != MessageType.Hello)
            {
                string end = await OneAsync([.. BitConverter.GetBytes(message.Length), .. message], number);
                Assert.Equal((type, type == MessageType.Ended ? EndReasons.Finished : EndReasons.SandboxLost), (type, end));
            }
        }
    }

    /// <summary>Runs one session whose sandbox sends one message and closes the link. Returns the end.</summary>
    private async Task<string> OneAsync(byte[] message, int number)
    {
        using Socket inside = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await inside.ConnectAsync(new UnixDomainSocketEndPoint(_directory.Sub("link.sock")));
        GoneSandbox sandbox = new(new NetworkStream(await _listener.AcceptAsync(), ownsSocket: true));
        await inside.SendAsync(Hello);

        SandboxLink link = new(sandbox.Link, TimeProvider.System);
        await link.HandshakeAsync(CancellationToken.None).WaitAsync(Limit);
        StartSessionRequest request = new(Guid.NewGuid(), "fuzz", "main.py", [new SessionFile("main.py", "pass"u8.ToArray())]);
        Session session = new(request, SandboxKinds.Docker, Options, TimeProvider.System, NullLogger.Instance);
        Task<bool> beginning = session.TryBeginAsync(request, new WarmSandbox(sandbox, link), warm: true, cpu: null,
            CancellationToken.None);
        await inside.SendAsync(Running);
        Assert.True(await beginning.WaitAsync(Limit));
        try
        {
            await inside.SendAsync(message);
        }
        catch (SocketException)
        {
            // The Executor closed the link during the message.
        }

        inside.Shutdown(SocketShutdown.Send);
        try
        {
            SessionEnded end = await session.Ended.WaitAsync(Limit);
            await session.DisposeSandboxAsync();
            session.Relay.Clear();
            session.SavedFiles.Clear();
            session.Picture.Clear();
            return end.Reason;
        }
        catch (TimeoutException)
        {
            throw new TimeoutException(
                $"Message {number} ({Convert.ToHexString(message[..Math.Min(64, message.Length)])}) left its session without an end.");
        }
    }

    /// <summary>A sandbox that consists of its link only.</summary>
    private sealed class GoneSandbox(Stream link) : ISandbox
    {
        public string Name => "fuzz";

        public string Kind => SandboxKinds.Docker;

        public Stream Link => link;

        public Task<SandboxExit?> WaitForExitAsync(TimeSpan limit, CancellationToken cancellationToken) =>
            Task.FromResult<SandboxExit?>(new SandboxExit(0, OutOfMemory: false, "gone"));

        public ValueTask DisposeAsync() => link.DisposeAsync();
    }
}
