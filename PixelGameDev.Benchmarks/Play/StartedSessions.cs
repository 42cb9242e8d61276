using System.Text.Json;
using Microsoft.Playwright;

namespace PixelGameDev.Benchmarks.Play;

/// <summary>What the server answered to a page's presses of Run; only listens, so that it costs the page nothing.</summary>
internal sealed class StartedSessions
{
    private IResponse? _last;

    public StartedSessions(IPage page) => page.Response += (_, response) =>
    {
        if (response.Request.Method == "POST" && new Uri(response.Url).AbsolutePath == "/api/sessions")
        {
            _last = response;
        }
    };

    /// <summary>Whether the last session got a sandbox that had been waiting.</summary>
    public async Task<bool> WasWarmAsync()
    {
        IResponse response = _last ?? throw new InvalidOperationException("The page has started no session.");
        // {"id":"…","state":"running","sandbox":"docker","warm":true,"streamUrl":"…"}
        JsonElement session = await response.JsonAsync()
            ?? throw new InvalidOperationException($"No session was started: status {response.Status}.");
        return session.GetProperty("warm").GetBoolean();
    }
}
