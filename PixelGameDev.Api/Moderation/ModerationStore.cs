using Npgsql;
using PixelGameDev.Api.Administration;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Gallery;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Projects;

namespace PixelGameDev.Api.Moderation;

/// <summary>Lists reported games, and stores what staff decide about them. Each decision is recorded in the audit log.</summary>
internal sealed class ModerationStore(NpgsqlDataSource database)
{
    /// <summary>The maximum number of games in one answer.</summary>
    public const int PageSize = 100;

    private const int MaxReports = 20;

    private const string OpenGames =
        """
        select project_id, min(reported_at) as place from reports where settled_at is null
        group by project_id order by place
        """;

    private const string SettledGames =
        """
        select project_id, max(place) as place from (
            select id as project_id, taken_down_at as place from projects where taken_down_at is not null
            union all
            (select project_id, settled_at from reports where settled_at is not null order by settled_at desc limit 1000)) one
        where not exists (select from reports o where o.project_id = one.project_id and o.settled_at is null)
        group by project_id order by place desc
        """;

    /// <summary>Counts the remixes of p that are in the gallery, and names the newest ones.</summary>
    private static readonly string PublicRemixes =
        $"""
        with recursive copies as (
            select id, 1 as steps from projects where copied_from = p.id
            union all
            select c.id, steps + 1 from copies join projects c on c.copied_from = copies.id where steps < {FamilyStore.MaxAncestors})
        select count(*)::int as remix_count,
            coalesce((array_agg(x.name order by g.id desc))[:{FamilyStore.MaxRemixes}], '{"{}"}') as remix_titles,
            coalesce((array_agg(m.name order by g.id desc))[:{FamilyStore.MaxRemixes}], '{"{}"}') as remix_makers,
            coalesce((array_agg(k.code order by g.id desc))[:{FamilyStore.MaxRemixes}], '{"{}"}') as remix_codes
        from copies
        join projects x on x.id = copies.id
        join accounts m on m.id = x.owner_id
        join publications g on g.project_id = x.id
        join links k on k.id = g.link_id and project_access(x, null, k) >= 'view'
        """;

    /// <summary>Lists reported games.</summary>
    /// <param name="settled">
    /// False: those with open reports, the longest open first. True: the others, the last decision first.
    /// </param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<ReportQueue> ListAsync(bool settled, CancellationToken cancellationToken)
    {
        List<GameRow> rows = await database.ListAsync<GameRow>(
            $"""
            select p.id, p.name as title, a.name as maker, l.code, c.open, c.total, c.reported_at, d.reasons, d.details,
                encode(coalesce(r.picture, case when l.revision is null then p.picture end), 'hex') as picture,
                p.taken_down_at, p.taken_down_reason, p.taken_down_note, f.*
            from ({(settled ? SettledGames : OpenGames)} limit {2 * PageSize}) q
            join projects p on p.id = q.project_id
            join accounts a on a.id = p.owner_id
            cross join lateral (
                select count(*) filter (where settled_at is null)::int as open, count(*)::int as total, max(reported_at) as reported_at
                from reports where project_id = p.id) c
            cross join lateral (
                select coalesce(array_agg(reason), '{"{}"}') as reasons, coalesce(array_agg(details), '{"{}"}') as details from (
                    select reason, details from reports where project_id = p.id
                    order by settled_at is not null, reported_at desc limit {MaxReports}) newest) d
            left join lateral (
                select l.code, l.revision from links l left join publications g on g.link_id = l.id
                where l.project_id = p.id and coalesce(l.ends_at > now(), true)
                    and (g.id is not null or exists (select from reports o where o.link_id = l.id))
                order by g.id is null, l.created_at limit 1) l on true
            left join lateral (
                select picture from revisions where l.code is not null
                    and project_id = p.id and number = coalesce(l.revision, number) order by number desc limit 1) r on true
            cross join lateral ({PublicRemixes}) f
            order by q.place {(settled ? "desc" : "")} limit {PageSize}
            """,
            [],
            cancellationToken);
        return new ReportQueue([.. rows.Select(static row => row.ToGame())], await CountOpenAsync(cancellationToken));
    }

    /// <summary>Counts the games about which staff must decide.</summary>
    public Task<int> CountOpenAsync(CancellationToken cancellationToken) => database.FindAsync<int>(
        """
        select count(distinct r.project_id)::int from reports r join projects p on p.id = r.project_id
        where r.settled_at is null and p.owner_id is not null
        """,
        [],
        cancellationToken);

