using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using PixelGameDev.Api.Database;

namespace PixelGameDev.Api.Problems;

/// <summary>Every error of this server is a problem document: <c>{type,title,status,detail,code,…}</c>.</summary>
internal static class ProblemHandling
{
    public static IServiceCollection AddProblemHandling(this IServiceCollection services)
    {
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
        {
            // The framework adds the trace id of this request; a stack trace or message of an exception is never shown.
            context.ProblemDetails.Extensions.TryAdd("code", CodeOf(context.ProblemDetails.Status));
        });
        services.AddExceptionHandler<Handler>();
        return services;
    }

    /// <summary>First in the pipeline: exceptions and empty error answers become problem documents.</summary>
    public static IApplicationBuilder UseProblemHandling(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            // What a handler has turned into an answer is the person's matter, not an error of this server.
            SuppressDiagnosticsCallback = context => context.ExceptionHandledBy == ExceptionHandledType.ExceptionHandlerService,
        });
        app.UseStatusCodePages();
        return app;
    }

    /// <summary>Writes <paramref name="problem"/> as the answer; nothing may have been sent yet.</summary>
    public static Task WriteAsync(HttpContext context, ProblemException problem)
    {
        context.Response.StatusCode = problem.Status;
        if (problem.RetryAfter is int seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        ProblemDetails details = new() { Status = problem.Status, Title = problem.Title, Detail = problem.Detail };
        details.Extensions["code"] = problem.Code;
        foreach ((string name, object? value) in problem.Extensions ?? new Dictionary<string, object?>())
        {
            details.Extensions[name] = value;
        }

        details.Extensions["traceId"] = Activity.Current?.Id ?? context.TraceIdentifier;
        // Not through IProblemDetailsService: that one gives up when the Accept header names another type.
        return context.Response.WriteAsJsonAsync(
            details, (JsonSerializerOptions?)null, "application/problem+json", context.RequestAborted);
    }

    private static string CodeOf(int? status) => status switch
    {
        400 => "bad_request",
        401 => "not_signed_in",
        403 => "forbidden",
        404 => "not_found",
        405 => "method_not_allowed",
        409 => "conflict",
        413 => "too_large",
        415 => "unsupported_media_type",
        429 => "too_many_requests",
        503 => "unavailable",
        _ => "error",
    };

    private sealed class Handler : IExceptionHandler
    {
        public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
        {
            ProblemException? problem = exception switch
            {
                ProblemException known => known,
                BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
                    Problem.TooLarge("too_large", "Too large", "This is more than one request may carry."),
                BadHttpRequestException bad =>
                    new ProblemException(bad.StatusCode, CodeOf(bad.StatusCode), "Request not understood", "The request is not in the form this address expects."),
                _ when DatabaseErrors.IsAway(exception) => Problem.DatabaseAway(),
                // The person has gone; the status is for the log only.
                OperationCanceledException when httpContext.RequestAborted.IsCancellationRequested =>
                    new ProblemException(StatusCodes.Status499ClientClosedRequest, "gone", "Request given up", "The request was given up."),
                _ => null,
            };
            if (problem is null || httpContext.Response.HasStarted)
            {
                return false;
            }

            await WriteAsync(httpContext, problem);
            return true;
        }
    }
}
