using System.Net.Http.Headers;
using System.Net.WebSockets;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Sessions.Records;
using PixelGameDev.Streaming.Protocol;
using Yarp.ReverseProxy.Forwarder;

namespace PixelGameDev.Api.Sessions.Execution;

/// <summary>Forwards a viewer's WebSocket to the Executor in both directions, without reading the messages.</summary>
internal sealed partial class SessionStream(
    IHttpForwarder forwarder, ExecutorClient executor, ServiceTokens tokens, IHostApplicationLifetime lifetime,
    ILogger<SessionStream> logger)
{
    // Statistics arrive every second while a game runs, so a connection without traffic for this long is broken.
    private static readonly ForwarderRequestConfig Config = new() { ActivityTimeout = TimeSpan.FromMinutes(2) };

    /// <summary>How long a refused client has to receive the reason.</summary>
    private static readonly TimeSpan RefusalTime = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Forwards until one side closes or this server stops. A server that waits for its streams would accept no new requests, and would
    /// finally be killed. The game continues, and its page connects to the next server. The caller has checked that the session belongs to
    /// the account, or that it has this invitation: then the Executor takes no input.
    /// </summary>
    public async Task ForwardAsync(HttpContext context, Guid session, SessionPlace place, long? invitation = null)
    {
        string path = $"/sessions/{session}/stream{(invitation is { } number ? $"?role=watcher&invitation={number}" : "")}";
        Uri address = await executor.LocateAsync(session, place.Executor, context.RequestAborted);
        ForwarderError error = await forwarder.SendAsync(
            context,
            address.GetLeftPart(UriPartial.Authority),
            executor.Invoker,
            Config,
            new Transformer(path, tokens.Mint()),
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
    /// Refuses a stream above the limit of an account. A page cannot read the answer to a handshake, so with <paramref name="tell"/> the
    /// close reason informs it. Other requests get a problem document.
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
            // Read until the other side has received the reason; an immediate disconnect could lose it.
            byte[] ignored = new byte[1024];
            while (socket.State == WebSocketState.CloseSent)
            {
                await socket.ReceiveAsync(ignored.AsMemory(), limit.Token);
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException)
        {
            // The client has disconnected or does not read.
        }
    }

    [LoggerMessage(LogLevel.Warning, "Stream of session {Session} could not be forwarded: {Error}")]
    private partial void LogFailed(Guid session, ForwarderError error);

    [LoggerMessage(LogLevel.Debug, "Stream of session {Session} was cut: {Error}")]
    private partial void LogCut(Guid session, ForwarderError error);

    /// <summary>Removes the person's secrets and adds the service token for the Executor.</summary>
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
            // Null means the name of the destination, not the one that people use.
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
