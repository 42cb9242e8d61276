using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace PixelGameDev.Api.Problems;

/// <summary>Lists codes of problems that an endpoint answers with one status.</summary>
internal sealed record DocumentedProblems(int Status, IReadOnlyList<string> Codes);

/// <summary>
/// Writes into the OpenAPI document which problems each endpoint can answer: a response for each status, whose description holds the codes.
/// </summary>
/// <remarks>
/// An endpoint names its own problems. What follows from what it is (it needs an account, it takes a body) is added here. A test asks the
/// document about every problem that any test gets.
/// </remarks>
internal static class ProblemDocumentation
{
    private const string ContentType = "application/problem+json";

    /// <summary>Documents problems of an endpoint.</summary>
    public static TBuilder WithProblems<TBuilder>(this TBuilder endpoint, int status, params string[] codes)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.ProducesProblem(status).WithMetadata(new DocumentedProblems(status, codes));

    /// <summary>Documents that what the endpoint is about may be missing, or another account's.</summary>
    public static TBuilder WithNotFound<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithProblems(StatusCodes.Status404NotFound, "not_found");

    /// <summary>Adds the OpenAPI document with its problems.</summary>
    public static IServiceCollection AddOpenApiWithProblems(this IServiceCollection services) => services.AddOpenApi(
        static options => options.AddOperationTransformer(static (operation, context, _) =>
        {
            AddProblems(operation, context);
            return Task.CompletedTask;
        }));

    private static void AddProblems(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        IList<object> metadata = context.Description.ActionDescriptor.EndpointMetadata;
        IEnumerable<DocumentedProblems> all =
            [.. metadata.OfType<DocumentedProblems>(), .. metadata.OfType<IAllowAnonymous>().Any() ? [] : General(context, metadata)];
        operation.Responses ??= [];
        foreach (IGrouping<int, DocumentedProblems> status in all.GroupBy(static problems => problems.Status))
        {
            operation.Responses[$"{status.Key}"] = new OpenApiResponse
            {
                Description = string.Join(", ", status.SelectMany(static one => one.Codes).Distinct().Select(static code => $"`{code}`")),
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [ContentType] = new() { Schema = new OpenApiSchemaReference(nameof(ProblemDetails), context.Document) },
                },
            };
        }
    }

    /// <summary>Returns what an endpoint can answer because of what it is. Health and info leave the pipeline before.</summary>
    private static IEnumerable<DocumentedProblems> General(OpenApiOperationTransformerContext context, IList<object> metadata)
    {
        yield return new(StatusCodes.Status429TooManyRequests, ["too_fast"]);
        yield return new(StatusCodes.Status500InternalServerError, ["error"]);
        yield return new(StatusCodes.Status503ServiceUnavailable, ["database_away"]);
        yield return new(StatusCodes.Status400BadRequest, ["unknown_host", "bad_request"]);
        if (context.Description.HttpMethod != HttpMethods.Get)
        {
            yield return new(StatusCodes.Status403Forbidden, ["cross_origin"]);
        }

        if (metadata.OfType<IAuthorizeData>().Any())
        {
            yield return new(StatusCodes.Status401Unauthorized, ["not_signed_in", "bad_token"]);
        }

        if (metadata.OfType<IAuthorizeData>().Any(static one => one.Policy is not null))
        {
            yield return new(StatusCodes.Status403Forbidden, ["forbidden"]);
        }

        if (context.Description.ParameterDescriptions.Any(static one => one.Source == BindingSource.Body))
        {
            yield return new(StatusCodes.Status413PayloadTooLarge, ["too_large"]);
            yield return new(StatusCodes.Status415UnsupportedMediaType, ["unsupported_media_type"]);
        }
    }
}
