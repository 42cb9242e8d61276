using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PixelGameDev.Benchmarks.Network;

/// <summary>
/// Opens a session's stream and never reads from it. It does not even close, so that what is sent to it stays on its way.
/// </summary>
internal sealed class SilentViewer : IDisposable
{
    private readonly Socket _socket;

    private SilentViewer(Socket socket) => _socket = socket;

    /// <summary>Opens the stream. Completes when the server has accepted it.</summary>
    /// <param name="stream">The address, <c>ws://…</c>.</param>
    /// <param name="cookies">The cookies of the session's account.</param>
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

            // Reads the answer's head byte by byte, so that everything after it stays unread.
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
