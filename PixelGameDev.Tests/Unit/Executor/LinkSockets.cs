using System.Buffers.Binary;
using System.Net.Sockets;
using PixelGameDev.Executor.Links;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Unit.Executor;

/// <summary>Makes links whose other end is the test, over real Unix sockets.</summary>
internal static class LinkSockets
{
    /// <summary>The bytes of a frame before its data, the message's length included.</summary>
    public const int FrameHeaderBytes = 26;

    /// <summary>Returns the test's end and the Executor's end.</summary>
    public static (Socket Inside, Socket Outside) Pair()
    {
        using TestDirectory directory = new();
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        UnixDomainSocketEndPoint address = new(directory.Sub("link.sock"));
        listener.Bind(address);
        listener.Listen(1);
        Socket inside = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        inside.Connect(address);
        return (inside, listener.Accept());
    }

    /// <summary>Returns the test's end and a link that has received Hello.</summary>
    public static async Task<(Socket Inside, SandboxLink Link)> ConnectAsync(LinkReactor reactor)
    {
        (Socket inside, Socket outside) = Pair();
        SandboxLink link = new(new NetworkStream(outside, ownsSocket: true), TimeProvider.System, reactor);
        inside.Send(Message(MessageType.Hello, [1, 0, .. """{"pygame":"2","python":"3","pid":1}"""u8]));
        await link.HandshakeAsync(CancellationToken.None).WaitAsync(Eventually.Limit);
        return (inside, link);
    }

    /// <summary>Returns a message with its length before it.</summary>
    public static byte[] Message(MessageType type, ReadOnlySpan<byte> payload)
    {
        byte[] message = new byte[5 + payload.Length];
        BinaryPrimitives.WriteInt32LittleEndian(message, 1 + payload.Length);
        message[4] = (byte)type;
        payload.CopyTo(message.AsSpan(5));
        return message;
    }

    /// <summary>Returns a Frame message with so many bytes of data, all zero, with its length before it.</summary>
    public static byte[] Frame(int data)
    {
        byte[] frame = Message(MessageType.Frame, new byte[FrameHeaderBytes - 5 + data]);
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(6), 320);
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(8), 240);
        return frame;
    }
}
