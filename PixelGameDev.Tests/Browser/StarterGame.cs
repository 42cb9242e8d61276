namespace PixelGameDev.Tests.Browser;

/// <summary>Colours of the starter game, by which its pictures are known.</summary>
internal static class StarterGame
{
    public static readonly (int R, int G, int B) Night = (38, 32, 80);
    public static readonly (int R, int G, int B) Fox = (255, 140, 50);
}
