using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace PixelGameDev.AppHost.Machine;

/// <summary>Finds and checks TCP ports of this machine.</summary>
internal static class Ports
{
    private const int Lowest = 10_000;
    private const int LowestOfSystem = 32_768;

    private static readonly ConcurrentDictionary<int, bool> Given = [];

    /// <summary>Returns a loopback port that is free at this moment, and that this process has not returned before.</summary>
    /// <remarks>
    /// A server takes its port seconds later. Until then the system may give any port of its own range (32,768 and more by default) to a
    /// connection of another process; so the port is one below that range.
    /// </remarks>
    public static int Free()
    {
        while (true)
        {
            int port = RandomNumberGenerator.GetInt32(Lowest, LowestOfSystem);
            if (IsFree(IPAddress.Loopback, port) && Given.TryAdd(port, true))
            {
                return port;
            }
        }
    }

    /// <summary>Returns true when a server can listen on this port now.</summary>
    public static bool IsFree(IPAddress address, int port)
    {
        using Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
