using System.Buffers;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using PixelGameDev.Streaming.Codec;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Tests.Sandbox.Hostile;

/// <summary>A session with one viewer, as the page would be.</summary>
internal sealed class WatchedSession : IAsyncDisposable
{
    private const int MostConsole = 256 * 1024;

    private readonly TestExecutor _executor;
    private readonly ClientWebSocket _socket = new();
    private readonly StringBuilder _console = new();
    private readonly List<long> _frames = [];
    private readonly TaskCompletionSource<SessionEnded> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private Task _reading = Task.CompletedTask;

    private WatchedSession(TestExecutor executor, Guid id)
    {
        _executor = executor;
        Id = id;
    }

    public Guid Id { get; }

    /// <summary>Completes with the end that the viewer was told.</summary>
    public Task<SessionEnded> Ended => _ended.Task;

    /// <summary>Returns the first 256 KiB that the game printed.</summary>
    public string Console
    {
        get
        {
            lock (_gate)
            {
                return _console.ToString();
            }
        }
    }

    public int Frames => FramesBetween(0, long.MaxValue);

    /// <summary>When the game showed the newest frame that has arrived, as <see cref="Stopwatch.GetTimestamp"/>; 0: none.</summary>
    public long LastShown
    {
        get
        {
            lock (_gate)
            {
                return _frames.Count == 0 ? 0 : _frames[^1];
            }
        }
    }

    public static async Task<WatchedSession> StartAsync(TestExecutor executor, string source, params (string Path, string Text)[] files)
    {
        WatchedSession session = new(executor, Guid.NewGuid());
        StartSessionRequest request = new(
            session.Id, "person-" + session.Id, "main.py",
            [new SessionFile("main.py", Encoding.UTF8.GetBytes(source)),
                .. files.Select(static file => new SessionFile(file.Path, Encoding.UTF8.GetBytes(file.Text)))]);
        using HttpResponseMessage answer = await executor.Client.PostAsJsonAsync("/sessions", request, JsonSerializerOptions.Web);
        Assert.True(answer.IsSuccessStatusCode,
            $"The session did not start: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}\n{executor.Log}");

        session._socket.Options.SetRequestHeader("Authorization", "Bearer " + executor.Token());
        await session._socket.ConnectAsync(new UriBuilder(executor.Address) { Scheme = "ws", Path = $"/sessions/{session.Id}/stream" }.Uri,
            CancellationToken.None);
        session._reading = session.ReadAsync();
        return session;
    }

    /// <summary>Presses Stop.</summary>
    public async Task StopAsync() => (await _executor.Client.PostAsync($"/sessions/{Id}/stop", null)).Dispose();

    /// <summary>
    /// Counts the frames that the game showed between two times of <see cref="Stopwatch.GetTimestamp"/> and that have arrived by now. It
    /// uses the clock of the game, so that late frames count when other tests keep this viewer waiting.
    /// </summary>
    public int FramesBetween(long from, long to)
    {
        lock (_gate)
        {
            return _frames.Count(at => at >= from && at < to);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _reading;
        _socket.Dispose();
    }

    private async Task ReadAsync()
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(16 << 20);
        try
        {
            while (true)
            {
                int length = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await _socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                    length += part.Count;
                }
                while (!part.EndOfMessage);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                Take(buffer.AsSpan(0, length));
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The other side or DisposeAsync cut the stream.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            _ended.TrySetException(new InvalidOperationException("The stream was cut without an end."));
            _ = _ended.Task.Exception;
        }
    }

    /// <summary>Converts a capture time. The game's clock is the machine's, in microseconds modulo 2³².</summary>
    private static long ShownAt(uint captureMicros)
    {
        long now = Stopwatch.GetTimestamp();
        uint age = unchecked((uint)(now / (Stopwatch.Frequency / 1_000_000)) - captureMicros);
        return now - (age * (Stopwatch.Frequency / 1_000_000));
    }

    private void Take(ReadOnlySpan<byte> message)
    {
        lock (_gate)
        {
            switch ((MessageType)message[0])
            {
                case MessageType.Frame:
                    _frames.Add(ShownAt(FrameHeader.Read(message).CaptureMicros));
                    break;
                case MessageType.Console when _console.Length < MostConsole:
                    _console.Append(Encoding.UTF8.GetString(message[2..]));
                    break;
                case MessageType.Ended:
                    _ended.TrySetResult(JsonSerializer.Deserialize(message[1..], ProtocolJson.Default.SessionEnded)!);
                    break;
            }
        }
    }
}
