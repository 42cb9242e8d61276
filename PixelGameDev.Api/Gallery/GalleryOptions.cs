namespace PixelGameDev.Api.Gallery;

/// <summary>Holds who sees the gallery: <c>GALLERY</c>, one of <see cref="GalleryModes"/>.</summary>
internal sealed record GalleryOptions(string Mode);

/// <summary>Lists the values of <c>GALLERY</c>.</summary>
internal static class GalleryModes
{
    /// <summary>There is no gallery.</summary>
    public const string Off = "off";

    /// <summary>Whoever is signed in sees it; guests do not.</summary>
    public const string Members = "members";

    /// <summary>Everybody sees it.</summary>
    public const string Public = "public";
}
