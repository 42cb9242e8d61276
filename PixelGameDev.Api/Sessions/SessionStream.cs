using System.Net.Http.Headers;
using PixelGameDev.Api.Configuration;
using PixelGameDev.Api.Problems;
using Yarp.ReverseProxy.Forwarder;

namespace PixelGameDev.Api.Sessions;

/// <summary>Forwards a viewer's WebSocket to the Executor, both ways, without looking at what passes.</summary>
internal sealed partial class SessionStream(
    IHttpForwarder forwarder, ExecutorClient executor, ServiceTokens tokens, ILogger<SessionStream> logger)
{
    // Figures come once a second while a game runs; a connection that is silent for this long is dead.
    private static readonly ForwarderRequestConfig Config = new() { ActivityTimeout = TimeSpan.FromMinutes(2) };

    /// <summary>Runs until one side closes. The caller has made sure that the session is the person's.</summary>
    public async Task ForwardAsync(HttpContext context, Guid session, SessionPlace place)
    {
        Uri address = await executor.LocateAsync(session, place.Executor, context.RequestAborted);
        ForwarderError error = await forwarder.SendAsync(
            context,
            address.GetLeftPart(UriPartial.Authority),
            executor.Invoker,
            Config,
            new Transformer($"/sessions/{session}/stream", tokens.Mint()));
        if (error == ForwarderError.None)
        {
            return;
        }

        if (!context.Response.HasStarted)
        {
            LogFailed(session, error);
            context.Response.Clear();
            await ProblemHandling.WriteAsync(context, ExecutorClient.Away());
        }
        else
        {
            LogCut(session, error);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Stream of session {Session} could not be forwarded: {Error}")]
    private partial void LogFailed(Guid session, ForwarderError error);

    [LoggerMessage(LogLevel.Debug, "Stream of session {Session} was cut: {Error}")]
    private partial void LogCut(Guid session, ForwarderError error);

    /// <summary>The person's secrets stay here; the Executor gets the service token instead.</summary>
    private sealed class Transformer(string path, string token) : HttpTransformer
    {
        private static readonly string[] Withheld =
            ["Cookie", "Authorization", "Origin", "Referer", "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix", "X-Real-IP"];

        public override async ValueTask TransformRequestAsync(
            HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            foreach (string header in Withheld)
            {
                proxyRequest.Headers.Remove(header);
            }

            proxyRequest.RequestUri = new Uri(destinationPrefix + path);
            // Null: the destination's own name, not the one people use.
            proxyRequest.Headers.Host = null;
            proxyRequest.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        public override async ValueTask<bool> TransformResponseAsync(
            HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
        {
            bool copied = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
            httpContext.Response.Headers.Remove("Server");
            return copied;
        }
    }
}
