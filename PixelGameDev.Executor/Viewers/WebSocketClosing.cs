using System.Net.WebSockets;

namespace PixelGameDev.Executor.Viewers;

/// <summary>Closes WebSockets so that the other side receives the reason.</summary>
internal static class WebSocketClosing
{
    /// <summary>The time that the other side has to answer a close.</summary>
    public static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Returns whether an exception only reports the end of the connection.</summary>
    public static bool IsConnectionEnd(Exception error) =>
        error is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException;

    /// <summary>Sends the close, or disconnects if that is not possible.</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="status">The close status.</param>
    /// <param name="reason">The reason; at most 123 bytes in UTF-8.</param>
    /// <param name="cancellationToken">Disconnects.</param>
    public static async Task CloseWithAsync(
        this WebSocket socket, WebSocketCloseStatus status, string? reason, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(CloseTimeout);
        try
        {
            await socket.CloseOutputAsync(status, reason, limit.Token);
        }
        catch (Exception error) when (IsConnectionEnd(error))
        {
            socket.Abort();
        }
    }

    /// <summary>Reads until the other side has received the close: an immediate disconnect could lose the reason.</summary>
    /// <param name="socket">The connection, closed by this side.</param>
    /// <param name="buffer">A buffer for the messages that still arrive; they are dropped.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public static async Task DrainAsync(this WebSocket socket, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(CloseTimeout);
        while (socket.State == WebSocketState.CloseSent)
        {
            await socket.ReceiveAsync(buffer, limit.Token);
        }
    }
}
