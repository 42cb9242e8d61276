using System.Net.WebSockets;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Tests.Browser;

/// <summary>Acts as a second window of a visitor on the same game, without a page: it reads, and sends pings as a page does.</summary>
internal sealed class OtherWindow : IAsyncDisposable
{
    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(1);

    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _leave = new();
    private Task[] _running = [];

    /// <summary>Opens the stream; null when the game has no room for another window.</summary>
    public static async Task<OtherWindow?> OpenAsync(Uri server, string session, string cookie)
    {
        OtherWindow window = new();
        window._socket.Options.SetRequestHeader("Cookie", cookie);
        await window._socket.ConnectAsync(new UriBuilder(server) { Scheme = "ws", Path = $"/api/sessions/{session}/stream" }.Uri,
            CancellationToken.None);
        byte[] buffer = new byte[256 * 1024];
        if ((await window._socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None)).MessageType == WebSocketMessageType.Close)
        {
            await window.DisposeAsync();
            return null;
        }

        window._running = [window.ReadAsync(buffer), window.PingAsync()];
        return window;
    }

    public async ValueTask DisposeAsync()
    {
        await _leave.CancelAsync();
        await Task.WhenAll(_running);
        _socket.Dispose();
    }

    private async Task ReadAsync(byte[] buffer)
    {
        try
        {
            while ((await _socket.ReceiveAsync(buffer.AsMemory(), _leave.Token)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException)
        {
            // The stream is closed.
        }
    }

    private async Task PingAsync()
    {
        try
        {
            while (true)
            {
                await _socket.SendAsync(new byte[] { (byte)MessageType.Ping, 0, 0, 0, 0, 0, 0, 0, 0 }, WebSocketMessageType.Binary,
                    endOfMessage: true, _leave.Token);
                await Task.Delay(PingEvery, _leave.Token);
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException)
        {
            // The stream is closed.
        }
    }
}
