using System.Net.Sockets;
using System.Security.Cryptography;

namespace PixelGameDev.Executor.Links;

/// <summary>
/// Represents the directory of one sandbox, which contains only a listening socket. The socket accepts exactly one connection, from
/// GameHost, before any code of the learner runs. Then it is closed and unlinked, and the directory is empty.
/// </summary>
/// <remarks>
/// The mode is 0711: a sandbox with access to the directory can open a name that it knows, but cannot list names. Names contain 128 random
/// bits, so a sandbox cannot guess the name of another one.
/// </remarks>
internal sealed class LinkDirectory : IDisposable
{
    /// <summary>The name of the socket in the directory.</summary>
    public const string SocketName = "link.sock";

    /// <summary>
    /// The maximum length of the base directory in bytes. A socket path has at most 107 bytes, and our part (two directories and a name)
    /// takes the rest.
    /// </summary>
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

    /// <summary>Returns the absolute path of the directory.</summary>
    public string Path { get; }

    /// <summary>Returns the absolute path of the socket.</summary>
    public string SocketPath => System.IO.Path.Combine(Path, SocketName);

    /// <param name="baseDirectory">An existing directory that all users may pass through.</param>
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
            // A connection requires write permission on the socket, and the user in the sandbox is a different one.
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

    /// <summary>Accepts the only connection, then closes and unlinks the socket.</summary>
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
            // The directory is removed already (with its parent), or is still mounted in a sandbox that is being removed; then the reaper
            // removes it.
        }
    }

    private void Close()
    {
        _listener.Dispose();
        File.Delete(SocketPath);
    }
}
