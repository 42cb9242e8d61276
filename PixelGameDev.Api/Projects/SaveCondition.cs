using System.Globalization;
using Microsoft.Net.Http.Headers;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Projects;

/// <summary>
/// The state that a save expects, so that two open tabs do not silently overwrite each other's changes: <c>If-Match: "7"</c> (the file has
/// this revision), <c>If-Match: *</c> (the file exists), <c>If-None-Match: *</c> (the file does not exist). Without a header every state is
/// accepted.
/// </summary>
internal readonly record struct SaveCondition(bool MustExist, bool MustBeNew, IReadOnlyList<long>? Revisions)
{
    /// <exception cref="ProblemException">
    /// 400: a header is invalid. Ignoring it could overwrite content that the client wants to protect.
    /// </exception>
    public static SaveCondition From(HttpRequest request)
    {
        bool mustBeNew = request.Headers.IfNoneMatch.ToString().Trim() switch
        {
            "" => false,
            "*" => true,
            _ => throw CreateProblem(),
        };
        string ifMatch = request.Headers.IfMatch.ToString().Trim();
        if (ifMatch is "")
        {
            return new SaveCondition(false, mustBeNew, null);
        }

        if (ifMatch is "*")
        {
            return new SaveCondition(true, mustBeNew, null);
        }

        List<long> revisions = [];
        // Sample: "7"   or, from clients that forget the quotes: 7   or, from a proxy that compressed the answer: W/"7"
        foreach (string part in ifMatch.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            // RFC 9110: If-Match uses the strong comparison, so a weak tag is valid but never matches.
            if (part.StartsWith("W/\"", StringComparison.Ordinal) && part.EndsWith('"'))
            {
                continue;
            }

            string text = part.Length >= 2 && part[0] == '"' && part[^1] == '"' ? part[1..^1] : part;
            revisions.Add(long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long revision) ? revision
                : throw CreateProblem());
        }

        return new SaveCondition(true, mustBeNew, revisions);
    }

    /// <summary>Returns the entity tag of a revision.</summary>
    public static EntityTagHeaderValue Tag(long revision) => new($"\"{revision.ToString(CultureInfo.InvariantCulture)}\"");

    /// <exception cref="ProblemException">
    /// 412, with the current revision (<c>currentRevision</c>, null if the file does not exist).
    /// </exception>
    public void Check(string path, long? current)
    {
        if ((MustBeNew && current is not null)
            || (MustExist && current is null)
            || (Revisions is not null && !Revisions.Contains(current!.Value)))
        {
            throw new ProblemException(
                StatusCodes.Status412PreconditionFailed,
                "changed_elsewhere",
                "Changed somewhere else",
                $"\"{path}\" was changed in another window since you opened it here. Load it again, or save yours over it.",
                ("path", path))
            {
                Extensions = new Dictionary<string, object?> { ["currentRevision"] = current },
            };
        }
    }

    private static ProblemException CreateProblem() =>
        Problem.Invalid("bad_condition", "Condition not valid",
            "If-Match holds a revision in quotes (\"7\") or *, If-None-Match holds *.");
}
