using PixelGameDev.Api.Accounts;

namespace PixelGameDev.Api.Gallery;

/// <summary>Holds who sees the gallery: <c>GALLERY</c>, one of <see cref="GalleryModes"/>.</summary>
internal sealed record GalleryOptions(string Mode)
{
    /// <summary>Whether a caller sees the gallery; null: somebody without an account.</summary>
    public bool IsVisibleTo(Account? caller) =>
        Mode == GalleryModes.Public || (Mode == GalleryModes.Members && caller is { Guest: false });
}

/// <summary>Lists the orders of the games in the gallery.</summary>
internal static class GalleryOrders
{
    public const string Newest = "newest";

    /// <summary>The most liked first, the newest first among equals.</summary>
    public const string Liked = "liked";
}

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
