using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace PixelGameDev.Benchmarks.Journeys;

/// <summary>Reads the person's projects from the server directly, with the browser's cookie.</summary>
internal sealed class ServerFiles(Uri address) : IDisposable
{
    private readonly HttpClient _http =
        new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Takes over the browser's cookies, so that requests come from the same account.</summary>
    public async Task UseCookiesOfAsync(IBrowserContext context)
    {
        IReadOnlyList<BrowserContextCookiesResult> cookies = await context.CookiesAsync();
        _http.DefaultRequestHeaders.Clear();
        _http.DefaultRequestHeaders.Add("Origin", address.GetLeftPart(UriPartial.Authority));
        _http.DefaultRequestHeaders.Add("Cookie", string.Join("; ", cookies.Select(cookie => $"{cookie.Name}={cookie.Value}")));
    }

    /// <summary>Waits until the server answers.</summary>
    public async Task UntilThereAsync()
    {
        for (long start = Environment.TickCount64; ;)
        {
            try
            {
                using HttpResponseMessage answer = await _http.GetAsync("/api/projects");
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }

                if (answer.StatusCode == HttpStatusCode.Unauthorized)
                {
                    throw new JourneyException("the server does not know the person any more");
                }
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
            {
                // The server starts.
            }

            if (Environment.TickCount64 - start > 90_000)
            {
                throw new JourneyException("the server did not come back within 90 s");
            }

            await Task.Delay(50);
        }
    }

    /// <summary>Adds files to a project, and a second project.</summary>
    public async Task PrepareAsync(string project, params string[] paths)
    {
        foreach (string path in paths)
        {
            using StringContent content = new("\n");
            (await _http.PutAsync($"/api/projects/{project}/files/{path}", content)).EnsureSuccessStatusCode();
        }

        (await _http.PostAsJsonAsync("/api/projects", new { name = "Second", template = "painter" })).EnsureSuccessStatusCode();
    }

    /// <summary>Reads the text files of every project, by project and path.</summary>
    public async Task<Dictionary<string, Dictionary<string, string>>> ReadAsync()
    {
        Dictionary<string, Dictionary<string, string>> projects = [];
        foreach (JsonNode? summary in await _http.GetFromJsonAsync<JsonArray>("/api/projects") ?? [])
        {
            string id = (string)summary!["id"]!;
            Dictionary<string, string> files = projects[id] = [];
            JsonNode project = (await _http.GetFromJsonAsync<JsonNode>($"/api/projects/{id}"))!;
            foreach (JsonNode? file in project["files"]!.AsArray())
            {
                string path = (string)file!["path"]!;
                files[path] = (bool)file["binary"]! ? ""
                    : await _http.GetStringAsync($"/api/projects/{id}/files/{Uri.EscapeDataString(path)}");
            }
        }

        return projects;
    }

    /// <summary>Reads one file; null when it does not exist or cannot be read now.</summary>
    public async Task<string?> ReadFileAsync(string project, string path)
    {
        try
        {
            using HttpResponseMessage answer = await _http.GetAsync($"/api/projects/{project}/files/{Uri.EscapeDataString(path)}");
            return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync() : null;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>Reports that the page or the server broke a promise.</summary>
internal sealed class JourneyException(string message) : Exception(message);
