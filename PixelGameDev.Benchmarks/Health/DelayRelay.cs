using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace PixelGameDev.Benchmarks.Health;

/// <summary>
/// Stands before a dependency and hands its answers on after a delay, in order; cut, it refuses, and frozen, it is silent. Over TCP or a Unix
/// socket, as the addresses say.
/// </summary>
internal sealed class DelayRelay : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly EndPoint _target;
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Socket> _open = [];
    private readonly Task _accepting;
    private volatile bool _cut;
    private volatile bool _frozen;

    public DelayRelay(EndPoint listen, EndPoint target)
    {
        _target = target;
        _listener = NewSocket(listen);
        _listener.Bind(listen);
        _listener.Listen(256);
        _accepting = AcceptAsync();
    }

    /// <summary>How long an answer takes more than the dependency's own.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>The port, over TCP.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Breaks every connection and lets no new one in, as if nobody listened.</summary>
    public void Cut()
    {
        _cut = true;
        lock (_gate)
        {
            foreach (Socket socket in _open)
            {
                socket.Dispose();
            }
        }
    }

    /// <summary>Connections stay and nothing comes back any more.</summary>
    public void Freeze() => _frozen = true;

    public void Mend()
    {
        _cut = false;
        _frozen = false;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        Cut();
        await _accepting;
        _end.Dispose();
    }

    private static Socket NewSocket(EndPoint end) => end is UnixDomainSocketEndPoint
        ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        : new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket near = await _listener.AcceptAsync(_end.Token);
                _ = RelayAsync(near);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task RelayAsync(Socket near)
    {
        using Socket client = near;
        using Socket server = NewSocket(_target);
        lock (_gate)
        {
            if (_cut)
            {
                return;
            }

            _open.Add(client);
            _open.Add(server);
        }

        try
        {
            await server.ConnectAsync(_target, _end.Token);
            // A bounded store of answers on their way; a dependency's answers are small.
            Channel<(byte[] Bytes, DateTimeOffset Due)> answers = Channel.CreateBounded<(byte[], DateTimeOffset)>(1024);
            // A daemon closes after its answer: what it has said is handed on all the same.
            await Task.WhenAny(CopyAsync(client, server), Task.WhenAll(TakeAsync(server, answers.Writer), GiveAsync(client, answers.Reader)));
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Cut, or one side has left.
        }
        finally
        {
            lock (_gate)
            {
                _open.Remove(client);
                _open.Remove(server);
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[1 << 16];
        while (await from.ReceiveAsync(buffer, _end.Token) is > 0 and int count)
        {
            await to.SendAsync(buffer.AsMemory(0, count), _end.Token);
        }
    }

    private async Task TakeAsync(Socket from, ChannelWriter<(byte[] Bytes, DateTimeOffset Due)> answers)
    {
        byte[] buffer = new byte[1 << 16];
        while (await from.ReceiveAsync(buffer, _end.Token) is > 0 and int count)
        {
            await answers.WriteAsync((buffer[..count], TimeProvider.System.GetUtcNow() + Delay), _end.Token);
        }

        answers.Complete();
    }

    private async Task GiveAsync(Socket to, ChannelReader<(byte[] Bytes, DateTimeOffset Due)> answers)
    {
        await foreach ((byte[] bytes, DateTimeOffset due) in answers.ReadAllAsync(_end.Token))
        {
            TimeSpan left = due - TimeProvider.System.GetUtcNow();
            if (left > TimeSpan.Zero)
            {
                await Task.Delay(left, _end.Token);
            }

            while (_frozen)
            {
                await Task.Delay(20, _end.Token);
            }

            await to.SendAsync(bytes, _end.Token);
        }
    }
}
