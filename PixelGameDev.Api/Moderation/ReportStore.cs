using System.Security.Cryptography;
using System.Text;
using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Links;
using PixelGameDev.Api.Security.Authentication;

namespace PixelGameDev.Api.Moderation;

/// <summary>Stores what people report about shared games.</summary>
internal sealed class ReportStore(NpgsqlDataSource database, TokenOptions secrets)
{
    /// <summary>The maximum number of open reports of a game. Staff see no difference with more, so more are not kept.</summary>
    public const int MaxOpen = 100;

    /// <summary>How long reports are kept after the decision, unless the game is taken down.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    // The reports of people must not be told apart with the key of anything else.
    private readonly byte[] _key = HMACSHA256.HashData(secrets.Secret, "reports"u8);

    /// <summary>Reports a shared game. A second report of the same person changes the first, and makes it open again.</summary>
    /// <param name="link">The link by which the person sees the game.</param>
    /// <param name="account">The person's account; null: none.</param>
    /// <param name="address">The key of the person's address, which counts as a person without an account.</param>
    /// <param name="report">What the person says.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task ReportAsync(
        OpenedLink link, Guid? account, string address, ReportRequest report, CancellationToken cancellationToken)
    {
        (string reason, string details) = ReportReasons.Check(report.Reason, report.Details);
        string person = account is { } id ? $"account {id}" : $"address {address}";
        await database.ExecuteAsync(
            """
            with link as (select id, project_id from links where id = $1 for key share)
            insert into reports (id, project_id, link_id, reporter, reason, details)
            select $2, project_id, id, $3, $4, $5 from link
            where (select count(*) from reports r where r.project_id = link.project_id and r.settled_at is null) < $6
                or exists (select from reports r where r.project_id = link.project_id and r.reporter = $3)
            on conflict (project_id, reporter) do update set link_id = excluded.link_id, reason = excluded.reason,
                details = excluded.details, reported_at = now(), settled_at = null
            """,
            [
                link.Id, Guid.CreateVersion7(), HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{link.Project} {person}")), reason,
                details, MaxOpen,
            ],
            cancellationToken);
    }
}
