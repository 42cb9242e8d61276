using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using PixelGameDev.GameHost.Native;

namespace PixelGameDev.GameHost;

/// <summary>GameHost: see docs/ARCHITECTURE.md. Exit codes: 0 session over, 1 link lost, 2 cannot start.</summary>
internal static class Program
{
    private const uint DefaultGraceMillis = 2000;

    private static int Main(string[] arguments)
    {
        try
        {
            HostOptions options = HostOptions.Parse(arguments);
            Hardening.Apply();
            Hardening.ReserveThreads();
            (Stream receive, Stream send) = Connect(options.Link);
            Session session = new(options, receive, send);
            using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
            {
                context.Cancel = true;
                session.Stop(DefaultGraceMillis);
            });
            return session.Run();
        }
        catch (Exception e) when (e is ArgumentException or IOException or SocketException or UnauthorizedAccessException)
        {
            Complain(e.Message);
            return 2;
        }
    }

    /// <summary>One line for the operator on our own standard error.</summary>
    public static void Complain(string message) => Libc.Write(2, Encoding.UTF8.GetBytes($"gamehost: {message}\n"));

    private static (Stream Receive, Stream Send) Connect(string link)
    {
        if (link == "stdio")
        {
            return (
                new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0),
                new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0));
        }

        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(link));
        NetworkStream stream = new(socket, ownsSocket: true);
        return (stream, stream);
    }
}
