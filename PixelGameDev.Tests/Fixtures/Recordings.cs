using System.Runtime.InteropServices;
using System.Security.Cryptography;
using PixelGameDev.Streaming.Codec;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Tests.Fixtures;

/// <summary>Makes files of recordings, and compares them with what a viewer got.</summary>
internal static class Recordings
{
    /// <summary>Makes a recording of a square that moves, 20 ms a picture.</summary>
    public static byte[] Make(int frames = 5, int millis = 100, int width = 64, int height = 48)
    {
        using FrameEncoder encoder = new();
        List<(int Millis, byte[] Message)> messages = [];
        for (uint number = 0; number < frames; number++)
        {
            uint[] pixels = new uint[width * height];
            pixels.AsSpan().Fill(0xFF402010);
            pixels.AsSpan((int)number * (width + 1) % pixels.Length, 1).Fill(0xFF0000FF);
            EncodedFrame frame = encoder.Encode(
                MemoryMarshal.AsBytes(pixels.AsSpan()), width, height, width * 4, keyframe: number == 0,
                new FrameInfo(number + 1, number * 20_000, 0));
            messages.Add(((int)number * 20, frame.Message.ToArray()));
        }

        return Make(new RecordingInfo(width, height, millis, frames), messages);
    }

    /// <summary>Puts messages into a file as the Executor does.</summary>
    public static byte[] Make(RecordingInfo info, IReadOnlyList<(int Millis, byte[] Message)> messages)
    {
        byte[] header = new byte[RecordingFile.HeaderSize];
        RecordingFile.WriteHeader(header, info);
        return [.. header, .. messages.SelectMany(static one =>
        {
            byte[] entry = new byte[RecordingFile.EntrySize];
            RecordingFile.WriteEntry(entry, one.Millis, one.Message.Length);
            return (byte[])[.. entry, .. one.Message];
        })];
    }

    /// <summary>Returns the Frame messages of a recording.</summary>
    public static byte[][] MessagesOf(byte[] file)
    {
        RecordingFile.Read(file);
        return [.. RecordingFile.ReadMessages(file).Select(static one => one.Message.ToArray())];
    }

    /// <summary>Returns a chain of SHA-256 over all pictures: each link covers the one before and the pixels of the next picture.</summary>
    public static string ChainOf(IEnumerable<byte[]> messages)
    {
        using FrameDecoder decoder = new();
        byte[] link = [];
        foreach (byte[] message in messages)
        {
            decoder.Decode(message);
            link = SHA256.HashData([.. link, .. decoder.Rgba]);
        }

        return Convert.ToHexStringLower(link);
    }
}
