using PixelGameDev.Api.Access;
using PixelGameDev.Api.Gallery;
using PixelGameDev.Api.History;
using PixelGameDev.Api.Projects;
using PixelGameDev.Api.Recordings;

namespace PixelGameDev.Api.Links;

/// <summary>A link in the list of its owner.</summary>
/// <param name="Id">The link.</param>
/// <param name="Code">What people type: the page of the link is at <c>/play/{Code}</c>.</param>
/// <param name="WithCode">True: the link also shows the code, and lets people copy the game. False: it lets them play.</param>
/// <param name="Revision">The number of the revision that it shows; null: always the newest one.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="EndsAt">When it stops to work; null: never.</param>
/// <param name="HasEnded">Whether it has stopped to work.</param>
/// <param name="Published">Whether it shows the game in the gallery.</param>
internal sealed record Link(
    Guid Id, string Code, bool WithCode, long? Revision, DateTimeOffset CreatedAt, DateTimeOffset? EndsAt, bool HasEnded,
    bool Published);

/// <summary>Body of <c>POST /api/projects/{id}/links</c>.</summary>
/// <param name="WithCode">Whether the link also shows the code.</param>
/// <param name="Pinned">True: it shows the game as it is now, whatever changes later. False: always the newest version.</param>
/// <param name="Days">After how many days it ends; null: never.</param>
internal sealed record MakeLinkRequest(bool WithCode = false, bool Pinned = false, int? Days = null);

/// <summary>
/// Body of <c>PATCH /api/projects/{id}/links/{link}</c>. What is missing stays. <c>pinned: true</c> takes the game as it is now;
/// <c>days: 0</c> takes the end away.
/// </summary>
internal sealed record ChangeLinkRequest(bool? WithCode = null, bool? Pinned = null, int? Days = null);

/// <summary>Answer of <c>GET /api/play/{code}</c>: what the page of a link shows before somebody plays.</summary>
/// <param name="Title">The name of the game.</param>
/// <param name="Maker">The name of its owner.</param>
/// <param name="WithCode">Whether the code can be read and the game copied.</param>
/// <param name="Controls">The touch controls; null: the page's own choice.</param>
/// <param name="Keys">Names of the keys that its program asks for, if there are no touch controls.</param>
/// <param name="EndsAt">When the link ends; null: never.</param>
/// <param name="Recording">The name of the recording that shows the game; null: none.</param>
/// <param name="HowToPlay">What its owner says about it in the gallery; null: it is not there, or nothing.</param>
/// <param name="Likes">How many people like it; null: it is not in the gallery by this link.</param>
/// <param name="Liked">Whether the caller likes it.</param>
/// <param name="RemixOf">The game from which it was made; null: it is nobody's remix.</param>
internal sealed record SharedGame(
    string Title, string Maker, bool WithCode, TouchControls? Controls, IReadOnlyList<string> Keys, DateTimeOffset? EndsAt,
    string? Recording, string? HowToPlay, int? Likes, bool Liked, RelatedGame? RemixOf);

/// <summary>A file of a shared game, in a list.</summary>
internal sealed record SharedFile(string Path, bool Binary);

/// <summary>The code of a shared game.</summary>
internal sealed record SharedFiles(string Entry, IReadOnlyList<SharedFile> Files);

/// <summary>
/// A link that somebody has opened, and what the access policy gives them. <see cref="Picture"/>: the SHA-256 of how the game looked at the
/// end of its last run.
/// </summary>
internal sealed record OpenedLink(
    Guid Id, Guid Project, AccessLevel Access, string Title, string Maker, string? Controls, DateTimeOffset? EndsAt, RevisionFiles Files,
    RecordingBlob? Recording, byte[]? Picture, string? HowToPlay);
