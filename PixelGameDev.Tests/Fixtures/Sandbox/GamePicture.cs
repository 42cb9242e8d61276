namespace PixelGameDev.Tests.Fixtures.Sandbox;

/// <summary>A decoded picture: red, green, blue, 255 for each pixel.</summary>
public sealed record GamePicture(int Width, int Height, byte[] Rgba, uint FrameNumber, uint InputSeq)
{
    /// <summary>Returns the colour of a pixel as 0xRRGGBB.</summary>
    public int this[int x, int y]
    {
        get
        {
            int at = ((y * Width) + x) * 4;
            return (Rgba[at] << 16) | (Rgba[at + 1] << 8) | Rgba[at + 2];
        }
    }

    /// <summary>Counts the pixels of this colour.</summary>
    public int Count(int colour)
    {
        int count = 0;
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                count += this[x, y] == colour ? 1 : 0;
            }
        }

        return count;
    }
}
