using System.Buffers.Binary;
using System.Text;

namespace PixelGameDev.Streaming.Protocol;

/// <summary>Builds and reads the messages that only the Executor sends to GameHost. Whole messages, type byte first.</summary>
public static class ExecutorMessages
{
    /// <summary>Longest path of a project file, bytes of UTF-8.</summary>
    public const int MaxPathBytes = 512;

    /// <summary>Longest part of a path between slashes, bytes of UTF-8 (the file system's own limit).</summary>
    public const int MaxPathPartBytes = 255;

    /// <summary>Returns the message of one project file.</summary>
    /// <exception cref="ArgumentException">An impossible path or too much content for one message.</exception>
    public static byte[] File(string path, ReadOnlySpan<byte> content)
    {
        if (!IsValidPath(path))
        {
            throw new ArgumentException($"'{path}' is no path of a project file.", nameof(path));
        }

        long length = FileLength(path, content.Length);
        if (length > MessageRules.MaxLength)
        {
            throw new ArgumentException($"'{path}' is too large to be sent: {content.Length} bytes.", nameof(content));
        }

        byte[] message = new byte[length];
        WriteFile(message, path, content);
        return message;
    }

    /// <summary>Returns the bytes that the message of a project file takes, type byte included.</summary>
    public static long FileLength(string path, int contentBytes) => 3 + Encoding.UTF8.GetByteCount(path) + (long)contentBytes;

    /// <summary>
    /// Writes the message of a project file into <paramref name="target"/>, whose size is <see cref="FileLength"/> bytes.
    /// </summary>
    public static void WriteFile(Span<byte> target, string path, ReadOnlySpan<byte> content)
    {
        target[0] = (byte)MessageType.File;
        int pathLength = Encoding.UTF8.GetBytes(path, target[3..]);
        BinaryPrimitives.WriteUInt16LittleEndian(target[1..], (ushort)pathLength);
        content.CopyTo(target[(3 + pathLength)..]);
    }

    /// <summary>Returns the path of a File message and where its content starts.</summary>
    /// <exception cref="ProtocolException">Malformed, or a path that leaves the project.</exception>
    public static (string Path, int ContentOffset) ReadFile(ReadOnlySpan<byte> message)
    {
        MessageFields.Require(message, MessageType.File);
        int length = BinaryPrimitives.ReadUInt16LittleEndian(message[1..]);
        if (3 + length > message.Length)
        {
            throw new ProtocolException("A file whose path is longer than its message.");
        }

        string path = MessageFields.Text(message.Slice(3, length));
        return IsValidPath(path)
            ? (path, 3 + length)
            : throw new ProtocolException("A file whose path is impossible.");
    }

    /// <summary>
    /// Returns whether a path is that of a project file: relative, at most 512 bytes, parts separated by <c>/</c>, each part at most 255
    /// bytes, no part empty, <c>.</c> or <c>..</c>, no backslash, no control characters.
    /// </summary>
    public static bool IsValidPath(string path)
    {
        if (path.Length == 0 || Encoding.UTF8.GetByteCount(path) > MaxPathBytes)
        {
            return false;
        }

        foreach (char c in path)
        {
            if (c == '\\' || char.IsControl(c))
            {
                return false;
            }
        }

        foreach (string part in path.Split('/'))
        {
            if (part is "" or "." or ".." || Encoding.UTF8.GetByteCount(part) > MaxPathPartBytes)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Returns the message that starts the game. All files must have been sent before it.</summary>
    public static byte[] Start(StartMessage start) => SandboxMessages.Json(MessageType.Start, start, ProtocolJson.Default.StartMessage);

    /// <summary>Reads a Start message.</summary>
    /// <exception cref="ProtocolException">Malformed, or the entry is not a project path.</exception>
    public static StartMessage ReadStart(ReadOnlySpan<byte> message)
    {
        StartMessage start = SandboxMessages.ReadJson(message, MessageType.Start, ProtocolJson.Default.StartMessage);
        return start.Entry is not null && IsValidPath(start.Entry) && start.ConsoleBytesPerSecond > 0
            && start.SavedBytes is >= 0 and <= SavedFileRules.MaxBytes
            && start.Saved is null or { Count: <= SavedFileRules.MaxFiles }
            ? start
            : throw new ProtocolException("A start with an impossible entry or console rate.");
    }

    /// <summary>Returns the message that ends the game: post QUIT, wait <paramref name="graceMillis"/> (≤ 60,000), then kill.</summary>
    public static byte[] Stop(uint graceMillis)
    {
        byte[] message = new byte[5];
        message[0] = (byte)MessageType.Stop;
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(1), graceMillis);
        return message;
    }

    /// <summary>Returns the milliseconds of grace in a Stop message.</summary>
    /// <exception cref="ProtocolException">Malformed or more than a minute.</exception>
    public static uint ReadStop(ReadOnlySpan<byte> message)
    {
        MessageFields.Require(message, MessageType.Stop);
        uint grace = BinaryPrimitives.ReadUInt32LittleEndian(message[1..]);
        return grace <= 60_000 ? grace : throw new ProtocolException("More than a minute of grace.");
    }

    /// <summary>Returns the message that holds the number of viewers and the frames per second that they want; 0: do not encode.</summary>
    public static byte[] Viewers(ushort count, byte maxFps)
    {
        byte[] message = [(byte)MessageType.Viewers, 0, 0, maxFps];
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(1), count);
        return message;
    }

    /// <summary>Reads a Viewers message.</summary>
    /// <exception cref="ProtocolException">Malformed.</exception>
    public static (ushort Count, byte MaxFps) ReadViewers(ReadOnlySpan<byte> message)
    {
        MessageFields.Require(message, MessageType.Viewers);
        return message[3] <= 60
            ? (BinaryPrimitives.ReadUInt16LittleEndian(message[1..]), message[3])
            : throw new ProtocolException($"{message[3]} frames a second; 0 to 60 are possible.");
    }
}
