using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Threading.Channels;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Tests.Executor;

/// <summary>Creates sandboxes whose GameHost is the test: both ends are real sockets, and the test decides every byte.</summary>
internal sealed class ScriptedSandboxFactory : ISandboxFactory
{
    private readonly ConcurrentQueue<ScriptedSandbox> _all = new();
    private readonly Channel<ScriptedSandbox> _started = Channel.CreateBounded<ScriptedSandbox>(
        new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest });

    public string Kind => "scripted";

    public int MachineProcessors { get; set; } = 2;

    public long? MemoryTotal { get; set; }

    public string? UnavailableReason { get; set; }

    /// <summary>Delays a start; null: no delay.</summary>
    public Func<CancellationToken, Task>? Delay { get; set; }

    /// <summary>Runs when a sandbox gets Start; null: the sandbox reports that it runs.</summary>
    public Func<ScriptedSandbox, Task>? Starting { get; set; }

    /// <summary>Makes each start fail with this exception.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Runs before a sandbox is removed; null: nothing.</summary>
    public Func<Task>? Removal { get; set; }

    /// <summary>Whether new sandboxes send Hello by themselves.</summary>
    public bool SayHello { get; set; } = true;

    public IEnumerable<ScriptedSandbox> All => _all;

    public async Task<ISandbox> StartAsync(CancellationToken cancellationToken)
    {
        if (Failure is { } failure)
        {
            throw failure;
        }

        await (Delay?.Invoke(cancellationToken) ?? Task.CompletedTask);
        ScriptedSandbox sandbox =
            await ScriptedSandbox.CreateAsync(one => Starting?.Invoke(one) ?? one.SayRunningAsync(), cancellationToken);
        sandbox.Removal = Removal;
        _all.Enqueue(sandbox);
        if (SayHello)
        {
            await sandbox.SayAsync(SandboxMessages.Hello(new HelloInfo("2.6.1", "3.13.5", 1, Held: true)));
        }

        _started.Writer.TryWrite(sandbox);
        return sandbox;
    }

    /// <summary>Returns the sandbox of a session: the one that got its entry file.</summary>
    public async Task<ScriptedSandbox> OfSessionAsync(string entryMarker)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
        while (true)
        {
            foreach (ScriptedSandbox sandbox in _all)
            {
                if (sandbox.Received.Any(message => message.Length > 0 && (MessageType)message[0] == MessageType.File
                    && System.Text.Encoding.UTF8.GetString(message).Contains(entryMarker, StringComparison.Ordinal))
                    && sandbox.Received.Any(message => (MessageType)message[0] == MessageType.Start))
                {
                    return sandbox;
                }
            }

            await Task.Delay(10, limit.Token);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

internal sealed class ScriptedSandbox : ISandbox
{
    private static int _count;

    private readonly NetworkStream _inside;
    private readonly TaskCompletionSource<SandboxExit> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Func<ScriptedSandbox, Task> _starting;

    private ScriptedSandbox(NetworkStream outside, NetworkStream inside, Func<ScriptedSandbox, Task> starting)
    {
        _starting = starting;
        Link = outside;
        _inside = inside;
        Name = $"scripted-{Interlocked.Increment(ref _count)}";
        _ = Task.Run(ReadAsync);
    }

    public string Name { get; }

    public string Kind => "scripted";

    public Stream Link { get; }

    /// <summary>Whether the Executor has removed it.</summary>
    public bool Disposed { get; private set; }

    /// <summary>Runs before it is removed; null: nothing.</summary>
    public Func<Task>? Removal { get; set; }

    /// <summary>Whether it reads what the Executor sends.</summary>
    public ManualResetEventSlim Reads { get; } = new(initialState: true);

    /// <summary>Holds everything that the Executor sent, as whole messages.</summary>
    public ConcurrentQueue<byte[]> Received { get; } = new();

    public static async Task<ScriptedSandbox> CreateAsync(Func<ScriptedSandbox, Task> starting, CancellationToken cancellationToken)
    {
        string path = Path.Combine(Path.GetTempPath(), "pixelgamedev-" + Guid.NewGuid().ToString("N")[..16]);
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(1);
        Socket inside = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        Task<Socket> accepting = listener.AcceptAsync(cancellationToken).AsTask();
        await inside.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
        Socket outside = await accepting;
        File.Delete(path);
        return new ScriptedSandbox(new NetworkStream(outside, ownsSocket: true), new NetworkStream(inside, ownsSocket: true), starting);
    }

    /// <summary>Sends a whole message in its frame.</summary>
    public async Task SayAsync(byte[] message)
    {
        byte[] framed = new byte[4 + message.Length];
        BitConverter.TryWriteBytes(framed, message.Length);
        message.CopyTo(framed, 4);
        await _inside.WriteAsync(framed);
    }

    /// <summary>Sends bytes unchanged.</summary>
    public async Task SayRawAsync(byte[] bytes) => await _inside.WriteAsync(bytes);

    /// <summary>Reports that the game's code runs. The Executor gives up a session whose sandbox does not report it in time.</summary>
    public Task SayRunningAsync() => SayStateAsync("running");

    public Task SayStateAsync(string state) =>
        SayAsync(SandboxMessages.Json(MessageType.State, new SessionStateMessage(state), ProtocolJson.Default.SessionStateMessage));

    /// <summary>Sends a valid frame with <paramref name="data"/> bytes of data.</summary>
    public Task SayFrameAsync(uint number, bool keyframe, int data = 100)
    {
        byte[] frame = new byte[22 + data];
        frame[0] = (byte)MessageType.Frame;
        frame[1] = keyframe ? (byte)1 : (byte)0;
        BitConverter.TryWriteBytes(frame.AsSpan(2), (ushort)320);
        BitConverter.TryWriteBytes(frame.AsSpan(4), (ushort)240);
        BitConverter.TryWriteBytes(frame.AsSpan(6), number);
        return SayAsync(frame);
    }

    public Task SayEndedAsync(string reason, string message = "It ended.", string detail = "detail") =>
        SayAsync(SandboxMessages.Json(MessageType.Ended, new SessionEnded(reason, message, detail, 0), ProtocolJson.Default.SessionEnded));

    /// <summary>Ends the process inside.</summary>
    public void Die(SandboxExit exit)
    {
        _exit.TrySetResult(exit);
        _inside.Dispose();
    }

    /// <summary>Returns the received messages of one type.</summary>
    public IEnumerable<byte[]> Of(MessageType type) => Received.Where(message => (MessageType)message[0] == type);

    public async Task<SandboxExit?> WaitForExitAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        Task first = await Task.WhenAny(_exit.Task, Task.Delay(limit, cancellationToken));
        return first == _exit.Task ? await _exit.Task : null;
    }

    public async ValueTask DisposeAsync()
    {
        Disposed = true;
        Reads.Set();
        await (Removal?.Invoke() ?? Task.CompletedTask);
        await Link.DisposeAsync();
        await _inside.DisposeAsync();
        _exit.TrySetResult(new SandboxExit(null, OutOfMemory: false, "killed"));
    }

    private async Task ReadAsync()
    {
        using LinkReader reader = new(_inside, (MessageRoute)31);
        try
        {
            while (await reader.ReadAsync() is { IsEmpty: false } message)
            {
                Received.Enqueue(message.ToArray());
                if ((MessageType)message.Span[0] == MessageType.Start)
                {
                    await _starting(this);
                }

                Reads.Wait();
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The sandbox has been removed.
        }
    }
}
