using Npgsql;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Security;

namespace PixelGameDev.Api.Administration;

/// <summary>Stores the codes with which people may register where <c>SIGN_UP</c> is <c>invitation</c>.</summary>
internal sealed class Invitations(NpgsqlDataSource database)
{
    /// <summary>The maximum number of people that one invitation lets in.</summary>
    public const int MaxUses = 1000;

    /// <summary>The maximum time that an invitation is valid, in days.</summary>
    public const int MaxDays = 366;

    /// <summary>The maximum length of the note in characters.</summary>
    public const int MaxNote = 100;

    private const int Shown = 200;

    /// <summary>Lists the newest invitations.</summary>
    public async Task<IReadOnlyList<Invitation>> ListAsync(CancellationToken cancellationToken) => await database.ListAsync<Invitation>(
        """
        select id, note, created_at, expires_at, max_uses, uses, revoked_at
        from invitations order by created_at desc, id desc limit $1
        """,
        [Shown],
        cancellationToken);

    /// <summary>Makes an invitation and returns its code, which is not stored.</summary>
    public async Task<NewInvitation> CreateAsync(Guid admin, string note, int uses, int days, CancellationToken cancellationToken)
    {
        string code = OneTimePasswords.Create();
        Guid id = Guid.CreateVersion7();
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        DateTimeOffset until = await connection.FindAsync<DateTimeOffset>(
            """
            insert into invitations (id, code_hash, note, created_by, expires_at, max_uses)
            values ($1, $2, $3, $4, now() + make_interval(days => $5), $6) returning expires_at
            """,
            [id, ReadableCode.HashOf(code), note, admin, days, uses],
            cancellationToken);
        await AuditLog.AddAsync(connection, admin, AuditActions.Invite, id, $"{uses}", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new NewInvitation(id, code, until);
    }

    /// <summary>Ends an invitation.</summary>
    /// <exception cref="ProblemException">404</exception>
    public async Task RevokeAsync(Guid admin, Guid id, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await connection.ExecuteAsync(
            "update invitations set revoked_at = coalesce(revoked_at, now()) where id = $1", [id], cancellationToken) == 0)
        {
            throw Problem.NotFound("invitation");
        }

        await AuditLog.AddAsync(connection, admin, AuditActions.RevokeInvitation, id, null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Uses a code once, in the transaction of the sign-up.</summary>
    /// <exception cref="ProblemException">403: the code is unknown, used up, too old or revoked; it does not tell which.</exception>
    public static async Task UseAsync(NpgsqlConnection connection, string? code, CancellationToken cancellationToken)
    {
        if (await connection.ExecuteAsync(
            """
            update invitations set uses = uses + 1
            where code_hash = $1 and revoked_at is null and expires_at > now() and uses < max_uses
            """,
            [ReadableCode.HashOf(code)],
            cancellationToken) == 0)
        {
            throw new ProblemException(
                StatusCodes.Status403Forbidden, "bad_invitation", "This invitation does not work",
                "This invitation code does not work, or not any more. Check it, or ask for a new one.");
        }
    }
}

/// <summary>An invitation in the list of an admin.</summary>
internal sealed record Invitation(
    Guid Id, string Note, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, int MaxUses, int Uses, DateTimeOffset? RevokedAt);

/// <summary>A new invitation. Its code is shown once.</summary>
internal sealed record NewInvitation(Guid Id, string Code, DateTimeOffset ExpiresAt);
