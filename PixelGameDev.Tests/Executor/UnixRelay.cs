using System.Net.Sockets;

namespace PixelGameDev.Tests.Executor;

/// <summary>
/// A socket that leads to another, the Docker daemon's, until the test cuts it: the daemon dies and comes back for one Executor, and for
/// nobody else on this machine.
/// </summary>
internal sealed class UnixRelay(string path, string target) : IAsyncDisposable
{
    private readonly List<Socket> _open = [];
    private readonly Lock _gate = new();
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;

    public void Start()
    {
        File.Delete(path);
        _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen(64);
        _accepting = AcceptAsync(_listener);
    }

    /// <summary>Nobody listens any more and every connection breaks.</summary>
    public async Task CutAsync()
    {
        _listener?.Dispose();
        File.Delete(path);
        lock (_gate)
        {
            _open.ForEach(static socket => socket.Dispose());
            _open.Clear();
        }

        await _accepting;
    }

    public async ValueTask DisposeAsync() => await CutAsync();

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                Socket near = await listener.AcceptAsync();
                Socket far = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await far.ConnectAsync(new UnixDomainSocketEndPoint(target));
                lock (_gate)
                {
                    _open.Add(near);
                    _open.Add(far);
                }

                _ = CopyAsync(near, far);
                _ = CopyAsync(far, near);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }

    private static async Task CopyAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and int count)
            {
                for (int sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
                }
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            from.Dispose();
            to.Dispose();
        }
    }
}
