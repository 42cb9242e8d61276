using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.History.Pictures;
using PixelGameDev.Api.Projects.Zip;
using PixelGameDev.Api.Recordings;

namespace PixelGameDev.Api.Accounts;

/// <summary>
/// Writes everything of an account into a zip: its games with their files, their history, their pictures and recordings, what is in the
/// trash, the games that the person likes, and what the server remembers about it.
/// </summary>
/// <remarks>
/// The zip is written while it is sent, one file after the other, so it uses the memory of one file or of 500 records, and no connection
/// of the database waits for a slow browser. What changes meanwhile may be in it or not.
/// </remarks>
internal sealed class AccountExport(
    NpgsqlDataSource database, HistoryExport history, PictureStore pictures, RecordingExport recordings)
{
    private const int RecordsAtOnce = 500;

    /// <summary>Writes the zip to a stream that need not be seekable.</summary>
    public async Task WriteAsync(Guid account, Stream output, CancellationToken cancellationToken)
    {
        await using SendBuffer buffer = new(output);
        await using (ZipArchive zip = new(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            await WriteAsync(new ExportZip(zip, buffer), account, cancellationToken);
        }

        await buffer.SendAsync(cancellationToken);
    }

    private async Task WriteAsync(ExportZip zip, Guid account, CancellationToken cancellationToken)
    {
        AccountRow about = (await database.FindAsync<AccountRow>(
            "select name, guest, role, created_at, bytes_used, storage_quota from accounts where id = $1", [account], cancellationToken))!;
        List<SignInRow> signIns = await database.ListAsync<SignInRow>(
            "select created_at, seen_at, expires_at from sign_ins where account_id = $1 order by created_at", [account], cancellationToken);
        List<ProjectRow> projects = await database.ListAsync<ProjectRow>(
            """
            select id, name, entry, created_at, updated_at, deleted_at, controls::text as controls, seats::text as seats, folder, picture
            from projects where owner_id = $1 or trashed_owner_id = $1 order by deleted_at nulls first, created_at, id
            """,
            [account],
            cancellationToken);

        HashSet<string> folders = new(StringComparer.OrdinalIgnoreCase);
        List<object> games = [];
        foreach (ProjectRow project in projects)
        {
            string folder = FolderFor(project.DeletedAt is null ? "games" : "deleted games", project.Name, folders);
            games.Add(new
            {
                folder,
                project.Name,
                InFolder = project.Folder,
                Picture = await WritePictureAsync(zip, account, project, folder, cancellationToken),
                StartsWith = project.Entry,
                project.CreatedAt,
                ChangedAt = project.UpdatedAt,
                project.DeletedAt,
                Links = await database.ListAsync<LinkRow>(
                    "select code, with_code, created_at, ends_at from links where project_id = $1 order by created_at", [project.Id],
                    cancellationToken),
                TouchControls = project.Controls is null ? (JsonElement?)null : JsonSerializer.Deserialize<JsonElement>(project.Controls),
                Players = project.Seats is null ? (JsonElement?)null : JsonSerializer.Deserialize<JsonElement>(project.Seats),
            });
            await WriteFilesAsync(zip, account, project, folder, cancellationToken);
            await history.WriteAsync(zip, account, project.Id, folder, cancellationToken);
            await recordings.WriteAsync(zip, account, project.Id, folder, cancellationToken);
        }

        await WriteSavedFilesAsync(zip, account, cancellationToken);
        await zip.WriteLinesAsync("runs.jsonl", ReadRunsAsync(account, cancellationToken), cancellationToken);
        await zip.WriteJsonAsync(
            "account.json",
            new
            {
                Account = about,
                SignedInBrowsers = signIns,
                Games = games,
                LikedGames = await ListLikedAsync(account, cancellationToken),
            },
            cancellationToken);
    }

    /// <summary>Lists what the person likes. A game that is not in the gallery any more has neither title nor link.</summary>
    private Task<List<LikedRow>> ListLikedAsync(Guid account, CancellationToken cancellationToken) => database.ListAsync<LikedRow>(
        """
        select case when l.id is not null then p.name end as title, '/play/' || l.code as link, k.liked_at
        from likes k
        join projects p on p.id = k.project_id
        left join publications g on g.project_id = p.id
        left join links l on l.id = g.link_id and project_access(p, null, l) >= 'view'
        where k.account_id = $1 order by k.liked_at, p.id
        """,
        [account],
        cancellationToken);

    /// <summary>Writes the newest picture of a game. Returns its path in the zip; null if there is none.</summary>
    private async Task<string?> WritePictureAsync(
        ExportZip zip, Guid account, ProjectRow project, string folder, CancellationToken cancellationToken)
    {
        if (project.Picture is null
            || await pictures.FindAsync(account, project.Id, project.Picture, cancellationToken) is not { } content)
        {
            return null;
        }

        string path = $"pictures/{folder}.png";
        await zip.WriteAsync(path, content, cancellationToken);
        return path;
    }

    private async Task WriteFilesAsync(ExportZip zip, Guid account, ProjectRow project, string folder, CancellationToken cancellationToken)
    {
        foreach (string path in await database.ListAsync<string>(
            "select path from files where project_id = $1 order by path", [project.Id], cancellationToken))
        {
            byte[]? content = await database.FindAsync<byte[]>(
                """
                select f.content from files f join projects p on p.id = f.project_id
                where f.project_id = $1 and f.path = $2 and coalesce(p.owner_id, p.trashed_owner_id) = $3
                """,
                [project.Id, path, account],
                cancellationToken);
            // Deleted or renamed in between.
            if (content is not null)
            {
                await zip.WriteAsync($"{folder}/{path}", content, cancellationToken);
            }
        }

        List<TrashRow> trashed = await database.ListAsync<TrashRow>(
            "select id, path, deleted_at from trashed_files where project_id = $1 order by deleted_at, id",
            [project.Id],
            cancellationToken);
        foreach (TrashRow file in trashed)
        {
            byte[]? content = await database.FindAsync<byte[]>(
                """
                select f.content from trashed_files f join projects p on p.id = f.project_id
                where f.id = $1 and coalesce(p.owner_id, p.trashed_owner_id) = $2
                """,
                [file.Id, account],
                cancellationToken);
            if (content is not null)
            {
                string when = file.DeletedAt.ToString("yyyy-MM-dd HH-mm-ss.fff", CultureInfo.InvariantCulture);
                await zip.WriteAsync($"deleted files/{folder}/{when}/{file.Path}", content, cancellationToken);
            }
        }
    }

    /// <summary>Writes what games have saved for this player.</summary>
    private async Task WriteSavedFilesAsync(ExportZip zip, Guid account, CancellationToken cancellationToken)
    {
        HashSet<string> folders = new(StringComparer.OrdinalIgnoreCase);
        List<SavedRow> saved = await database.ListAsync<SavedRow>(
            """
            select s.project_id, p.name, s.path from saved_files s join projects p on p.id = s.project_id
            where s.account_id = $1 and s.content is not null order by p.name, s.project_id, s.path
            """,
            [account],
            cancellationToken);
        foreach (IGrouping<(Guid, string), SavedRow> game in saved.GroupBy(static row => (row.ProjectId, row.Name)))
        {
            string folder = FolderFor("saved by games", game.Key.Item2, folders);
            foreach (SavedRow row in game)
            {
                byte[]? content = await database.FindAsync<byte[]>(
                    "select content from saved_files where account_id = $1 and project_id = $2 and path = $3 and content is not null",
                    [account, row.ProjectId, row.Path],
                    cancellationToken);
                if (content is not null)
                {
                    await zip.WriteAsync($"{folder}/{row.Path}", content, cancellationToken);
                }
            }
        }
    }

    /// <summary>Reads the records of sessions, some in each statement.</summary>
    private async IAsyncEnumerable<IReadOnlyList<RunRow>> ReadRunsAsync(
        Guid account, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        RunRow? last = null;
        while (true)
        {
            List<RunRow> rows = await database.ListAsync<RunRow>(
                """
                select id, project_name, created_at, ended_at, end_reason, end_message, frames, bytes, console_tail
                from sessions where account_id = $1 and (created_at, id) < ($2, $3) order by created_at desc, id desc limit $4
                """,
                [account, last?.CreatedAt ?? DateTimeOffset.MaxValue.AddDays(-1), last?.Id ?? Guid.AllBitsSet, RecordsAtOnce],
                cancellationToken);
            yield return rows;
            if (rows.Count < RecordsAtOnce)
            {
                yield break;
            }

            last = rows[^1];
        }
    }

    /// <summary>Returns a folder of its own for a game, with a name that every file system takes.</summary>
    private static string FolderFor(string parent, string name, HashSet<string> taken)
    {
        string clean = FolderNames.Clean(name);
        string folder = $"{parent}/{clean}";
        for (int i = 2; !taken.Add(folder); i++)
        {
            folder = string.Create(CultureInfo.InvariantCulture, $"{parent}/{clean} ({i})");
        }

        return folder;
    }

    private sealed record AccountRow(string Name, bool Guest, string Role, DateTimeOffset CreatedAt, long BytesUsed, long? StorageQuota);

    private sealed record SignInRow(DateTimeOffset CreatedAt, DateTimeOffset SeenAt, DateTimeOffset ExpiresAt);

    private sealed record ProjectRow(
        Guid Id, string Name, string Entry, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? DeletedAt,
        string? Controls, string? Seats, string? Folder, byte[]? Picture);

    private sealed record LinkRow(string Code, bool WithCode, DateTimeOffset CreatedAt, DateTimeOffset? EndsAt);

    private sealed record LikedRow(string? Title, string? Link, DateTimeOffset LikedAt);

    private sealed record SavedRow(Guid ProjectId, string Name, string Path);

    private sealed record TrashRow(Guid Id, string Path, DateTimeOffset DeletedAt);

    private sealed record RunRow(
        Guid Id, string ProjectName, DateTimeOffset CreatedAt, DateTimeOffset? EndedAt, string? EndReason, string? EndMessage, long Frames,
        long Bytes, string? ConsoleTail);
}
