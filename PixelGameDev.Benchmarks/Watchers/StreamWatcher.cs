using System.Diagnostics;
using System.Net.WebSockets;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Benchmarks.Watchers;

/// <summary>Watches a session by its invitation, without a browser: it reads everything and acknowledges as the page does.</summary>
internal sealed class StreamWatcher : IAsyncDisposable
{
    /// <summary>The time between two Acks, as in the page: <c>ackEvery</c> in Web/src/stream/core.ts.</summary>
    private static readonly TimeSpan AckEvery = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private readonly ClientWebSocket _socket = new();
    private Task _watching = Task.CompletedTask;
    private long _frames;

    /// <summary>Counts the pictures so far.</summary>
    public long Frames => Interlocked.Read(ref _frames);

    /// <summary>Whether the stream was closed or broke.</summary>
    public bool HasEnded => _watching.IsCompleted;

    /// <param name="server">The address of the page.</param>
    /// <param name="code">The code of the invitation.</param>
    public static async Task<StreamWatcher> JoinAsync(Uri server, string code)
    {
        StreamWatcher watcher = new();
        watcher._socket.Options.SetRequestHeader("Origin", server.GetLeftPart(UriPartial.Authority));
        UriBuilder stream = new(new Uri(server, $"/api/watch/{code}/stream")) { Scheme = "ws" };
        await watcher._socket.ConnectAsync(stream.Uri, watcher._stop.Token);
        watcher._watching = watcher.WatchAsync();
        return watcher;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        byte[] buffer = new byte[1 << 16];
        byte[] ack = new byte[9];
        ack[0] = (byte)MessageType.Ack;
        long lastAck = 0;
        try
        {
            await _socket.SendAsync(new byte[] { (byte)MessageType.View, 1, 60 }, WebSocketMessageType.Binary, true, _stop.Token);
            for (bool begins = true; ;)
            {
                ValueWebSocketReceiveResult part = await _socket.ReceiveAsync(buffer.AsMemory(), _stop.Token);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    return;
                }

                if (begins && buffer[0] == (byte)MessageType.Frame)
                {
                    Interlocked.Increment(ref _frames);
                    if (Stopwatch.GetElapsedTime(lastAck) >= AckEvery)
                    {
                        lastAck = Stopwatch.GetTimestamp();
                        buffer.AsSpan(6, 4).CopyTo(ack.AsSpan(1));
                        await _socket.SendAsync(ack, WebSocketMessageType.Binary, true, _stop.Token);
                    }
                }

                begins = part.EndOfMessage;
            }
        }
        catch (Exception error) when (error is OperationCanceledException or WebSocketException)
        {
            // HasEnded tells it.
        }
    }
}
