using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Executor.Sessions;

/// <summary>Names this life of the process: sessions are kept in its memory and go with it.</summary>
internal sealed class Incarnation
{
    /// <summary>Random, short enough for a header and a log.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("N");
}

internal static class IncarnationExtensions
{
    /// <summary>Puts the <see cref="Incarnation"/> on every answer, refusals and errors among them.</summary>
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
