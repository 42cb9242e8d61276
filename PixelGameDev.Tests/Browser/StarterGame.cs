namespace PixelGameDev.Tests.Browser;

/// <summary>Holds the colours by which tests recognise pictures of the starter game.</summary>
internal static class StarterGame
{
    public static readonly (int R, int G, int B) Night = (38, 32, 80);
    public static readonly (int R, int G, int B) Fox = (255, 140, 50);
}
