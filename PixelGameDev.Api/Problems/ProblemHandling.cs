using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using PixelGameDev.Api.Database;

namespace PixelGameDev.Api.Problems;

/// <summary>Turns every error of this server into a problem document: <c>{type,title,status,detail,code,…}</c>.</summary>
internal static partial class ProblemHandling
{
    public static IServiceCollection AddProblemHandling(this IServiceCollection services)
    {
        services.AddProblemDetails();
        services.AddExceptionHandler<Handler>();
        return services;
    }

    /// <summary>Turns exceptions and empty error answers into problem documents. Call it first in the pipeline.</summary>
    public static IApplicationBuilder UseProblemHandling(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            // An exception that a handler has turned into an answer is not an error of this server.
            SuppressDiagnosticsCallback = context => context.ExceptionHandledBy == ExceptionHandledType.ExceptionHandlerService,
        });
        app.UseStatusCodePages(context => WriteAsync(context.HttpContext, ForStatus(context.HttpContext.Response.StatusCode)));
        app.Use(static async (context, next) =>
        {
            await next(context);
            HttpResponse response = context.Response;
            if (!response.HasStarted && response.StatusCode is StatusCodes.Status412PreconditionFailed
                or StatusCodes.Status416RangeNotSatisfiable)
            {
                // A file whose condition does not hold: its headers would make the status pages take the answer for complete.
                (response.ContentType, response.ContentLength) = (null, null);
            }
        });
        return app;
    }

    /// <summary>Writes <paramref name="problem"/> as the answer. Nothing may have been sent before.</summary>
    public static Task WriteAsync(HttpContext context, ProblemException problem)
    {
        context.Response.StatusCode = problem.Status;
        if (problem.RetryAfter is int seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        ProblemDetails details = new() { Status = problem.Status, Title = problem.Title, Detail = problem.Detail };
        details.Extensions["code"] = problem.Code;
        if (problem.Parameters.Count > 0)
        {
            details.Extensions["parameters"] = problem.Parameters;
        }

        foreach ((string name, object? value) in problem.Extensions ?? new Dictionary<string, object?>())
        {
            details.Extensions[name] = value;
        }

        details.Extensions["traceId"] = Activity.Current?.Id ?? context.TraceIdentifier;
        // IProblemDetailsService writes nothing if the Accept header names another type.
        return context.Response.WriteAsJsonAsync(
            details, (JsonSerializerOptions?)null, "application/problem+json", context.RequestAborted);
    }

    /// <summary>Creates the problem for an answer of the framework that has a status but no body.</summary>
    private static ProblemException ForStatus(int status) => status switch
    {
        400 => new(status, "bad_request", "Request not valid", "The request is not in the form this address expects."),
        404 => Problem.NotFound("address"),
        405 => new(status, "method_not_allowed", "Not possible here", "This address exists, but not for this kind of request."),
        408 => Problem.UploadTooSlow(),
        412 => new(status, "changed_elsewhere", "Changed somewhere else", "This was changed since you loaded it. Load it again."),
        413 => Problem.TooLarge("too_large", "Too large", "The request is larger than this address accepts."),
        415 => new(status, "unsupported_media_type", "Wrong type", "This address expects JSON (Content-Type: application/json)."),
        416 => new(status, "bad_range", "Range not valid", "The file is shorter than the Range header asks. Ask without Range."),
        _ => new(status, "error", status >= 500 ? "Something went wrong here" : "That did not work", "Try again in a moment."),
    };

    /// <summary>Creates the problem of a body that is no JSON, or whose JSON has a value of a wrong type.</summary>
    private static ProblemException InvalidJson(int status, JsonException error)
    {
        string where = error.Path is { Length: > 1 and < 100 } path ? $" at {path}" : "";
        string line = error.LineNumber is { } number ? $" (line {number + 1})" : "";
        return new(status, "bad_request", "Request not valid", $"The JSON of this request is not valid{where}{line}.");
    }

    /// <summary>
    /// Creates the problem of a row whose parent disappeared between the check of the request and the write, for example because another
    /// window deleted it.
    /// </summary>
    private static ProblemException MissingReference(string? constraint) =>
        constraint is not null
            && (constraint.Contains("account", StringComparison.Ordinal) || constraint.Contains("owner", StringComparison.Ordinal))
            ? new(StatusCodes.Status401Unauthorized, "not_signed_in", "You are signed out",
                "This account is not here any more, or you signed in as somebody else. Load the page again.")
            : Problem.NotFound(constraint?.Contains("project", StringComparison.Ordinal) == true ? "project" : "thing");

    private sealed partial class Handler(ILogger<Handler> logger) : IExceptionHandler
    {
        public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
        {
            ProblemException? problem = exception switch
            {
                ProblemException known => known,
                BadHttpRequestException { InnerException: JsonException json } bad => InvalidJson(bad.StatusCode, json),
                BadHttpRequestException bad => ForStatus(bad.StatusCode),
                PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation } gone => MissingReference(gone.ConstraintName),
                _ when DatabaseErrors.IsTransient(exception) => Problem.DatabaseUnavailable(),
                // The client has disconnected; the status is only for the log.
                OperationCanceledException when httpContext.RequestAborted.IsCancellationRequested =>
                    new ProblemException(StatusCodes.Status499ClientClosedRequest, "gone", "Request cancelled",
                        "The request was cancelled."),
                _ => null,
            };
            if (httpContext.Response.HasStarted)
            {
                return false;
            }

            if (problem is null)
            {
                // The answer does not reveal the cause; the log contains it.
                LogFailed(exception, httpContext.Request.Method, httpContext.Request.Path);
                problem = ForStatus(StatusCodes.Status500InternalServerError);
            }

            await WriteAsync(httpContext, problem);
            return true;
        }

        [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
        private partial void LogFailed(Exception error, string method, string path);
    }
}
