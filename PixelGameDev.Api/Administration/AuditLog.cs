using Npgsql;
using PixelGameDev.Api.Database;

namespace PixelGameDev.Api.Administration;

/// <summary>
/// Keeps what admins and teachers did to accounts, sessions, invitations and shared games. An entry holds ids and never a name or a
/// secret: names are looked up when it is read, so nothing of a deleted account stays. Only the note of a decision about a game is text.
/// </summary>
internal sealed class AuditLog(NpgsqlDataSource database)
{
    /// <summary>How long entries are kept.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    /// <summary>The maximum number of entries in one answer.</summary>
    public const int PageSize = 100;

    private const string Insert = "insert into audit_log (actor_id, action, target_id, detail) values ($1, $2, $3, $4)";

    /// <summary>Adds an entry in the transaction of the change.</summary>
    /// <param name="connection">The connection of the transaction.</param>
    /// <param name="actor">Who did it.</param>
    /// <param name="action">One of <see cref="AuditActions"/>.</param>
    /// <param name="target">The account, session, invitation or project.</param>
    /// <param name="detail">What else is worth knowing; never a secret, never a name.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static Task AddAsync(
        NpgsqlConnection connection, Guid actor, string action, Guid target, string? detail, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(Insert, [actor, action, target, detail is null ? Sql.Text(null) : detail], cancellationToken);

    /// <summary>Adds an entry for a change that has no transaction.</summary>
    public Task AddAsync(Guid actor, string action, Guid target, CancellationToken cancellationToken) =>
        database.ExecuteAsync(Insert, [actor, action, target, Sql.Text(null)], cancellationToken);

    /// <summary>Lists entries, newest first, starting before the entry <paramref name="before"/>.</summary>
    public async Task<IReadOnlyList<AuditEntry>> ListAsync(long? before, CancellationToken cancellationToken) =>
        await database.ListAsync<AuditEntry>(
            """
            select l.id, l.at, l.actor_id, actor.name as actor_name, l.action, l.target_id,
                coalesce(target.name, game.name) as target_name, l.detail
            from (select * from audit_log where id < $1 order by id desc limit $2) l
            left join accounts actor on actor.id = l.actor_id
            left join accounts target on target.id = l.target_id
            left join projects game on game.id = l.target_id
            order by l.id desc
            """,
            [before ?? long.MaxValue, PageSize],
            cancellationToken);
}

/// <summary>An entry of the audit log. The names are those of today; null: there is no such account or game any more.</summary>
internal sealed record AuditEntry(
    long Id, DateTimeOffset At, Guid? ActorId, string? ActorName, string Action, Guid? TargetId, string? TargetName, string? Detail);

/// <summary>Lists the actions in the audit log.</summary>
internal static class AuditActions
{
    public const string SetUp = "set_up";
    public const string Role = "role";
    public const string Quota = "quota";
    public const string UsualQuota = "usual_quota";
    public const string ResetPassword = "reset_password";
    public const string RemoveAccount = "remove_account";
    public const string StopSession = "stop_session";
    public const string Invite = "invite";
    public const string RevokeInvitation = "revoke_invitation";
    public const string KeepGame = "keep_game";
    public const string TakeDownGame = "take_down_game";
    public const string GiveBackGame = "give_back_game";
}
