using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests which recording of a game people get by a link.</summary>
public sealed class RecordingLinkTests(ApiFixture fixture) : RecordingTestBase(fixture)
{
    [Fact]
    public async Task A_link_gives_the_recording_that_its_owner_has_chosen_and_no_other()
    {
        using Visitor owner = await Fixture.NewVisitorAsync();
        using HttpClient anybody = new() { BaseAddress = owner.Http.BaseAddress };
        Guid id = await owner.NewProjectAsync();
        using HttpResponseMessage made = await owner.Http.PostAsJsonAsync($"/api/projects/{id}/links", new { });
        JsonNode link = await Visitor.JsonOf(made, HttpStatusCode.Created);
        string page = $"/api/play/{link["code"]}";
        async Task<string?> ShownByLinkAsync() => (await anybody.GetFromJsonAsync<JsonNode>(page))!["recording"]?.GetValue<string>();
        Assert.Null(await ShownByLinkAsync());

        byte[] file = Recordings.Make();
        string first = (await KeepAsync(owner, id, await PlayAsync(owner, id, file)))["name"]!.GetValue<string>();
        string second =
            (await KeepAsync(owner, id, await PlayAsync(owner, id, Recordings.Make(frames: 3))))["name"]!.GetValue<string>();
        Assert.Equal(first, await ShownByLinkAsync());
        Assert.Equal(file, await anybody.GetByteArrayAsync($"{page}/recordings/{first}"));
        using (HttpResponseMessage notChosen = await anybody.GetAsync($"{page}/recordings/{second}"))
        {
            await Visitor.ProblemOf(notChosen, HttpStatusCode.NotFound, "not_found");
        }

        using HttpResponseMessage revoked = await owner.Http.DeleteAsync($"/api/projects/{id}/links/{link["id"]}");
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        using HttpResponseMessage late = await anybody.GetAsync($"{page}/recordings/{first}");
        await Visitor.ProblemOf(late, HttpStatusCode.NotFound, "not_found");
    }
}
