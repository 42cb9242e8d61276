using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace PixelGameDev.Benchmarks.Network;

/// <summary>
/// Relays between a client and a server, over TCP or a Unix socket. A test can make it a bad network: slow, stalled or broken.
/// </summary>
internal sealed class Relay : IAsyncDisposable
{
    private const int PieceBytes = 64 * 1024;

    /// <summary>The number of pieces on their way in one direction of a connection. At this limit the sender waits.</summary>
    private const int MostPieces = 128;

    private readonly EndPoint _target;
    private readonly EndPoint _local;
    private readonly Socket _listener;
    private readonly ConcurrentDictionary<Socket, byte> _sockets = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;
    private readonly Gate _requests = new();
    private readonly Gate _answers = new();
    private volatile bool _cut;
    private int _streamsToRefuse;

    /// <param name="target">The server.</param>
    /// <param name="listen">The address where clients connect; null: a free port of this machine.</param>
    public Relay(EndPoint target, EndPoint? listen = null)
    {
        _target = target;
        _local = listen ?? new IPEndPoint(IPAddress.Loopback, 0);
        if (_local is UnixDomainSocketEndPoint path)
        {
            File.Delete(path.ToString());
        }

        _listener = NewSocket(_local);
        _listener.Bind(_local);
        _listener.Listen(256);
        _accepting = AcceptAsync();
    }

    /// <summary>Relays to a web server.</summary>
    public Relay(Uri server)
        : this(new DnsEndPoint(server.Host, server.Port))
    {
    }

    /// <summary>The TCP port.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>The address for a browser, over TCP.</summary>
    public Uri Address => new($"http://127.0.0.1:{Port}/");

    /// <summary>The delay of each byte to the server.</summary>
    public TimeSpan RequestDelay { get; set; }

    /// <summary>The delay of each byte from the server.</summary>
    public TimeSpan AnswerDelay { get; set; }

    /// <summary>Reads what passes on connections that open from now on; null: nothing does.</summary>
    public StreamTap? Tap { get; set; }

    /// <summary>The number of streams that it still refuses.</summary>
    public int StreamsToRefuse => Volatile.Read(ref _streamsToRefuse);

    /// <summary>Breaks every connection, and each new one at once, until <see cref="Mend"/>.</summary>
    public void Cut()
    {
        _cut = true;
        foreach (Socket socket in _sockets.Keys)
        {
            try
            {
                // A reset instead of a polite close: that is how an unplugged cable looks from here.
                socket.LingerState = new LingerOption(true, 0);
                socket.Dispose();
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // The other thread has closed it just now.
            }
        }
    }

    /// <summary>Keeps the connections, but passes nothing in either direction until <see cref="Mend"/>.</summary>
    public void Stall()
    {
        _requests.Close();
        StallAnswers();
    }

    /// <summary>Passes nothing from the server until <see cref="Mend"/>. Then everything comes at once.</summary>
    public void StallAnswers() => _answers.Close();

    /// <summary>Ends <see cref="Cut"/> and <see cref="Stall"/>.</summary>
    public void Mend()
    {
        _cut = false;
        _requests.Open();
        _answers.Open();
    }

