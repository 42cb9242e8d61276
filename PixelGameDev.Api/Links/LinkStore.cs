using Npgsql;
using PixelGameDev.Api.Access;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.History;
using PixelGameDev.Api.Moderation;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Projects;
using PixelGameDev.Api.Recordings;
using PixelGameDev.Api.Security;
using PixelGameDev.Api.Storage;

namespace PixelGameDev.Api.Links;

/// <summary>Stores the links with which owners show their projects.</summary>
/// <remarks>
/// A revoked link is deleted. So the server does the same for a revoked code, for one that never was, and for nonsense: it hashes the text
/// and finds no row. The link of a project in the trash gives the same answer.
/// </remarks>
internal sealed class LinkStore(NpgsqlDataSource database, AccessPolicy access, StorageQuota quota)
{
    /// <summary>The maximum number of links of one project.</summary>
    public const int MaxLinks = 20;

    /// <summary>The maximum time until a link ends, in days.</summary>
    public const int MaxDays = 366;

    /// <summary>The letters of a code: 12 of 31 letters are 59 bits.</summary>
    public const int CodeLength = 12;

    private const string Columns =
        "id, code, with_code, revision, created_at, ends_at, coalesce(ends_at <= now(), false) as has_ended, "
        + "exists (select from publications g where g.link_id = links.id) as published";

    /// <summary>Opens a link.</summary>
    /// <param name="code">The code, as a person typed it.</param>
    /// <param name="caller">The account that opens it; null: none yet.</param>
    /// <param name="least">What the caller wants to do.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ProblemException">404: there is no such link, or it does not allow this; 410: the link has ended.</exception>
    public async Task<OpenedLink> OpenAsync(string code, Guid? caller, AccessLevel least, CancellationToken cancellationToken)
    {
        LinkRow? row = await database.FindAsync<LinkRow>(
            """
            select l.id, p.id as project, project_access(p, $2, l)::text as access, p.taken_down_at is not null as taken_down,
                coalesce(l.ends_at <= now(), false) as has_ended,
                p.name as title, a.name as maker, p.controls::text as controls, l.ends_at, r.number, t.entry, t.paths, t.blobs as hashes,
                t.binaries, t.bytes, g.hash as recording, coalesce(g.size, 0) as recording_size,
                coalesce(r.picture, case when l.revision is null then p.picture end) as picture, x.how_to_play
            from links l
            join projects p on p.id = l.project_id
            join accounts a on a.id = p.owner_id
            cross join lateral (
                select number, tree_hash, picture from revisions
                where project_id = p.id and number = coalesce(l.revision, number) order by number desc limit 1) r
            join trees t on t.hash = r.tree_hash
            left join recordings g on g.project_id = p.id and g.hash = p.recording
            left join publications x on x.link_id = l.id
            where l.code_hash = $1
            """,
            [ReadableCode.HashOf(code), caller],
            cancellationToken);
        AccessLevel level = AccessPolicy.Parse(row?.Access);
        // A game that was taken down has no links, for its owner as little as for others. Admins still open them.
        if (row is null || (row.TakenDown && level is AccessLevel.None or AccessLevel.Edit))
        {
            throw Problem.NotFound("link");
        }

        if (row.HasEnded)
        {
            throw new ProblemException(
                StatusCodes.Status410Gone, "link_ended", "This link has ended",
                "This link worked until a certain day, and that day is over. Ask the person who sent it for a new one.");
        }

        return level < least ? throw Problem.NotFound("link") : row.ToLink(level);
    }

    /// <summary>Lists the links of a project, oldest first.</summary>
    /// <exception cref="ProblemException">404</exception>
    public async Task<IReadOnlyList<Link>> ListAsync(Guid owner, Guid project, CancellationToken cancellationToken)
    {
        await access.RequireAsync(owner, project, AccessLevel.Edit, cancellationToken);
        return await database.ListAsync<Link>(
            $"select {Columns} from links where project_id = $1 order by created_at, id", [project], cancellationToken);
    }

    /// <summary>Makes a link.</summary>
    /// <exception cref="ProblemException">
    /// 400; 403: the game is taken down; 404; 409: the project has <see cref="MaxLinks"/> links.
    /// </exception>
    public async Task<Link> MakeAsync(Guid owner, Guid project, MakeLinkRequest request, CancellationToken cancellationToken)
    {
        await using ProjectTransaction change = await ProjectTransaction.BeginAsync(database, owner, project, cancellationToken);
        Link link = await MakeAsync(change, request, cancellationToken);
        await CommitAsync(change, cancellationToken);
        return link;
    }

