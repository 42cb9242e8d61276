using System.Buffers.Binary;
using System.Text;

namespace PixelGameDev.Streaming.Protocol;

/// <summary>
/// Builds and reads <see cref="MessageType.SavedFile"/>: <c>u8 deleted</c>, <c>u16 pathLength</c>, path, content. A deleted file has no
/// content.
/// </summary>
public static class SavedFileMessage
{
    private const int HeaderBytes = 4;

    /// <summary>Length of the shortest message, type byte included.</summary>
    internal const int MinLength = HeaderBytes + 1;

    /// <summary>Length of the longest message, type byte included.</summary>
    internal const int MaxLength = HeaderBytes + ExecutorMessages.MaxPathBytes + SavedFileRules.MaxBytes;

    /// <summary>Returns the message of a file.</summary>
    /// <param name="path">A path that <see cref="SavedFileRules"/> accept.</param>
    /// <param name="content">At most <see cref="SavedFileRules.MaxBytes"/>; null: the game has deleted the file.</param>
    public static byte[] Create(string path, byte[]? content)
    {
        int pathLength = Encoding.UTF8.GetByteCount(path);
        byte[] message = new byte[HeaderBytes + pathLength + (content?.Length ?? 0)];
        message[0] = (byte)MessageType.SavedFile;
        message[1] = content is null ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(2), (ushort)pathLength);
        Encoding.UTF8.GetBytes(path, message.AsSpan(HeaderBytes));
        content?.CopyTo(message, HeaderBytes + pathLength);
        return message;
    }

    /// <summary>Returns the path and the content; null: the file was deleted.</summary>
    /// <exception cref="ProtocolException">Malformed, or a file that is not kept.</exception>
    public static (string Path, byte[]? Content) Read(ReadOnlySpan<byte> message)
    {
        MessageFields.Require(message, MessageType.SavedFile);
        MessageFields.RequireFlag(message[1]);
        int length = BinaryPrimitives.ReadUInt16LittleEndian(message[2..]);
        if (HeaderBytes + length > message.Length)
        {
            throw new ProtocolException("A saved file whose path is longer than its message.");
        }

        string path = MessageFields.Text(message.Slice(HeaderBytes, length));
        if (SavedFileRules.GetRefusal(path) is { } refusal)
        {
            throw new ProtocolException($"A saved file that is not kept: {refusal}.");
        }

        ReadOnlySpan<byte> content = message[(HeaderBytes + length)..];
        bool isDeleted = message[1] == 1;
        if (content.Length > SavedFileRules.MaxBytes || (isDeleted && content.Length > 0))
        {
            throw new ProtocolException($"A saved file of {content.Length} bytes, deleted: {isDeleted}.");
        }

        return (path, isDeleted ? null : content.ToArray());
    }
}

/// <summary>A file that a game wrote and that is not kept.</summary>
/// <param name="Path">Its path, at most <see cref="MaxPathLength"/> characters.</param>
/// <param name="Reason">One of <see cref="NotSavedReasons"/>.</param>
public sealed record NotSavedFile(string Path, string Reason)
{
    /// <summary>Longest path that is told, characters.</summary>
    public const int MaxPathLength = 120;
}

/// <summary>Payload of <see cref="MessageType.NotSaved"/>: all that this game wrote and that is not kept.</summary>
/// <param name="Files">At most <see cref="MaxFiles"/>.</param>
/// <param name="More">How many other files there are.</param>
public sealed record NotSavedMessage(IReadOnlyList<NotSavedFile> Files, int More = 0)
{
    /// <summary>Most files that are told by name.</summary>
    public const int MaxFiles = 5;

    /// <summary>Returns whether every field has a possible value. A sandbox is not trusted.</summary>
    public bool IsPossible() => Files is { Count: <= MaxFiles } && More >= 0
        && Files.All(static file => file is { Path.Length: > 0 and <= NotSavedFile.MaxPathLength } && NotSavedReasons.Exists(file.Reason));
}
