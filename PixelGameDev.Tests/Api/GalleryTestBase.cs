using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace PixelGameDev.Tests.Api;

/// <summary>Publishes games for tests of the gallery.</summary>
public abstract class GalleryTestBase(ApiFixture fixture) : AccountTestBase(fixture)
{
    private protected static string UrlOf(Guid project) => $"/api/projects/{project}/publication";

    private protected static Task<HttpResponseMessage> TryPublishAsync(Visitor owner, Guid project, object request) =>
        owner.Http.PutAsJsonAsync(UrlOf(project), request);

    /// <summary>Publishes a game and returns the code of its link.</summary>
    private protected static async Task<string> PublishAsync(Visitor owner, Guid project, object? request = null)
    {
        using HttpResponseMessage published = await TryPublishAsync(owner, project, request ?? new { });
        return (await Visitor.JsonOf(published, HttpStatusCode.OK))["code"]!.GetValue<string>();
    }

    /// <summary>Makes a game with this name.</summary>
    private protected static async Task<Guid> GameAsync(Visitor owner, string name)
    {
        using HttpResponseMessage made = await owner.Http.PostAsJsonAsync("/api/projects", new { name });
        return (await Visitor.JsonOf(made, HttpStatusCode.Created))["id"]!.GetValue<Guid>();
    }

    /// <summary>Returns the titles that a search finds, over all pages.</summary>
    private protected static async Task<IReadOnlyList<string>> FindAsync(HttpClient visitor, string search) =>
        [.. (await GamesAsync(visitor, search)).Select(static game => game["title"]!.GetValue<string>())];

    /// <summary>Returns the games that a search finds, over all pages.</summary>
    private protected static async Task<IReadOnlyList<JsonNode>> GamesAsync(HttpClient visitor, string search, string more = "")
    {
        List<JsonNode> games = [];
        string? next = null;
        do
        {
            JsonNode page = (await visitor.GetFromJsonAsync<JsonNode>(
                $"/api/gallery?search={Uri.EscapeDataString(search)}{more}{(next is null ? "" : $"&after={next}")}"))!;
            games.AddRange(page["games"]!.AsArray()!);
            next = page["next"]?.GetValue<string>();
        }
        while (next is not null);
        return games;
    }

    /// <summary>Returns a word that no other test uses.</summary>
    private protected static string NewWord() => $"w{Guid.NewGuid():N}"[..12];

    /// <summary>Returns what the page of a shared game knows before somebody plays.</summary>
    private protected static async Task<JsonNode> GameOfAsync(HttpClient caller, string code) =>
        (await caller.GetFromJsonAsync<JsonNode>($"/api/play/{code}"))!;

    private protected static async Task<JsonNode> FamilyAsync(HttpClient caller, string code) =>
        (await caller.GetFromJsonAsync<JsonNode>($"/api/play/{code}/family"))!;

    /// <summary>Makes a remix of a shared game and returns the id of its project.</summary>
    private protected static async Task<Guid> CopyAsync(Visitor visitor, string code)
    {
        using HttpResponseMessage made = await visitor.Http.PostAsync($"/api/play/{code}/copy", null);
        return (await Visitor.JsonOf(made, HttpStatusCode.Created))["id"]!.GetValue<Guid>();
    }

    private protected static async Task RenameAsync(Visitor owner, Guid project, string name) =>
        (await owner.Http.PatchAsJsonAsync($"/api/projects/{project}", new { name })).EnsureSuccessStatusCode();

    private protected static (string Title, string Maker, string? Code) Related(JsonNode? game) =>
        (game!["title"]!.GetValue<string>(), game["maker"]!.GetValue<string>(), game["code"]?.GetValue<string>());

    private protected static (string Title, string? Code) TitleAndCode(JsonNode? game) => (Related(game).Title, Related(game).Code);
}
