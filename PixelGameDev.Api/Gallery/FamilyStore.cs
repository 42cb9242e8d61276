using Npgsql;
using PixelGameDev.Api.Database;

namespace PixelGameDev.Api.Gallery;

/// <summary>A game in the family of another.</summary>
/// <param name="Title">Its name.</param>
/// <param name="Maker">The name of its owner.</param>
/// <param name="Code">The code of its page in the gallery; null: it is not there, or the caller does not see the gallery.</param>
/// <param name="Gone">Whether it is deleted. Then the title is that of the time when the remix was made.</param>
internal sealed record RelatedGame(string Title, string Maker, string? Code, bool Gone = false);

/// <summary>Answer of <c>GET /api/play/{code}/family</c>.</summary>
/// <param name="Ancestors">What it is a remix of: the first game first. Games that are taken down are missing.</param>
/// <param name="Remixes">Its remixes in the gallery, the newest first.</param>
internal sealed record GameFamily(IReadOnlyList<RelatedGame> Ancestors, IReadOnlyList<RelatedGame> Remixes);

/// <summary>
/// Finds which games were made from which. A copy remembers its original (<c>projects.copied_from</c>), and the original's title in case it
/// is deleted (<c>remix_credits</c>).
/// </summary>
internal sealed class FamilyStore(NpgsqlDataSource database)
{
    /// <summary>The maximum number of steps from a game to its first ancestor.</summary>
    public const int MaxAncestors = 20;

    /// <summary>The maximum number of remixes in one answer.</summary>
    public const int MaxRemixes = 24;

    /// <summary>
    /// Finds the ancestors of the project $1 up to $2 steps away, with the codes of those in the gallery if $3. A step may lead over a game
    /// that is not shown. A game in the trash counts as deleted.
    /// </summary>
    private const string Ancestors =
        """
        with recursive line as (
            select id, copied_from, 0 as steps from projects where id = $1
            union all
            select o.id, o.copied_from, steps + 1 from line join projects o on o.id = line.copied_from where steps < $2)
        select case when o.owner_id is null then c.title else o.name end as title, a.name as maker, l.code, o.owner_id is null as gone
        from line
        left join projects o on o.id = line.copied_from
        left join remix_credits c on c.project_id = line.id
        join accounts a on a.id = coalesce(o.owner_id, c.maker_id)
        left join publications g on g.project_id = o.id and $3
        left join links l on l.id = g.link_id and project_access(o, null, l) >= 'view'
        where o.taken_down_at is null and steps < $2
        order by steps
        """;

    /// <summary>Returns the game from which a project was made, or the nearest one that can be named; null: it is nobody's remix.</summary>
    public async Task<RelatedGame?> FindOriginalAsync(Guid project, bool seesGallery, CancellationToken cancellationToken) =>
        await database.FindAsync<RelatedGame>($"{Ancestors} limit 1", [project, MaxAncestors, seesGallery], cancellationToken);

    /// <summary>Reads the family of a project.</summary>
    /// <param name="project">The project.</param>
    /// <param name="seesGallery">Whether the caller sees the gallery: only then are there remixes and codes.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<GameFamily> ReadAsync(Guid project, bool seesGallery, CancellationToken cancellationToken)
    {
        List<RelatedGame> ancestors = await database.ListAsync<RelatedGame>(
            Ancestors, [project, MaxAncestors, seesGallery], cancellationToken);
        ancestors.Reverse();
        return new GameFamily(
            ancestors,
            !seesGallery ? [] : await database.ListAsync<RelatedGame>(
                $"""
                select p.name as title, a.name as maker, l.code
                from projects p
                join accounts a on a.id = p.owner_id
                join publications g on g.project_id = p.id
                join links l on l.id = g.link_id
                where p.copied_from = $1 and p.taken_down_at is null and project_access(p, null, l) >= 'view'
                order by g.id desc limit {MaxRemixes}
                """,
                [project],
                cancellationToken));
    }
}
