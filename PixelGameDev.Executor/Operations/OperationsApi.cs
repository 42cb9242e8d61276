using Microsoft.AspNetCore.Http.HttpResults;
using PixelGameDev.Executor.Pool;
using PixelGameDev.Executor.Sessions;

namespace PixelGameDev.Executor.Operations;

/// <summary>
/// Maps <c>/operations</c> for the operator, whose tool (<see cref="OperatorCommand"/>) authenticates with a service token.
/// </summary>
internal static class OperationsApi
{
    public static void MapOperations(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder operations = routes.MapGroup("/operations").RequireAuthorization();
        operations.MapGet("", (SessionRegistry sessions, WarmPool pool) => TypedResults.Ok(LoadOf(sessions, pool)));
        operations.MapPost("prewarm", Prewarm);
        operations.MapPost("drain", (SessionRegistry sessions, WarmPool pool) => Drain(sessions, pool, true));
        operations.MapPost("resume", (SessionRegistry sessions, WarmPool pool) => Drain(sessions, pool, false));
    }

    private static Results<Ok<ExecutorLoad>, ProblemHttpResult> Prewarm(PrewarmRequest request, SessionRegistry sessions, WarmPool pool)
    {
        if (request.Count is < 1 or > PrewarmRequest.MaxCount)
        {
            return TypedResults.Problem(
                $"Ask for 1 to {PrewarmRequest.MaxCount} sandboxes.", statusCode: StatusCodes.Status400BadRequest,
                title: "Not a number of sandboxes.",
                extensions: new Dictionary<string, object?> { ["code"] = "bad_count" });
        }

        pool.Prewarm(request.Count);
        return TypedResults.Ok(LoadOf(sessions, pool));
    }

    private static Ok<ExecutorLoad> Drain(SessionRegistry sessions, WarmPool pool, bool drain)
    {
        sessions.Draining = drain;
        pool.Drain(drain);
        return TypedResults.Ok(LoadOf(sessions, pool));
    }

    private static ExecutorLoad LoadOf(SessionRegistry sessions, WarmPool pool) =>
        new(sessions.Active, pool.Ready, pool.TargetSize, sessions.Draining);
}
