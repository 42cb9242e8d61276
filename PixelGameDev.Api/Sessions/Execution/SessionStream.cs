using System.Net.Http.Headers;
using System.Net.WebSockets;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Sessions.Records;
using PixelGameDev.Streaming.Protocol;
using Yarp.ReverseProxy.Forwarder;

namespace PixelGameDev.Api.Sessions.Execution;

/// <summary>Forwards a viewer's WebSocket to the Executor, both ways, without looking at what passes.</summary>
internal sealed partial class SessionStream(
    IHttpForwarder forwarder, ExecutorClient executor, ServiceTokens tokens, IHostApplicationLifetime lifetime,
    ILogger<SessionStream> logger)
{
    // Figures come once a second while a game runs; a connection that is silent for this long is dead.
    private static readonly ForwarderRequestConfig Config = new() { ActivityTimeout = TimeSpan.FromMinutes(2) };

    /// <summary>How long one that is refused has to take note of it.</summary>
    private static readonly TimeSpan RefusalTime = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Runs until one side closes or this server stops: a server that waited for its streams would take nothing else meanwhile, and would
    /// be killed in the end. The game goes on, and its page connects to the next server. The caller has made sure that the session is the
    /// person's.
    /// </summary>
    public async Task ForwardAsync(HttpContext context, Guid session, SessionPlace place)
    {
        Uri address = await executor.LocateAsync(session, place.Executor, context.RequestAborted);
        ForwarderError error = await forwarder.SendAsync(
            context,
            address.GetLeftPart(UriPartial.Authority),
            executor.Invoker,
            Config,
            new Transformer($"/sessions/{session}/stream", tokens.Mint()),
            lifetime.ApplicationStopping);
        if (error == ForwarderError.None)
        {
            return;
        }

        if (!context.Response.HasStarted)
        {
            LogFailed(session, error);
            context.Response.Clear();
            await ProblemHandling.WriteAsync(context, ExecutorClient.Unavailable());
        }
        else
        {
            LogCut(session, error);
        }
    }

    /// <summary>
    /// Refuses one stream too many of a person. A page cannot read the answer to a handshake, so it is told by the reason of a close
    /// (<paramref name="tell"/>); who goes on all the same gets a problem.
    /// </summary>
    public static async Task RefuseAsync(HttpContext context, bool tell, CancellationToken cancellationToken)
    {
        const string sentence = "Too many games are open. Close some of the windows.";
        if (!tell || !context.WebSockets.IsWebSocketRequest)
        {
            throw new ProblemException(StatusCodes.Status429TooManyRequests, CloseReasons.TooManyStreams, "Too many windows",
                sentence)
            { RetryAfter = (int)RefusalTime.TotalSeconds };
        }

        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(RefusalTime);
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        try
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.PolicyViolation, $"{CloseReasons.TooManyStreams}: {sentence}", limit.Token);
            // Read on until the other side has seen it: to cut at once could take the reason with it.
            byte[] ignored = new byte[1024];
            while (socket.State == WebSocketState.CloseSent)
            {
                await socket.ReceiveAsync(ignored.AsMemory(), limit.Token);
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException)
        {
            // It has gone, or does not listen.
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
            ["Cookie", "Authorization", "Origin", "Referer", "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto",
                "X-Forwarded-Prefix", "X-Real-IP"];

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
