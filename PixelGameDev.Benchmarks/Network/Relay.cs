using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace PixelGameDev.Benchmarks.Network;

/// <summary>
/// Stands between a client and a server and hands on what they say, until a test makes it a bad network: it takes its time, stands
/// still, or breaks. Over TCP or a Unix socket, as the addresses say.
/// </summary>
internal sealed class Relay : IAsyncDisposable
{
    private const int PieceBytes = 64 * 1024;

    /// <summary>Pieces that are on their way in one direction of a connection; then the sender must wait.</summary>
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
    /// <param name="listen">Where to wait for clients; null: a free port of this machine.</param>
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

    /// <summary>The port, over TCP.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>The address for a browser, over TCP.</summary>
    public Uri Address => new($"http://127.0.0.1:{Port}/");

    /// <summary>How long each byte takes to the server.</summary>
    public TimeSpan RequestDelay { get; set; }

    /// <summary>How long each byte takes back from the server.</summary>
    public TimeSpan AnswerDelay { get; set; }

    /// <summary>Sees what passes on connections that are opened from now on; null: nobody does.</summary>
    public StreamTap? Tap { get; set; }

    /// <summary>Streams that are still to be refused.</summary>
    public int StreamsToRefuse => Volatile.Read(ref _streamsToRefuse);

    /// <summary>Breaks every connection; new ones break at once, until <see cref="Mend"/>.</summary>
    public void Cut()
    {
        _cut = true;
        foreach (Socket socket in _sockets.Keys)
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

    /// <summary>Connections stay, but nothing arrives in either direction until <see cref="Mend"/>.</summary>
    public void Stall()
    {
        _requests.Close();
        StallAnswers();
    }

    /// <summary>Nothing comes back from the server until <see cref="Mend"/>; then everything comes at once.</summary>
    public void StallAnswers() => _answers.Close();

    /// <summary>Ends <see cref="Cut"/> and <see cref="Stall"/>.</summary>
    public void Mend()
    {
        _cut = false;
        _requests.Open();
        _answers.Open();
    }

    /// <summary>The next streams that are opened end before they reach the server, as at a gateway that knows no WebSockets.</summary>
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
            // It is over.
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
            // Cut, or the server is away: the client sees its connection end.
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

        // A browser opens a connection of its own for each WebSocket: the head of the request is the first that comes.
        byte[] head = new byte[256];
        int count = await near.ReceiveAsync(head, SocketFlags.Peek, _stopping.Token);
        return Encoding.ASCII.GetString(head, 0, count).Split('\r')[0].Contains("/stream ", StringComparison.Ordinal)
            && Interlocked.Decrement(ref _streamsToRefuse) >= 0;
    }

    /// <summary>
    /// One direction of a connection: what ends here ends there when all of it has arrived; what breaks here breaks both.
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

    /// <summary>A door for one direction of all connections.</summary>
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
