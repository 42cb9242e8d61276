using System.Net;
using System.Text.Json;
using PixelGameDev.AppHost.Machine;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Benchmarks.Installation;

/// <summary>Answers the Api as an Executor whose games start at once: what is measured is the database.</summary>
internal sealed class StandInExecutor : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly HttpListener _listener = new();

    public StandInExecutor()
    {
        Address = new Uri($"http://127.0.0.1:{Ports.Free()}");
        _listener.Prefixes.Add(Address.AbsoluteUri);
        _listener.Start();
        _ = ListenAsync();
    }

    public Uri Address { get; }

    public void Dispose() => _listener.Close();

    private async Task ListenAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            _ = AnswerAsync(context);
        }
    }

    private static async Task AnswerAsync(HttpListenerContext context)
    {
        HttpListenerResponse response = context.Response;
        response.Headers[ExecutorHeaders.Incarnation] = "stand-in";
        response.Headers[ExecutorHeaders.Cursor] = "1";
        response.ContentType = "application/json";
        object? body = null;
        switch (context.Request.HttpMethod, context.Request.Url!.AbsolutePath)
        {
            case ("POST", "/sessions"):
                StartSessionRequest start =
                    (await JsonSerializer.DeserializeAsync<StartSessionRequest>(context.Request.InputStream, Json))!;
                response.StatusCode = (int)HttpStatusCode.Created;
                body = new SessionInfo(
                    start.SessionId, start.Owner, "running", SandboxKinds.Docker, true, DateTimeOffset.UtcNow, null, null, null, null, 0, 0,
                    0, null);
                break;
            case ("GET", "/sessions"):
                body = Array.Empty<SessionInfo>();
                break;
            case ("GET", "/api/health"):
                body = new
                {
                    status = "healthy",
                    sandbox = new { kind = SandboxKinds.Docker, ready = true },
                    checks = new { docker_available = true, docker_daemon = true },
                };
                break;
            default:
                response.StatusCode = (int)HttpStatusCode.NotFound;
                break;
        }

        if (body is not null)
        {
            await JsonSerializer.SerializeAsync(response.OutputStream, body, Json);
        }

        // Dispose would abort the connection.
        response.Close();
    }
}
