using System.Buffers.Binary;
using PixelGameDev.Streaming.Codec;

namespace PixelGameDev.Streaming.Protocol;

/// <summary>Describes a recording.</summary>
/// <param name="Width">Width of its first picture, pixels.</param>
/// <param name="Height">Height of its first picture, pixels.</param>
/// <param name="Millis">How long it takes, milliseconds.</param>
/// <param name="Frames">The number of its Frame messages.</param>
public sealed record RecordingInfo(int Width, int Height, int Millis, int Frames);

/// <summary>
/// Reads and writes the file of a recording: the Frame messages of some seconds of a session, as its viewers got them; see
/// docs/PROTOCOL.md.
/// </summary>
public static class RecordingFile
{
    /// <summary>Bytes in front of the first message.</summary>
    public const int HeaderSize = 20;

    /// <summary>Bytes in front of each message: its time and its length.</summary>
    public const int EntrySize = 8;

    /// <summary>Most bytes of a file.</summary>
    public const int MaxBytes = 2_000_000;

    /// <summary>Longest recording, seconds.</summary>
    public const int MaxSeconds = 30;

    private static ReadOnlySpan<byte> Magic => "PGDR\u0001\0"u8;

    /// <summary>Writes the first <see cref="HeaderSize"/> bytes of a file.</summary>
    public static void WriteHeader(Span<byte> header, RecordingInfo info)
    {
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], (ushort)info.Width);
        BinaryPrimitives.WriteUInt16LittleEndian(header[8..], (ushort)info.Height);
        BinaryPrimitives.WriteUInt16LittleEndian(header[10..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], (uint)info.Millis);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], (uint)info.Frames);
    }

    /// <summary>Writes the <see cref="EntrySize"/> bytes in front of a message.</summary>
    public static void WriteEntry(Span<byte> entry, int millis, int length)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(entry, (uint)millis);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], (uint)length);
    }

    /// <summary>Checks a whole file except the compressed pictures in it.</summary>
    /// <exception cref="InvalidDataException">Damaged, cut off, too long or of another version.</exception>
    public static RecordingInfo Read(ReadOnlyMemory<byte> file)
    {
        RecordingInfo info = ReadHeader(file.Span);
        int frames = 0;
        foreach ((_, ReadOnlyMemory<byte> message) in ReadMessages(file))
        {
            FrameHeader frame = FrameHeader.Read(message.Span);
            if (frames++ == 0 && !(frame.IsKeyframe && (frame.Width, frame.Height) == (info.Width, info.Height)))
            {
                throw new InvalidDataException("The recording does not begin with its first picture.");
            }
        }

        return frames == info.Frames ? info : throw new InvalidDataException("The recording has another number of frames than it says.");
    }

    /// <summary>Returns the messages of a file with their times, milliseconds since the first one.</summary>
    /// <exception cref="InvalidDataException">Damaged; found while the messages are read.</exception>
    public static IEnumerable<(int Millis, ReadOnlyMemory<byte> Message)> ReadMessages(ReadOnlyMemory<byte> file)
    {
        long longest = ReadHeader(file.Span).Millis;
        long last = 0;
        for (int at = HeaderSize; at < file.Length;)
        {
            int left = file.Length - at - EntrySize;
            long millis = left < 0 ? -1 : BinaryPrimitives.ReadUInt32LittleEndian(file.Span[at..]);
            long length = left < 0 ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(file.Span[(at + 4)..]);
            if (length < 1 || length > left || millis < last || millis > longest)
            {
                throw new InvalidDataException("The recording is damaged or cut off.");
            }

            last = millis;
            yield return ((int)millis, file.Slice(at + EntrySize, (int)length));
            at += EntrySize + (int)length;
        }
    }

    private static RecordingInfo ReadHeader(ReadOnlySpan<byte> file)
    {
        if (file.Length is < HeaderSize or > MaxBytes || !file.StartsWith(Magic))
        {
            throw new InvalidDataException("Not a recording.");
        }

        int width = BinaryPrimitives.ReadUInt16LittleEndian(file[6..]);
        int height = BinaryPrimitives.ReadUInt16LittleEndian(file[8..]);
        uint millis = BinaryPrimitives.ReadUInt32LittleEndian(file[12..]);
        uint frames = BinaryPrimitives.ReadUInt32LittleEndian(file[16..]);
        return FrameHeader.IsValidSize(width, height) && millis <= MaxSeconds * 1000 && frames is >= 1 and <= MaxBytes
            ? new RecordingInfo(width, height, (int)millis, (int)frames)
            : throw new InvalidDataException("The recording's header is damaged.");
    }
}
