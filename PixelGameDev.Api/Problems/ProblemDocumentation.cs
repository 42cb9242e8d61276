using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace PixelGameDev.Api.Problems;

/// <summary>Lists the problem codes of an endpoint for one status.</summary>
internal sealed record DocumentedProblems(int Status, IReadOnlyList<string> Codes);

/// <summary>
/// Adds the problems of each endpoint to the OpenAPI document: one response for each status, whose description contains the codes.
/// </summary>
/// <remarks>
/// An endpoint names its own problems. This class adds the problems that follow from its kind (it needs an account, it takes a body). A
/// test compares the document with every problem that the tests receive.
/// </remarks>
internal static class ProblemDocumentation
{
    private const string ContentType = "application/problem+json";

    /// <summary>Documents problems of an endpoint.</summary>
    public static TBuilder WithProblems<TBuilder>(this TBuilder endpoint, int status, params string[] codes)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.ProducesProblem(status).WithMetadata(new DocumentedProblems(status, codes));

    /// <summary>Documents that the object of the endpoint may not exist or belongs to another account.</summary>
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

    /// <summary>Returns the problems that follow from the kind of an endpoint. Health and info skip the pipeline.</summary>
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
