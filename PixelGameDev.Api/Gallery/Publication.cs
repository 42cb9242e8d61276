using PixelGameDev.Api.Moderation;

namespace PixelGameDev.Api.Gallery;

/// <summary>A game in the gallery, as its owner sees it.</summary>
/// <param name="Code">The code of its link: its page is at <c>/play/{Code}</c>.</param>
/// <param name="HowToPlay">What the owner says about it; may be empty.</param>
/// <param name="Tags">Words by which people find it.</param>
/// <param name="WithCode">Whether everybody may read the code and copy the game.</param>
/// <param name="Pinned">Whether it stays as it was when it was published.</param>
/// <param name="PublishedAt">When it was published.</param>
internal sealed record Publication(
    string Code, string HowToPlay, IReadOnlyList<string> Tags, bool WithCode, bool Pinned, DateTimeOffset PublishedAt);

/// <summary>Answer of <c>GET /api/projects/{id}/publication</c>.</summary>
/// <param name="Gallery">Who sees the gallery of this server: <c>off</c>, <c>members</c> or <c>public</c>.</param>
/// <param name="Publication">Null: the owner has not published the game.</param>
/// <param name="TakenDown">Null: staff have not taken the game down, so the gallery shows it.</param>
internal sealed record PublicationState(string Gallery, Publication? Publication, TakeDown? TakenDown);

/// <summary>Body of <c>PUT /api/projects/{id}/publication</c>. The title is the name of the project.</summary>
/// <param name="HowToPlay">Up to 500 characters.</param>
/// <param name="Tags">Up to 5 words.</param>
/// <param name="WithCode">Whether everybody may read the code and copy the game.</param>
/// <param name="Pinned">True: it shows the game as it is now. False: always the newest version. Null: as before.</param>
internal sealed record PublishRequest(
    string? HowToPlay = null, IReadOnlyList<string?>? Tags = null, bool WithCode = false, bool? Pinned = null);

/// <summary>A game in the list of the gallery.</summary>
/// <param name="Code">The code of its link: its page is at <c>/play/{Code}</c>.</param>
/// <param name="Title">The name of the game.</param>
/// <param name="Maker">The name of its owner.</param>
/// <param name="HowToPlay">What the owner says about it; may be empty.</param>
/// <param name="Tags">Words by which people find it.</param>
/// <param name="WithCode">Whether everybody may read the code and copy the game.</param>
/// <param name="PublishedAt">When it was published.</param>
/// <param name="Likes">How many people like it.</param>
/// <param name="Picture">The name of its picture; null: none.</param>
/// <param name="Recording">The name of the recording that shows the game; null: none.</param>
internal sealed record GalleryGame(
    string Code, string Title, string Maker, string HowToPlay, IReadOnlyList<string> Tags, bool WithCode, DateTimeOffset PublishedAt,
    int Likes, string? Picture, string? Recording);

/// <summary>Answer of <c>GET /api/gallery</c>; <see cref="Next"/> asks for more, null: these are the last ones.</summary>
internal sealed record GalleryPage(IReadOnlyList<GalleryGame> Games, string? Next);
