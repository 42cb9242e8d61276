using System.Net;
using System.Net.WebSockets;
using System.Text;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Tests.Executor;

/// <summary>Watches a session over a real WebSocket and keeps what it gets.</summary>
internal sealed class TestViewer : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[17 << 20];
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(3));

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public string? CloseReason => _socket.CloseStatusDescription;

    public List<byte[]> Messages { get; } = [];

    public static async Task<TestViewer> ConnectAsync(ExecutorHost host, Guid session, string query = "", int? receiveBuffer = null)
    {
        TestViewer viewer = new();
        viewer._socket.Options.SetRequestHeader("Authorization", "Bearer " + ExecutorHost.Token());
        if (receiveBuffer is { } bytes)
        {
            viewer._socket.Options.SetBuffer(bytes, 1024);
        }

        return await viewer.OpenAsync(new Uri(host.Address, $"/sessions/{session}/stream{(query.Length == 0 ? "" : $"?{query}")}"));
    }

    /// <summary>Opens a stream of the Api, as the page of a person with these cookies does.</summary>
    public static Task<TestViewer> ConnectAsync(Uri stream, CookieContainer? cookies = null)
    {
        TestViewer viewer = new();
        viewer._socket.Options.Cookies = cookies;
        return viewer.OpenAsync(stream);
    }

    /// <summary>Returns the next message; null when the other side closed.</summary>
    public async Task<byte[]?> ReadAsync()
    {
        int length = 0;
        while (true)
        {
            ValueWebSocketReceiveResult part = await _socket.ReceiveAsync(_buffer.AsMemory(length), _limit.Token);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            length += part.Count;
            if (part.EndOfMessage)
            {
                byte[] message = _buffer.AsSpan(0, length).ToArray();
                Messages.Add(message);
                return message;
            }
        }
    }

    /// <summary>Reads until a message of the type comes that also matches <paramref name="fits"/>, if given.</summary>
    public async Task<byte[]> UntilAsync(MessageType type, Func<byte[], bool>? fits = null)
    {
        while (await ReadAsync() is { } message)
        {
            if ((MessageType)message[0] == type && fits?.Invoke(message) != false)
            {
                return message;
            }
        }

        throw new InvalidOperationException(
            $"Closed ({CloseStatus}) before {type} came; got {string.Join(", ", Messages.Select(message => (MessageType)message[0]))}.");
    }

    /// <summary>Reads to the end and returns the Ended message.</summary>
    public async Task<SessionEnded> EndAsync()
    {
        byte[] ended = await UntilAsync(MessageType.Ended);
        Assert.Null(await ReadAsync());
        return SandboxMessages.ReadJson(ended, MessageType.Ended, ProtocolJson.Default.SessionEnded);
    }

    /// <summary>Reads console text until it contains something.</summary>
    public async Task<string> ConsoleUntilAsync(string text)
    {
        StringBuilder console = new();
        foreach (byte[] message in Messages.Where(static message => (MessageType)message[0] == MessageType.Console))
        {
            console.Append(SandboxMessages.ReadConsole(message).Text);
        }

        while (!console.ToString().Contains(text, StringComparison.Ordinal))
        {
            byte[] message = await ReadAsync()
                ?? throw new InvalidOperationException($"Closed before '{text}' was printed; got: {console}");
            if ((MessageType)message[0] == MessageType.Console)
            {
                console.Append(SandboxMessages.ReadConsole(message).Text);
            }
        }

        return console.ToString();
    }

    public Task SendAsync(params byte[] message) =>
        _socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, _limit.Token);

    public Task SendTextAsync(string text) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, _limit.Token);

    /// <summary>Reads until the other side closes and returns the status.</summary>
    public async Task<WebSocketCloseStatus?> ClosedAsync()
    {
        while (await ReadAsync() is not null)
        {
        }

        return CloseStatus;
    }

    public async Task CloseAsync() => await _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, _limit.Token);

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _limit.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<TestViewer> OpenAsync(Uri stream)
    {
        using CancellationTokenSource limit = new(Limit);
        await _socket.ConnectAsync(new UriBuilder(stream) { Scheme = "ws" }.Uri, limit.Token);
        return this;
    }
}
