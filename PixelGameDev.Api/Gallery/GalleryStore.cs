using System.Globalization;
using Npgsql;
using PixelGameDev.Api.Database;

namespace PixelGameDev.Api.Gallery;

/// <summary>Finds the games of the gallery.</summary>
internal sealed class GalleryStore(NpgsqlDataSource database)
{
    /// <summary>The number of games in one answer.</summary>
    public const int PageSize = 24;

    /// <summary>Lists games.</summary>
    /// <param name="caller">Who asks; null: somebody without an account.</param>
    /// <param name="search">Words of the title, of the text or of the tags; null: all games.</param>
    /// <param name="order">One of <see cref="GalleryOrders"/>.</param>
    /// <param name="after">The <see cref="GalleryPage.Next"/> of the answer before.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<GalleryPage> ListAsync(
        Guid? caller, string? search, string order, string? after, CancellationToken cancellationToken)
    {
        if (PublicationText.QueryOf(search) is not { } query)
        {
            return new GalleryPage([], null);
        }

        (string place, string direction) = order == GalleryOrders.Liked
            ? ("(g.likes, g.id) < ($4, $3)", "g.likes desc, g.id desc")
            : ("g.id < $3 and $4 is not null", "g.id desc");
        (int likes, Guid last) = ReadPlace(after);
        List<GalleryRow> rows = await database.ListAsync<GalleryRow>(
            $"""
            select g.id, l.code, p.name as title, a.name as maker, g.how_to_play, g.tags, l.with_code, g.published_at, g.likes,
                encode(coalesce(r.picture, case when l.revision is null then p.picture end), 'hex') as picture,
                encode(p.recording, 'hex') as recording
            from publications g
            join links l on l.id = g.link_id
            join projects p on p.id = g.project_id
            join accounts a on a.id = p.owner_id
            left join lateral (
                select picture from revisions
                where project_id = p.id and number = coalesce(l.revision, number) order by number desc limit 1) r on true
            where project_access(p, $1, l) >= 'view' and p.taken_down_at is null
                and {place} and ($2 = '' or g.words @@ to_tsquery('simple', $2))
            order by {direction} limit {PageSize + 1}
            """,
            [caller, query, last, likes],
            cancellationToken);
        return new GalleryPage(
            [.. rows.Take(PageSize).Select(static row => row.ToGame())], rows.Count > PageSize ? rows[PageSize - 1].Place : null);
    }

    /// <summary>Reads where an answer ended (sample: <c>7.0199…</c>, likes and id). Anything else is the beginning.</summary>
    private static (int Likes, Guid Last) ReadPlace(string? after) =>
        after?.Split('.') is [var likes, var last] && int.TryParse(likes, NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && Guid.TryParse(last, out Guid id)
            ? (count, id)
            : (int.MaxValue, Guid.AllBitsSet);

    private sealed record GalleryRow(
        Guid Id, string Code, string Title, string Maker, string HowToPlay, string[] Tags, bool WithCode, DateTimeOffset PublishedAt,
        int Likes, string? Picture, string? Recording)
    {
        public string Place => string.Create(CultureInfo.InvariantCulture, $"{Likes}.{Id}");

        public GalleryGame ToGame() => new(Code, Title, Maker, HowToPlay, Tags, WithCode, PublishedAt, Likes, Picture, Recording);
    }
}
