using System.Globalization;
using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.History;
using PixelGameDev.Api.History.Pictures;

namespace PixelGameDev.Api.Accounts;

/// <summary>
/// Writes the history of a project into a zip: for each revision a folder with the files that it changed, and a list of all revisions. The
/// state of a revision is the last file of each path up to it, without those that are listed as removed. Beside the folders lie the
/// pictures of the runs.
/// </summary>
internal sealed class HistoryExport(NpgsqlDataSource database, IBlobStore blobs, PictureStore pictureStore)
{
    // The trees of so many revisions are in memory at once, and one content.
    private const int RevisionsAtOnce = 50;

    public async Task WriteAsync(ExportZip zip, Guid account, Guid project, string folder, CancellationToken cancellationToken)
    {
        List<ListedRevision> list = [];
        Dictionary<string, BlobHash> before = [];
        // Revisions that look the same share the file of the first one.
        Dictionary<BlobHash, string> pictures = [];
        for (long last = 0; ;)
        {
            List<RevisionRow> rows = await database.ListAsync<RevisionRow>(
                """
                select r.number, r.reason, r.created_at, r.restored, t.entry, t.paths, t.blobs, r.picture
                from projects p join revisions r on r.project_id = p.id join trees t on t.hash = r.tree_hash
                where p.id = $1 and coalesce(p.owner_id, p.trashed_owner_id) = $2 and r.number > $3 order by r.number limit $4
                """,
                [project, account, last, RevisionsAtOnce],
                cancellationToken);
            foreach (RevisionRow row in rows)
            {
                Dictionary<string, BlobHash> now = FileMap.Of(row.Paths, row.Blobs);
                string[] changed =
                    [.. row.Paths.Where(path => !before.TryGetValue(path, out BlobHash hash) || !hash.Equals(now[path]))];
                string name = string.Create(
                    CultureInfo.InvariantCulture, $"{row.Number:00000} {row.CreatedAt:yyyy-MM-dd HH-mm-ss}");
                foreach (string path in changed)
                {
                    IReadOnlyDictionary<BlobHash, byte[]> found = await blobs.ReadAsync([now[path]], cancellationToken);
                    // Without it, its revision was removed meanwhile.
                    if (found.TryGetValue(now[path], out byte[]? content))
                    {
                        await zip.WriteAsync($"history/{folder}/{name}/{path}", content, cancellationToken);
                    }
                }

                string? picture = null;
                if (row.Picture is not null && !pictures.TryGetValue(new BlobHash(row.Picture), out picture)
                    && await pictureStore.FindAsync(account, project, row.Picture, cancellationToken) is { } png)
                {
                    picture = $"{name}.png";
                    await zip.WriteAsync($"history/{folder}/{picture}", png, cancellationToken);
                    pictures.Add(new BlobHash(row.Picture), picture);
                }

                list.Add(new ListedRevision(
                    row.Number, row.Reason, row.CreatedAt, row.Entry, row.Restored, name, picture, changed,
                    [.. before.Keys.Where(path => !now.ContainsKey(path)).Order(StringComparer.Ordinal)]));
                before = now;
            }

            if (rows.Count < RevisionsAtOnce)
            {
                break;
            }

            last = rows[^1].Number;
        }

        if (list.Count > 0)
        {
            await zip.WriteJsonAsync($"history/{folder}/revisions.json", list, cancellationToken);
        }
    }

    private sealed record RevisionRow(
        long Number, string Reason, DateTimeOffset CreatedAt, long? Restored, string Entry, string[] Paths, byte[][] Blobs,
        byte[]? Picture);

    private sealed record ListedRevision(
        long Number, string Reason, DateTimeOffset CreatedAt, string StartsWith, long? RestoredFrom, string Folder, string? Picture,
        string[] Changed, string[] Removed);
}
