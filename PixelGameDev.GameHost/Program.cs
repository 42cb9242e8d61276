using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using PixelGameDev.GameHost.Native;

namespace PixelGameDev.GameHost;

/// <summary>Runs GameHost; see docs/ARCHITECTURE.md. Exit codes: 0 session over, 1 link lost, 2 cannot start.</summary>
internal static class Program
{
    private const uint DefaultGraceMillis = 2000;

    private static int Main(string[] arguments)
    {
        try
        {
            GameHostOptions options = GameHostOptions.Parse(arguments);
            Hardening.Apply();
            Hardening.ReserveThreads();
            (Stream receive, Stream send) = Connect(options.Link);
            GameHostRunner session = new(options, receive, send);
            using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
            {
                context.Cancel = true;
                session.Stop(DefaultGraceMillis);
            });
            return session.Run();
        }
        catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
        {
            WriteError(e.Message);
            return 2;
        }
    }

    /// <summary>Writes one line for the operator to GameHost's standard error.</summary>
    public static void WriteError(string message) => Libc.Write(2, Encoding.UTF8.GetBytes($"gamehost: {message}\n"));

    private static (Stream Receive, Stream Send) Connect(string link)
    {
        (int input, int output) = link == "stdio" ? (0, 1) : (Libc.ConnectUnix(link), -1);
        // Open until the process ends.
        return (
            new FileStream(new SafeFileHandle(input, ownsHandle: false), FileAccess.Read, bufferSize: 0),
            new FileStream(new SafeFileHandle(output < 0 ? input : output, ownsHandle: false), FileAccess.Write, bufferSize: 0));
    }
}
