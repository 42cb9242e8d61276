using System.Net;
using System.Net.Sockets;

namespace PixelGameDev.AppHost.Machine;

/// <summary>Finds and checks TCP ports of this machine.</summary>
internal static class Ports
{
    /// <summary>Returns a loopback port that is free at this moment.</summary>
    public static int Free()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
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
