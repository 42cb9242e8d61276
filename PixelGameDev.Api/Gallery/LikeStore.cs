using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Links;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Gallery;

/// <summary>How many people like a published game, and whether the caller does.</summary>
internal sealed record GameLikes(int Likes, bool Liked);

/// <summary>Stores who likes which published game: each person once.</summary>
internal sealed class LikeStore(NpgsqlDataSource database)
{
    /// <summary>Returns the likes of a game; null: this link does not show it in the gallery.</summary>
    public Task<GameLikes?> FindAsync(Guid? account, OpenedLink link, CancellationToken cancellationToken) =>
        database.FindAsync<GameLikes>(
            """
            select g.likes, exists (select from likes k where k.project_id = g.project_id and k.account_id = $2) as liked
            from publications g where g.link_id = $1
            """,
            [link.Id, account],
            cancellationToken);

    /// <summary>Adds or takes back the like of an account.</summary>
    /// <exception cref="ProblemException">404: the game is not in the gallery.</exception>
    public async Task<GameLikes> ChangeAsync(Guid account, OpenedLink link, bool likes, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync(
            likes
                ? """
                insert into likes (project_id, account_id)
                select project_id, $2 from publications where link_id = $1 on conflict do nothing
                """
                : "delete from likes k using publications g where g.link_id = $1 and k.project_id = g.project_id and k.account_id = $2",
            [link.Id, account],
            cancellationToken);
        return await FindAsync(account, link, cancellationToken) ?? throw Problem.NotFound("publication");
    }
}
