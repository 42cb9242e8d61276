using System.Net.WebSockets;

namespace PixelGameDev.Executor.Viewers;

/// <summary>Closes WebSockets so that the other side learns the reason.</summary>
internal static class WebSocketClosing
{
    /// <summary>How long the other side may take to answer a close.</summary>
    public static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Returns whether an exception only says that the connection is over.</summary>
    public static bool IsConnectionEnd(Exception error) =>
        error is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException;

    /// <summary>Sends the close, or cuts the connection where that is not possible.</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="status">Its status.</param>
    /// <param name="reason">At most 123 bytes of UTF-8.</param>
    /// <param name="cancellationToken">Cuts the connection.</param>
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

    /// <summary>Reads on until the other side has seen the close: cutting the connection at once could lose the reason.</summary>
    /// <param name="socket">The connection, closed by this side.</param>
    /// <param name="buffer">For what still comes; it is dropped.</param>
    /// <param name="cancellationToken">Gives up.</param>
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
