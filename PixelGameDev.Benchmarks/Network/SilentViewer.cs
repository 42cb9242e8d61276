using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PixelGameDev.Benchmarks.Network;

/// <summary>
/// A viewer that opens a session's stream and never reads from it. It does not even close: what is sent to it stays on its way.
/// </summary>
internal sealed class SilentViewer : IDisposable
{
    private readonly Socket _socket;

    private SilentViewer(Socket socket) => _socket = socket;

    /// <summary>Opens the stream; done when the server has agreed to it.</summary>
    /// <param name="stream">Its address, <c>ws://…</c>.</param>
    /// <param name="cookies">Whose session it is.</param>
    /// <exception cref="InvalidOperationException">The server refused.</exception>
    public static async Task<SilentViewer> WatchAsync(Uri stream, CookieContainer cookies)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(stream.Host, stream.Port);
            string cookie = cookies.GetCookieHeader(new UriBuilder(stream) { Scheme = "http" }.Uri);
            await socket.SendAsync(Encoding.ASCII.GetBytes(
                $"GET {stream.AbsolutePath} HTTP/1.1\r\nHost: {stream.Authority}\r\nCookie: {cookie}\r\nConnection: Upgrade\r\nUpgrade: " +
                    $"websocket\r\n"
                + $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {Convert.ToBase64String(Guid.NewGuid().ToByteArray())}\r\n\r\n"));

            // The head of the answer, a byte at a time: whatever follows stays unread.
            StringBuilder head = new();
            byte[] one = new byte[1];
            while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await socket.ReceiveAsync(one) == 1)
            {
                head.Append((char)one[0]);
            }

            string status = head.ToString().Split('\r')[0];
            return status.Contains(" 101 ", StringComparison.Ordinal) ? new SilentViewer(socket)
                : throw new InvalidOperationException($"The stream was refused: {status}");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => _socket.Dispose();
}
