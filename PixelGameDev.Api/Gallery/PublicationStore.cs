using Npgsql;
using NpgsqlTypes;
using PixelGameDev.Api.Access;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Links;
using PixelGameDev.Api.Moderation;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Projects;

namespace PixelGameDev.Api.Gallery;

/// <summary>Stores which games their owners show in the gallery. A publication is a link with a text about the game.</summary>
internal sealed class PublicationStore(NpgsqlDataSource database, AccessPolicy access, LinkStore links, GalleryOptions options)
{
    private const string Select =
        """
        select l.code, g.how_to_play, g.tags, l.with_code, l.revision is not null as pinned, g.published_at
        from publications g join links l on l.id = g.link_id where g.project_id = $1
        """;

    /// <summary>Returns whether a project is in the gallery.</summary>
    /// <exception cref="ProblemException">404</exception>
    public async Task<PublicationState> ReadAsync(Guid owner, Guid project, CancellationToken cancellationToken)
    {
        await access.RequireAsync(owner, project, AccessLevel.Edit, cancellationToken);
        return new PublicationState(
            options.Mode,
            (await database.FindAsync<PublicationRow>(Select, [project], cancellationToken))?.ToPublication(),
            await database.FindAsync<TakeDown>(
                """
                select taken_down_reason as reason, taken_down_note as note, taken_down_at as at from projects
                where id = $1 and taken_down_at is not null
                """,
                [project],
                cancellationToken));
    }

    /// <summary>Shows a project in the gallery, or changes what the gallery shows of it.</summary>
    /// <exception cref="ProblemException">
    /// 400; 403: the owner is a guest, there is no gallery, or the game is taken down; 404; 409: too many links.
    /// </exception>
    public async Task<Publication> PublishAsync(Guid owner, Guid project, PublishRequest request, CancellationToken cancellationToken)
    {
        string howToPlay = PublicationText.CheckHowToPlay(request.HowToPlay);
        string[] tags = PublicationText.CheckTags(request.Tags);
        await using ProjectTransaction change = await ProjectTransaction.BeginAsync(database, owner, project, cancellationToken);
        if (options.Mode == GalleryModes.Off)
        {
            throw new ProblemException(
                StatusCodes.Status403Forbidden, "gallery_off", "There is no gallery here",
                "The person who runs this server has not opened a gallery. You can share the game by a link.");
        }

        if (change.IsGuest)
        {
            throw new ProblemException(
                StatusCodes.Status403Forbidden, "guests_cannot_publish", "Guests cannot publish",
                "Make an account or sign in. Then you can show your game in the gallery.");
        }

        await ModerationStore.RequireNotTakenDownAsync(change, cancellationToken);
        Guid? link = await change.Connection.FindAsync<Guid?>(
            "select link_id from publications where project_id = $1", [project], cancellationToken);
        if (link is { } known)
        {
            await LinkStore.ChangeAsync(change, known, new ChangeLinkRequest(request.WithCode, request.Pinned), cancellationToken);
            await change.ExecuteAsync(
                "update publications set how_to_play = $2, tags = $3 where project_id = $1",
                [project, howToPlay, Sql.Array(NpgsqlDbType.Text, tags)], cancellationToken);
        }
        else
        {
            Link made = await LinkStore.MakeAsync(
                change, new MakeLinkRequest(request.WithCode, request.Pinned ?? false), cancellationToken);
            await change.ExecuteAsync(
                """
                insert into publications (id, project_id, link_id, title, how_to_play, tags, likes)
                select $1, p.id, $3, p.name, $4, $5, (select count(*) from likes k where k.project_id = p.id)
                from projects p where p.id = $2
                """,
                [Guid.CreateVersion7(), project, made.Id, howToPlay, Sql.Array(NpgsqlDbType.Text, tags)], cancellationToken);
        }

        PublicationRow row = (await change.Connection.FindAsync<PublicationRow>(Select, [project], cancellationToken))!;
        await links.CommitAsync(change, cancellationToken);
        return row.ToPublication();
    }

    /// <summary>Takes a project out of the gallery at once, with its link.</summary>
    /// <exception cref="ProblemException">404: it is not there.</exception>
    public async Task UnpublishAsync(Guid owner, Guid project, CancellationToken cancellationToken)
    {
        if (await database.ExecuteAsync(
            """
            delete from links l using publications g, projects p
            where l.id = g.link_id and p.id = $1 and g.project_id = p.id and project_access(p, $2) >= 'edit'
            """,
            [project, owner],
            cancellationToken) == 0)
        {
            throw Problem.NotFound("publication");
        }
    }

    private sealed record PublicationRow(
        string Code, string HowToPlay, string[] Tags, bool WithCode, bool Pinned, DateTimeOffset PublishedAt)
    {
        public Publication ToPublication() => new(Code, HowToPlay, Tags, WithCode, Pinned, PublishedAt);
    }
}
