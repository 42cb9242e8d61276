using System.Text;
using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Links;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Sessions;

/// <summary>Checks the project from the Api again before a sandbox is used.</summary>
/// <remarks>The Executor trusts the Api's token, but not its checks.</remarks>
internal static class SessionFiles
{
    private const string SourceExtension = ".py";
    private const int MaxOwnerLength = 200;

    /// <summary>Returns the reason for refusing the request; null if there is none.</summary>
    public static SessionRefusal? Check(StartSessionRequest request, ExecutorOptions options)
    {
        if (request.SessionId == Guid.Empty)
        {
            return CreateBadRequest("bad_session_id", "The session needs an id.", "sessionId is empty");
        }

        if (string.IsNullOrWhiteSpace(request.Owner) || request.Owner.Length > MaxOwnerLength || request.Owner.Any(char.IsControl))
        {
            return CreateBadRequest("bad_owner", "The session needs an owner.",
                $"owner is empty, longer than {MaxOwnerLength} or has control characters");
        }

        if (request.Files is not { Count: > 0 } files)
        {
            return CreateBadRequest("no_files", "There is nothing to run: the project has no files.", "files is empty");
        }

        if (CheckSaved(request) is { } wrong)
        {
            return CreateBadRequest("bad_saved_files", "The saved files of this game cannot be used.", wrong);
        }

        int own = files.Count - (request.Saved?.Count ?? 0);
        if (own > options.MaxProjectFiles)
        {
            return CreateTooLarge("too_many_files",
                $"The project has too many files: {own}, and {options.MaxProjectFiles} are allowed.",
                "MAX_PROJECT_FILES");
        }

        return CheckFiles(request, files, options);
    }

    /// <summary>Creates the File message of docs/PROTOCOL.md.</summary>
    public static PooledMessage CreateMessage(SessionFile file)
    {
        PooledMessage message = PooledMessage.Rent((int)ExecutorMessages.FileLength(file.Path, file.Content.Length));
        ExecutorMessages.WriteFile(message.Buffer.Span, file.Path, file.Content);
        return message;
    }

    private static string? CheckSaved(StartSessionRequest request) =>
        request.SavedBytes is < 0 or > SavedFileRules.MaxBytes ? "savedBytes is out of range"
        : request.Saved is { Count: > SavedFileRules.MaxFiles } ? "saved names too many files"
        : request.Saved?.Any(path => path is null || path == request.Entry || SavedFileRules.GetRefusal(path) is not null) == true
            ? "saved names a file that is never saved"
        : null;

    private static SessionRefusal? CheckFiles(StartSessionRequest request, IReadOnlyList<SessionFile> files, ExecutorOptions options)
    {
        long code = 0;
        long all = 0;
        long ofSaved = 0;
        HashSet<string> saved = new(request.Saved ?? [], StringComparer.Ordinal);
        HashSet<string> paths = new(files.Count, StringComparer.Ordinal);
        foreach (SessionFile file in files)
        {
            if (file?.Path is not { } path || file.Content is not { } content)
            {
                return CreateBadRequest("bad_file", "A file has no path or no content.", "files has an element without path or content");
            }

            if (!ExecutorMessages.IsValidPath(path))
            {
                return CreateBadRequest("bad_path", "A file has a name that is not allowed.",
                    $"'{Printable(path)}' is not a relative path without '..', '\\' and control characters");
            }

            if (!paths.Add(path))
            {
                return CreateBadRequest("duplicate_path", "Two files have the same name.", $"'{path}' appears twice");
            }

            if (ExecutorMessages.FileLength(path, content.Length) > MessageRules.MaxLength)
            {
                return CreateTooLarge(
                    "file_too_large",
                    $"{Printable(path)} is too large: {content.Length} bytes, and a file may have {MessageRules.MaxLength / (1 << 20)} MB.",
                    "of one message of the link");
            }

            if (saved.Contains(path))
            {
                ofSaved += content.Length;
                continue;
            }

            all += content.Length;
            if (path.EndsWith(SourceExtension, StringComparison.OrdinalIgnoreCase) || path == request.Entry)
            {
                code += content.Length;
                if (code <= options.MaxCodeBytes && GetTextProblem(content) is { } reason)
                {
                    return CreateBadRequest("not_text", $"{path} is not a text file, so Python cannot run it.", $"'{path}' {reason}");
                }
            }
        }

        if (code > options.MaxCodeBytes)
        {
            return CreateTooLarge("code_too_large", $"The code is too long: {code} bytes, and {options.MaxCodeBytes} are allowed.",
                "MAX_CODE_SIZE");
        }

        if (all > options.MaxProjectBytes)
        {
            return CreateTooLarge("project_too_large", $"The project is too large: {all} bytes, and {options.MaxProjectBytes} are allowed.",
                "MAX_PROJECT_SIZE");
        }

        if (ofSaved > SavedFileRules.MaxBytes || !paths.IsSupersetOf(saved))
        {
            return CreateBadRequest("bad_saved_files", "The saved files of this game cannot be used.",
                "saved names a file that is not among files, or more bytes than may be saved");
        }

        foreach (string path in paths)
        {
            // With "a" and "a/b", "a" would be both a file and a directory.
            for (int slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
            {
                if (paths.Contains(path[..slash]))
                {
                    return CreateBadRequest("bad_path", "A file and a folder have the same name.",
                        $"'{path[..slash]}' is a file and a directory");
                }
            }
        }

        return request.Entry is { } entry && paths.Contains(entry)
            ? null
            : CreateBadRequest("no_entry", $"The file to start with is missing: {Printable(request.Entry ?? "main.py")}.",
                "entry is not among files");
    }

    /// <summary>
    /// Returns why the content is not Python source; null if it is. Source is UTF-8 unless its first two lines declare another encoding,
    /// and contains no zero byte in any encoding.
    /// </summary>
    private static string? GetTextProblem(byte[] content)
    {
        if (Array.IndexOf(content, (byte)0) >= 0)
        {
            return "has zero bytes";
        }

        return System.Text.Unicode.Utf8.IsValid(content) || DeclaresEncoding(content) ? null
            : "is not UTF-8 and declares no other encoding";
    }

    private static bool DeclaresEncoding(byte[] content)
    {
        string head = Encoding.Latin1.GetString(content.AsSpan(0, Math.Min(content.Length, 400)));
        return head.Split('\n').Take(2)
            .Any(static line => line.TrimStart().StartsWith('#') && line.Contains("coding", StringComparison.Ordinal));
    }

    private static string Printable(string text) =>
        new([.. text.Take(100).Select(static c => char.IsControl(c) ? '?' : c)]);

    private static SessionRefusal CreateBadRequest(string code, string title, string detail) =>
        new(StatusCodes.Status400BadRequest, code, title, detail);

    private static SessionRefusal CreateTooLarge(string code, string title, string setting) =>
        new(StatusCodes.Status413PayloadTooLarge, code, title, $"limit {setting}");
}
