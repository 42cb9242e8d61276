using System.Globalization;
using Npgsql;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.History;

namespace PixelGameDev.Api.Recordings;

/// <summary>Writes the recordings of a project into the zip with everything of an account.</summary>
internal sealed class RecordingExport(NpgsqlDataSource database, IBlobStore blobs)
{
    /// <summary>Writes the files of all recordings, each named by its time.</summary>
    public async Task WriteAsync(ExportZip zip, Guid account, Guid project, string folder, CancellationToken cancellationToken)
    {
        List<Row> rows = await database.ListAsync<Row>(
            """
            select r.hash, r.created_at from projects p join recordings r on r.project_id = p.id
            where p.id = $1 and coalesce(p.owner_id, p.trashed_owner_id) = $2 order by r.created_at, r.hash
            """,
            [project, account],
            cancellationToken);
        foreach (Row row in rows)
        {
            BlobHash hash = new(row.Hash);
            // Without it, the recording was deleted meanwhile.
            if ((await blobs.ReadAsync([hash], cancellationToken)).TryGetValue(hash, out byte[]? file))
            {
                string when = row.CreatedAt.ToString("yyyy-MM-dd HH-mm-ss.fff", CultureInfo.InvariantCulture);
                await zip.WriteAsync($"recordings/{folder}/{when}.pgdr", file, cancellationToken);
            }
        }
    }

    private sealed record Row(byte[] Hash, DateTimeOffset CreatedAt);
}
