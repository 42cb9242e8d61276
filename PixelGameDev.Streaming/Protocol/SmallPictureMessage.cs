using System.Buffers.Binary;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Streaming.Protocol;

/// <summary>
/// Builds and reads <see cref="MessageType.SmallPicture"/>: <c>u16 width</c>, <c>u16 height</c>, then three bytes for each pixel: red,
/// green, blue.
/// </summary>
/// <remarks>
/// The pixels are not compressed, so nothing that a sandbox sends has to be decoded outside of it: every content of the right length is a
/// picture.
/// </remarks>
public static class SmallPictureMessage
{
    /// <summary>Largest width, pixels.</summary>
    public const int MaxWidth = 320;

    /// <summary>Largest height, pixels.</summary>
    public const int MaxHeight = 240;

    private const int HeaderBytes = 5;

    /// <summary>Length of the shortest message, type byte included.</summary>
    internal const int MinLength = HeaderBytes + 3;

    /// <summary>Length of the longest message, type byte included.</summary>
    internal const int MaxLength = HeaderBytes + (3 * MaxWidth * MaxHeight);

    /// <summary>Makes a picture as small as it must be, with the mean colour of what each pixel covers.</summary>
    /// <param name="bgrx">The pixels of the picture in rows: blue in the lowest byte.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <returns>The message; null if the picture has only one colour, because that shows nothing of a game.</returns>
    public static byte[]? Create(ReadOnlySpan<uint> bgrx, int width, int height)
    {
        if (!bgrx.ContainsAnyExcept(bgrx[0]))
        {
            return null;
        }

        double shrink = Math.Max(1, Math.Max((double)width / MaxWidth, (double)height / MaxHeight));
        int across = Math.Max(1, (int)(width / shrink));
        int down = Math.Max(1, (int)(height / shrink));
        byte[] message = new byte[HeaderBytes + (3 * across * down)];
        message[0] = (byte)MessageType.SmallPicture;
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(1), (ushort)across);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(3), (ushort)down);
        int at = HeaderBytes;
        for (int y = 0; y < down; y++)
        {
            int top = y * height / down;
            int bottom = (y + 1) * height / down;
            for (int x = 0; x < across; x++, at += 3)
            {
                int left = x * width / across;
                int right = (x + 1) * width / across;
                uint red = 0, green = 0, blue = 0;
                for (int row = top; row < bottom; row++)
                {
                    foreach (uint pixel in bgrx.Slice((row * width) + left, right - left))
                    {
                        red += (pixel >> 16) & 0xFF;
                        green += (pixel >> 8) & 0xFF;
                        blue += pixel & 0xFF;
                    }
                }

                uint count = (uint)((bottom - top) * (right - left));
                message[at] = (byte)(red / count);
                message[at + 1] = (byte)(green / count);
                message[at + 2] = (byte)(blue / count);
            }
        }

        return message;
    }

    /// <summary>Returns the picture of a message.</summary>
    /// <exception cref="ProtocolException">Malformed.</exception>
    public static SmallPicture Read(ReadOnlySpan<byte> message)
    {
        MessageFields.Require(message, MessageType.SmallPicture);
        Check(message);
        return new SmallPicture(WidthOf(message), HeightOf(message), message[HeaderBytes..].ToArray());
    }

    /// <summary>Checks that a picture has a possible size and as many pixels as it says.</summary>
    internal static void Check(ReadOnlySpan<byte> message)
    {
        if (!new SmallPicture(WidthOf(message), HeightOf(message), []).IsPossible(message.Length - HeaderBytes))
        {
            throw new ProtocolException("A small picture of another size than it says.");
        }
    }

    private static int WidthOf(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt16LittleEndian(message[1..]);

    private static int HeightOf(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt16LittleEndian(message[3..]);
}