    /// <summary>Ends the next streams before they reach the server, like a gateway that does not support WebSockets.</summary>
    public void RefuseStreams(int count) => Volatile.Write(ref _streamsToRefuse, count);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        Cut();
        await _accepting;
        _stopping.Dispose();
        if (_local is UnixDomainSocketEndPoint path)
        {
            File.Delete(path.ToString());
        }
    }

    private static Socket NewSocket(EndPoint end) => end is UnixDomainSocketEndPoint
        ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private static bool IsGone(Exception error) =>
        error is SocketException or ObjectDisposedException or OperationCanceledException or ChannelClosedException;

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ConnectAsync(await _listener.AcceptAsync(_stopping.Token));
            }
        }
        catch (Exception error) when (IsGone(error))
        {
            // The relay ends.
        }
    }

    private async Task ConnectAsync(Socket near)
    {
        Socket far = NewSocket(_target);
        if (near.ProtocolType == ProtocolType.Tcp)
        {
            near.NoDelay = true;
        }

        _sockets[near] = _sockets[far] = 0;
        try
        {
            if (!_cut && !await IsRefusedAsync(near))
            {
                await far.ConnectAsync(_target, _stopping.Token);
                using CancellationTokenSource gone = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
                StreamTap.Connection? tapped = Tap?.Connect();
                await Task.WhenAll(
                    CarryAsync(near, far, _requests, () => RequestDelay, tapped is null ? null : tapped.Request, gone),
                    CarryAsync(far, near, _answers, () => AnswerDelay, tapped is null ? null : tapped.Answer, gone));
            }
        }
        catch (Exception error) when (IsGone(error))
        {
            // The connection is cut, or the server is away. The client sees its connection end.
        }
        finally
        {
            _sockets.TryRemove(near, out _);
            _sockets.TryRemove(far, out _);
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

        // A browser opens a new connection for each WebSocket. The request's head comes first.
        byte[] head = new byte[256];
        int count = await near.ReceiveAsync(head, SocketFlags.Peek, _stopping.Token);
        return Encoding.ASCII.GetString(head, 0, count).Split('\r')[0].Contains("/stream ", StringComparison.Ordinal)
            && Interlocked.Decrement(ref _streamsToRefuse) >= 0;
    }

    /// <summary>
    /// Carries one direction of a connection. A normal end is passed on when everything has arrived. An error breaks both directions.
    /// </summary>
    private static async Task CarryAsync(
        Socket from, Socket to, Gate gate, Func<TimeSpan> delay, Func<byte[], byte[]>? tap, CancellationTokenSource gone)
    {
        Channel<(byte[] Bytes, long At)> way = Channel.CreateBounded<(byte[], long)>(MostPieces);
        await Task.WhenAll(ReceiveAsync(), SendAsync());

        async Task ReceiveAsync()
        {
            try
            {
                byte[] buffer = new byte[PieceBytes];
                while (await from.ReceiveAsync(buffer, gone.Token) is > 0 and int count)
                {
                    byte[] piece = tap is null ? buffer[..count] : tap(buffer[..count]);
                    await way.Writer.WriteAsync((piece, Stopwatch.GetTimestamp()), gone.Token);
                }

                way.Writer.Complete();
            }
            catch (Exception error) when (IsGone(error))
            {
                await gone.CancelAsync();
            }
        }

        async Task SendAsync()
        {
            try
            {
                await foreach ((byte[] bytes, long at) in way.Reader.ReadAllAsync(gone.Token))
                {
                    TimeSpan left = delay() - Stopwatch.GetElapsedTime(at);
                    if (left > TimeSpan.Zero)
                    {
                        await Task.Delay(left, gone.Token);
                    }

                    await gate.PassAsync(gone.Token);
                    for (int sent = 0; sent < bytes.Length;)
                    {
                        sent += await to.SendAsync(bytes.AsMemory(sent), gone.Token);
                    }
                }

                to.Shutdown(SocketShutdown.Send);
            }
            catch (Exception error) when (IsGone(error))
            {
                await gone.CancelAsync();
            }
        }
    }

    /// <summary>Opens and closes one direction of all connections.</summary>
    private sealed class Gate
    {
        private volatile TaskCompletionSource? _closed;

        public void Close()
        {
            TaskCompletionSource door = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Interlocked.CompareExchange(ref _closed, door, null);
        }

        public void Open() => Interlocked.Exchange(ref _closed, null)?.TrySetResult();

        public Task PassAsync(CancellationToken cancellationToken) => _closed?.Task.WaitAsync(cancellationToken) ?? Task.CompletedTask;
    }
}