    /// <summary>Leaves a game as it is and settles its reports.</summary>
    /// <exception cref="ProblemException">404; 409: it has no open reports any more.</exception>
    public Task KeepAsync(Guid admin, Guid project, string note, CancellationToken cancellationToken) => DecideAsync(
        admin, project, AuditActions.KeepGame, note,
        "select exists (select from reports where project_id = $1 and settled_at is null)", [project], cancellationToken);

    /// <summary>
    /// Takes a game down: it leaves the gallery, its links are as if they had never been, and its owner can make no new ones. Games that
    /// run go on.
    /// </summary>
    /// <exception cref="ProblemException">404; 409: it is taken down.</exception>
    public Task TakeDownAsync(Guid admin, Guid project, string reason, string note, CancellationToken cancellationToken) => DecideAsync(
        admin, project, AuditActions.TakeDownGame, note.Length == 0 ? reason : $"{reason}: {note}",
        """
        with taken as (
            update projects set taken_down_at = now(), taken_down_reason = $2, taken_down_note = $3
            where id = $1 and taken_down_at is null returning 1)
        select exists (select from taken)
        """,
        [project, reason, note], cancellationToken);

    /// <summary>Gives a game back: it is in the gallery again, and its links work.</summary>
    /// <exception cref="ProblemException">404; 409: it is not taken down.</exception>
    public Task GiveBackAsync(Guid admin, Guid project, string note, CancellationToken cancellationToken) => DecideAsync(
        admin, project, AuditActions.GiveBackGame, note,
        """
        with given as (
            update projects set taken_down_at = null, taken_down_reason = null, taken_down_note = null
            where id = $1 and taken_down_at is not null returning 1)
        select exists (select from given)
        """,
        [project], cancellationToken);

    /// <summary>Throws if staff have taken down the project of a change.</summary>
    /// <exception cref="ProblemException">403</exception>
    public static async Task RequireNotTakenDownAsync(ProjectTransaction change, CancellationToken cancellationToken)
    {
        if (await change.Connection.FindAsync<bool>(
            "select taken_down_at is not null from projects where id = $1", [change.ProjectId], cancellationToken))
        {
            throw new ProblemException(
                StatusCodes.Status403Forbidden, "taken_down", "This game was taken down",
                "The people who look after this server have taken this game down. Ask them to give it back before you share it.");
        }
    }

    /// <param name="admin">Who decides.</param>
    /// <param name="project">The game.</param>
    /// <param name="action">The decision, for the audit log.</param>
    /// <param name="why">Why, for the audit log.</param>
    /// <param name="sql">Makes the decision and returns true; false: somebody else has decided.</param>
    /// <param name="values">The parameters of <paramref name="sql"/>.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    private async Task DecideAsync(
        Guid admin, Guid project, string action, string why, string sql, object?[] values, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Admins decide about what was reported. The id of any other project opens nothing.
        if (!await connection.FindAsync<bool>(
            """
            select true from projects p where p.id = $1 and p.owner_id is not null
                and (p.taken_down_at is not null or exists (select from reports r where r.project_id = p.id))
            for no key update
            """,
            [project],
            cancellationToken))
        {
            throw Problem.NotFound("report");
        }

        if (!await connection.FindAsync<bool>(sql, values, cancellationToken))
        {
            throw Problem.Conflict(
                "already_decided", "Somebody has decided already", "Somebody else has decided about this game. Look at the list again.");
        }

        await connection.ExecuteAsync(
            "update reports set settled_at = now() where project_id = $1 and settled_at is null", [project], cancellationToken);
        await AuditLog.AddAsync(connection, admin, action, project, why.Length == 0 ? null : why, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private sealed record GameRow(
        Guid Id, string Title, string Maker, string? Code, int Open, int Total, DateTimeOffset? ReportedAt, string[] Reasons,
        string[] Details, string? Picture, DateTimeOffset? TakenDownAt, string? TakenDownReason, string? TakenDownNote, int RemixCount,
        string[] RemixTitles, string[] RemixMakers, string[] RemixCodes)
    {
        public ReportedGame ToGame() => new(
            Id, Title, Maker, Code, Code is null ? null : Picture, Open, Total, ReportedAt,
            [.. Reasons.Zip(Details, static (reason, details) => new Report(reason, details))],
            TakenDownAt is { } at ? new TakeDown(TakenDownReason ?? "", TakenDownNote ?? "", at) : null,
            RemixCount,
            [.. RemixTitles.Select((title, i) => new RelatedGame(title, RemixMakers[i], RemixCodes[i]))]);
    }
}
