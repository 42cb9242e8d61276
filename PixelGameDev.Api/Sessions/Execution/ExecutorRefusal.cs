using System.Net;
using System.Text.Json;
using PixelGameDev.Api.Problems;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Api.Sessions.Execution;

/// <summary>Holds the refusal of an Executor, which is a problem document.</summary>
/// <remarks>
/// Sample: <c>{"status":503,"title":"Games cannot be started right now. …","detail":"docker: no such image","code":"no_sandbox"}</c>
/// </remarks>
/// <param name="Status">HTTP status.</param>
/// <param name="Title">The sentence for people; null: the answer is not a problem document.</param>
/// <param name="Detail">The exact reason, for the log.</param>
/// <param name="Code">The problem's code.</param>
/// <param name="RetryAfter">The number of seconds after which to try again, as the Executor reports it.</param>
internal sealed record ExecutorRefusal(HttpStatusCode Status, string? Title, string? Detail, string? Code, int? RetryAfter)
{
    /// <summary>The codes for a project that cannot run.</summary>
    public static readonly string[] BadProject = ["no_files", "bad_file", "duplicate_path", "bad_path", "not_text", "no_entry"];

    /// <summary>The codes for a project that exceeds the smaller limits of an Executor.</summary>
    public static readonly string[] TooLarge = ["too_many_files", "file_too_large", "code_too_large", "project_too_large"];

    /// <summary>The codes for the case that no game can start.</summary>
    public static readonly string[] Unavailable =
        ["executor_away", "no_sandbox", RefusalCodes.AllSlotsTaken, RefusalCodes.Draining, RefusalCodes.ShuttingDown];

    private const int DefaultRetryAfter = 5;

    /// <summary>Reads the refusal from the body of an answer.</summary>
    public static ExecutorRefusal Read(HttpResponseMessage response, byte[] body)
    {
        int? retryAfter = (int?)response.Headers.RetryAfter?.Delta?.TotalSeconds;
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            JsonElement root = document.RootElement;
            return new(response.StatusCode, TextOf(root, "title"), TextOf(root, "detail"), TextOf(root, "code"), retryAfter);
        }
        catch (JsonException)
        {
            // The body is not a problem document, so only the status is known.
            return new(response.StatusCode, null, null, null, retryAfter);
        }
    }

    /// <summary>Returns the problem with the Executor's sentence for people; null: the person cannot act on the refusal.</summary>
    public ProblemException? ToProblem()
    {
        bool personal = Status is HttpStatusCode.BadRequest or HttpStatusCode.Conflict or HttpStatusCode.RequestEntityTooLarge
            or HttpStatusCode.UnprocessableEntity or HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;
        bool mayPass = Status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;
        return personal && Title is not null
            ? new ProblemException((int)Status, Code ?? "executor_refused", "The game was not started", Title)
            {
                RetryAfter = RetryAfter ?? (mayPass ? DefaultRetryAfter : null),
            }
            : null;
    }

    /// <summary>Returns the text of a member; null if there is none.</summary>
    public static string? TextOf(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value)
            && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