    /// <summary>Makes a link in a transaction that ends with <see cref="CommitAsync"/>.</summary>
    /// <exception cref="ProblemException">400; 403: the game is taken down; 409: the project has <see cref="MaxLinks"/> links.</exception>
    public static async Task<Link> MakeAsync(ProjectTransaction change, MakeLinkRequest request, CancellationToken cancellationToken)
    {
        CheckDays(request.Days, least: 1);
        await ModerationStore.RequireNotTakenDownAsync(change, cancellationToken);
        Guid project = change.ProjectId;
        if (await change.Connection.FindAsync<long>(
            "select count(*) from links where project_id = $1", [project], cancellationToken) >= MaxLinks)
        {
            throw Problem.Conflict(
                "too_many_links", "Too many links",
                $"A game can have {MaxLinks} links. Remove one that nobody needs any more.", ("limit", MaxLinks));
        }

        // A link that follows the newest version shows this one from the start.
        long? now = await RecordAsync(change, cancellationToken);
        string code = ReadableCode.Create(CodeLength);
        return (await change.Connection.FindAsync<Link>(
            $"""
            insert into links (id, project_id, code, code_hash, with_code, revision, ends_at)
            values ($1, $2, $3, $4, $5, $6, now() + make_interval(days => $7)) returning {Columns}
            """,
            [
                Guid.CreateVersion7(), project, code, ReadableCode.HashOf(code), request.WithCode,
                Sql.Long(request.Pinned ? now : null), request.Days,
            ],
            cancellationToken))!;
    }

    /// <summary>Changes what a link shows, and when it ends.</summary>
    /// <exception cref="ProblemException">400; 404</exception>
    public async Task<Link> ChangeAsync(
        Guid owner, Guid project, Guid id, ChangeLinkRequest request, CancellationToken cancellationToken)
    {
        await using ProjectTransaction change = await ProjectTransaction.BeginAsync(database, owner, project, cancellationToken);
        Link link = await ChangeAsync(change, id, request, cancellationToken);
        await CommitAsync(change, cancellationToken);
        return link;
    }

    /// <summary>Changes a link in a transaction that ends with <see cref="CommitAsync"/>.</summary>
    /// <exception cref="ProblemException">400; 404</exception>
    public static async Task<Link> ChangeAsync(
        ProjectTransaction change, Guid id, ChangeLinkRequest request, CancellationToken cancellationToken)
    {
        CheckDays(request.Days, least: 0);
        long? now = request.Pinned is null ? null : await RecordAsync(change, cancellationToken);
        return await change.Connection.FindAsync<Link>(
            $"""
            update links set with_code = coalesce($3, with_code),
                revision = case $4::boolean when true then $5 when false then null else revision end,
                ends_at = case when $6::integer is null then ends_at else now() + make_interval(days => nullif($6, 0)) end
            where id = $1 and project_id = $2 returning {Columns}
            """,
            [id, change.ProjectId, request.WithCode, request.Pinned, Sql.Long(now), request.Days],
            cancellationToken) ?? throw Problem.NotFound("link");
    }

    /// <summary>Revokes a link at once. A game that somebody plays goes on until it ends.</summary>
    /// <exception cref="ProblemException">404</exception>
    public async Task RevokeAsync(Guid owner, Guid project, Guid id, CancellationToken cancellationToken)
    {
        if (await database.ExecuteAsync(
            """
            delete from links l using projects p
            where l.id = $1 and p.id = $2 and l.project_id = p.id and project_access(p, $3) >= 'edit'
            """,
            [id, project, owner],
            cancellationToken) == 0)
        {
            throw Problem.NotFound("link");
        }
    }

    /// <summary>Commits the change of a link, which may have recorded a revision.</summary>
    public async Task CommitAsync(ProjectTransaction change, CancellationToken cancellationToken)
    {
        await change.CommitAsync(cancellationToken);
        await HistoryThinning.KeepWithinBoundsAsync(change.Connection, change.ProjectId, quota, CancellationToken.None);
    }

    private static Task<long?> RecordAsync(ProjectTransaction change, CancellationToken cancellationToken) =>
        RevisionWriter.RecordAsync(change.Connection, change.ProjectId, RevisionReason.Pause, cancellationToken);

    private static void CheckDays(int? days, int least)
    {
        if (days is { } number && (number < least || number > MaxDays))
        {
            throw Problem.Invalid(
                "bad_days", "That end does not work", $"A link ends after 1 to {MaxDays} days, or never.", ("limit", MaxDays));
        }
    }

    private sealed record LinkRow(
        Guid Id, Guid Project, string Access, bool TakenDown, bool HasEnded, string Title, string Maker, string? Controls,
        DateTimeOffset? EndsAt, long Number, string Entry, string[] Paths, byte[][] Hashes, bool[] Binaries, long Bytes,
        byte[]? Recording, int RecordingSize, byte[]? Picture, string? HowToPlay)
    {
        public OpenedLink ToLink(AccessLevel level) => new(
            Id, Project, level, Title, Maker, Controls, EndsAt, new RevisionFiles(Number, Entry, Paths, Hashes, Binaries, Bytes),
            Recording is null ? null : new RecordingBlob(Recording, RecordingSize), Picture, HowToPlay);
    }
}
