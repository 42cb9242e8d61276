using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Executor.Sessions;

/// <summary>Identifies the incarnation of this process. Sessions exist only in its memory and end with it.</summary>
internal sealed class Incarnation
{
    /// <summary>Returns a random id, short enough for a header and a log.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("N");
}

internal static class IncarnationExtensions
{
    /// <summary>Adds the <see cref="Incarnation"/> to every answer, including refusals and errors.</summary>
    public static IApplicationBuilder UseIncarnation(this IApplicationBuilder app)
    {
        string id = app.ApplicationServices.GetRequiredService<Incarnation>().Id;
        return app.Use((context, next) =>
        {
            context.Response.OnStarting(() =>
            {
                context.Response.Headers[ExecutorHeaders.Incarnation] = id;
                return Task.CompletedTask;
            });
            return next(context);
        });
    }
}
