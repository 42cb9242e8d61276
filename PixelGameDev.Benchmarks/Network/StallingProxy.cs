using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace PixelGameDev.Benchmarks.Network;

/// <summary>
/// A way between browser and server that takes time and sometimes stands still: nothing is lost and no connection ends, but for a
/// while nothing arrives, in either direction. A network that roams or a tunnel under a road looks like that.
/// </summary>
internal sealed class StallingProxy : IAsyncDisposable
{
    private const int PieceBytes = 64 * 1024;

    /// <summary>Pieces that are on their way in one direction of a connection; then the sender must wait.</summary>
    private const int MostPieces = 64;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Uri target;
    private readonly TimeSpan delay;
    private readonly ConcurrentDictionary<Socket, byte> sockets = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly Task accepting;
    private volatile TaskCompletionSource open = Opened();

    /// <param name="target">The server.</param>
    /// <param name="roundTrip">What the way adds to each round trip.</param>
    public StallingProxy(Uri target, TimeSpan roundTrip)
    {
        this.target = target;
        delay = roundTrip / 2;
        listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>From now on nothing arrives until <see cref="Resume"/>.</summary>
    public void Stall() => open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Resume() => open.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        Resume();
        listener.Dispose();
        foreach (Socket socket in sockets.Keys)
        {
            socket.Dispose();
        }

        await accepting;
        stopping.Dispose();
    }

    private static TaskCompletionSource Opened()
    {
        TaskCompletionSource source = new();
        source.SetResult();
        return source;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ConnectAsync(await listener.AcceptSocketAsync(stopping.Token));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It is over.
        }
    }

    private async Task ConnectAsync(Socket near)
    {
        Socket far = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        near.NoDelay = true;
        sockets[near] = sockets[far] = 0;
        try
        {
            await open.Task.WaitAsync(stopping.Token);
            await far.ConnectAsync(target.Host, target.Port, stopping.Token);
            await Task.WhenAny(PumpAsync(near, far), PumpAsync(far, near));
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One side is gone: the other sees its connection end.
        }
        finally
        {
            sockets.TryRemove(near, out _);
            sockets.TryRemove(far, out _);
            near.Dispose();
            far.Dispose();
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        Channel<(byte[] Bytes, long At)> way = Channel.CreateBounded<(byte[], long)>(MostPieces);
        Task sending = SendAsync(way.Reader, to);
        try
        {
            byte[] buffer = new byte[PieceBytes];
            int count;
            while ((count = await from.ReceiveAsync(buffer, SocketFlags.None, stopping.Token)) > 0)
            {
                await way.Writer.WriteAsync((buffer[..count], Stopwatch.GetTimestamp()), stopping.Token);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Gone; what is on its way still arrives.
        }

        way.Writer.TryComplete();
        await sending;
    }

    private async Task SendAsync(ChannelReader<(byte[] Bytes, long At)> way, Socket to)
    {
        try
        {
            await foreach ((byte[] bytes, long at) in way.ReadAllAsync(stopping.Token))
            {
                TimeSpan left = delay - Stopwatch.GetElapsedTime(at);
                if (left > TimeSpan.Zero)
                {
                    await Task.Delay(left, stopping.Token);
                }

                await open.Task.WaitAsync(stopping.Token);
                for (int sent = 0; sent < bytes.Length;)
                {
                    sent += await to.SendAsync(bytes.AsMemory(sent), SocketFlags.None, stopping.Token);
                }
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Gone.
        }
    }
}
