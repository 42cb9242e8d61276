using System.Net.Sockets;
using System.Security.Cryptography;

namespace PixelGameDev.Executor.Links;

/// <summary>
/// Is the directory of one sandbox, which holds nothing but a listening socket. It takes exactly one connection, GameHost's,
/// before any code of the learner runs; then the socket is closed and unlinked, and the directory is empty.
/// </summary>
/// <remarks>
/// Mode 0711: a sandbox that is given the directory can open a name that it knows, and cannot list. Names carry 128 random bits, so
/// a sandbox of the same machine cannot guess another's.
/// </remarks>
internal sealed class LinkDirectory : IDisposable
{
    /// <summary>Name of the socket in the directory.</summary>
    public const string SocketName = "link.sock";

    /// <summary>Longest base directory, bytes: a socket's path has 107, our own part (two directories and a name) takes the rest.</summary>
    public const int MaxRootBytes = 107 - 1 - 16 - 1 - 32 - 1 - 9;

    internal const UnixFileMode PassThrough =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private const UnixFileMode ReadWriteForAll =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead
            | UnixFileMode.OtherWrite;

    private readonly Socket _listener;

    private LinkDirectory(string path, Socket listener)
    {
        Path = path;
        _listener = listener;
    }

    /// <summary>Absolute path of the directory.</summary>
    public string Path { get; }

    /// <summary>Absolute path of the socket.</summary>
    public string SocketPath => System.IO.Path.Combine(Path, SocketName);

    /// <param name="baseDirectory">Exists, can be passed through by everybody.</param>
    public static LinkDirectory Create(string baseDirectory)
    {
        string path = System.IO.Path.Combine(baseDirectory, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        Directory.CreateDirectory(path, PassThrough);
        File.SetUnixFileMode(path, PassThrough);

        Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            string socketPath = System.IO.Path.Combine(path, SocketName);
            listener.Bind(new UnixDomainSocketEndPoint(socketPath));
            // Connecting needs the right to write the socket; the user inside is another than ours.
            File.SetUnixFileMode(socketPath, ReadWriteForAll);
            listener.Listen(1);
            return new LinkDirectory(path, listener);
        }
        catch
        {
            listener.Dispose();
            Directory.Delete(path, recursive: true);
            throw;
        }
    }

    /// <summary>Takes the one connection, then closes and unlinks the socket.</summary>
    public async Task<Stream> AcceptAsync(CancellationToken cancellationToken)
    {
        Socket connection = await _listener.AcceptAsync(cancellationToken);
        Close();
        return new NetworkStream(connection, ownsSocket: true);
    }

    public void Dispose()
    {
        try
        {
            Close();
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Removed already (with the directory above), or still mounted in a sandbox that is being removed: the reaper takes
            // it.
        }
    }

    private void Close()
    {
        _listener.Dispose();
        File.Delete(SocketPath);
    }
}
