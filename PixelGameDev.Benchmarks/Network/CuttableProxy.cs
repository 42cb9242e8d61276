using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace PixelGameDev.Benchmarks.Network;

/// <summary>A network cable between browser and server that a test can pull out and put back.</summary>
internal sealed class CuttableProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Uri target;
    private readonly ConcurrentDictionary<Socket, byte> sockets = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly Task accepting;
    private volatile bool cut;
    private int streamsToRefuse;

    public CuttableProxy(Uri target)
    {
        this.target = target;
        listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>Every connection ends now; new ones fail until <see cref="Restore"/>.</summary>
    public void Cut()
    {
        cut = true;
        foreach (Socket socket in sockets.Keys)
        {
            try
            {
                // Reset, not closed politely: as a cable that is pulled out looks from here.
                socket.LingerState = new LingerOption(true, 0);
                socket.Dispose();
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // Closed by its own side just now.
            }
        }
    }

    public void Restore() => cut = false;

    /// <summary>The next streams that are opened end before they reach the server, as at a gateway that knows no WebSockets.</summary>
    public void RefuseStreams(int count) => Volatile.Write(ref streamsToRefuse, count);

    /// <summary>Streams that are still to be refused.</summary>
    public int StreamsToRefuse => Volatile.Read(ref streamsToRefuse);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        Cut();
        listener.Dispose();
        await accepting;
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket near = await listener.AcceptSocketAsync(stopping.Token);
                _ = ConnectAsync(near);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ConnectAsync(Socket near)
    {
        Socket far = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        near.NoDelay = true;
        try
        {
            sockets[near] = sockets[far] = 0;
            if (!cut && !await IsRefusedAsync(near))
            {
                await far.ConnectAsync(target.Host, target.Port);
                await Task.WhenAny(PumpAsync(near, far), PumpAsync(far, near));
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Cut, or the server is away: the browser sees its connection end.
        }
        finally
        {
            sockets.TryRemove(near, out _);
            sockets.TryRemove(far, out _);
            near.Dispose();
            far.Dispose();
        }
    }

    private async Task<bool> IsRefusedAsync(Socket near)
    {
        if (StreamsToRefuse <= 0)
        {
            return false;
        }

        // A browser opens a connection of its own for each WebSocket: the head of the request is the first that comes.
        byte[] head = new byte[256];
        int count = await near.ReceiveAsync(head, SocketFlags.Peek, stopping.Token);
        return System.Text.Encoding.ASCII.GetString(head, 0, count).Split('\r')[0].Contains("/stream ", StringComparison.Ordinal)
            && Interlocked.Decrement(ref streamsToRefuse) >= 0;
    }

    private static async Task PumpAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer, SocketFlags.None)) > 0)
            {
                for (int sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), SocketFlags.None);
                }
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // One side is gone; ConnectAsync ends the other.
        }
    }
}
