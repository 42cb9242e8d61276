using System.Net;
using System.Net.Http.Json;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests which names games, copies and folders can have.</summary>
public sealed class ProjectNameTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("two\nlines")]
    [InlineData("\u200b")]
    [InlineData("\u202e\u2066")]
    [InlineData("\u3164")]
    [InlineData("123456789 123456789 123456789 123456789 123456789 123456789 123456789 123456789 x")]
    public async Task A_bad_name_is_refused(string name)
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        using HttpResponseMessage response = await visitor.Http.PostAsJsonAsync("/api/projects", new { name });
        await Visitor.ProblemOf(response, HttpStatusCode.BadRequest, "bad_name");
    }

    /// <summary>The names are no arguments of the test, because no report of a test run can hold U+FFFE.</summary>
    [Fact]
    public async Task A_name_of_code_points_that_are_no_characters_or_that_turns_the_text_is_refused()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.FirstProjectAsync();
        foreach (string bad in new[] { "\uFFFE", "\uFFFF ab", "a\uFDD0", "\U0001FFFE", "Race \u202Erac", "\u2067Race" })
        {
            foreach (HttpResponseMessage response in new[]
            {
                await visitor.Http.PostAsJsonAsync("/api/projects", new { name = bad }),
                await visitor.Http.PatchAsJsonAsync($"/api/projects/{id}", new { name = bad }),
                await visitor.Http.PatchAsJsonAsync($"/api/projects/{id}", new { folder = bad }),
                await visitor.Http.PostAsJsonAsync($"/api/projects/{id}/duplicate", new { name = bad }),
            })
            {
                using (response)
                {
                    await Visitor.ProblemOf(response, HttpStatusCode.BadRequest, "bad_name");
                }
            }
        }

        using HttpResponseMessage hebrew = await visitor.Http.PatchAsJsonAsync(
            $"/api/projects/{id}", new { name = "\u05DE\u05E9\u05D7\u05E7 \U0001F3F0" });
        Assert.Equal(HttpStatusCode.OK, hebrew.StatusCode);
    }

    [Fact]
    public async Task Games_that_nobody_has_named_get_different_names()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid first = await visitor.FirstProjectAsync();
        string[] made = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => NameOfAsync("/api/projects", new { template = "starter" })));
        Assert.Equal(["Star Catcher 2", "Star Catcher 3", "Star Catcher 4"], made.Order(StringComparer.Ordinal));
        Assert.Equal("Star Catcher (copy)", await NameOfAsync($"/api/projects/{first}/duplicate", new { }));
        Assert.Equal("Star Catcher (copy) 2", await NameOfAsync($"/api/projects/{first}/duplicate", new { }));

        // A name that somebody has chosen stays, and a name of another person is free.
        Assert.Equal("star catcher 2", await NameOfAsync("/api/projects", new { name = "star catcher 2" }));
        Assert.Equal("Star Catcher 5", await NameOfAsync("/api/projects", new { }));

        async Task<string> NameOfAsync(string address, object body)
        {
            using HttpResponseMessage answer = await visitor.Http.PostAsJsonAsync(address, body);
            return (await Visitor.JsonOf(answer, HttpStatusCode.Created))["name"]!.GetValue<string>();
        }
    }

    [Fact]
    public async Task A_copy_of_a_game_with_a_long_name_has_whole_characters()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        using HttpResponseMessage created = await visitor.Http.PostAsJsonAsync("/api/projects", new { name = Castles(40) });
        string id = (await Visitor.JsonOf(created, HttpStatusCode.Created))["id"]!.GetValue<string>();
        using HttpResponseMessage copied = await visitor.Http.PostAsJsonAsync($"/api/projects/{id}/duplicate", new { });
        Assert.Equal($"{Castles(36)} (copy)", (await Visitor.JsonOf(copied, HttpStatusCode.Created))["name"]!.GetValue<string>());

        static string Castles(int number) => string.Concat(Enumerable.Repeat("\U0001F3F0", number));
    }
}
