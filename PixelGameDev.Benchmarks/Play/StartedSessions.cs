using System.Text.Json;
using Microsoft.Playwright;

namespace PixelGameDev.Benchmarks.Play;

/// <summary>Records the server's answers to a page's runs. It only listens, so it costs the page nothing.</summary>
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

    /// <summary>Returns whether the last session got a warm sandbox.</summary>
    public async Task<bool> WasWarmAsync()
    {
        IResponse response = _last ?? throw new InvalidOperationException("The page has started no session.");
        // {"id":"…","state":"running","sandbox":"docker","warm":true,"streamUrl":"…"}
        JsonElement session = await response.JsonAsync()
            ?? throw new InvalidOperationException($"No session was started: status {response.Status}.");
        return session.GetProperty("warm").GetBoolean();
    }
}
