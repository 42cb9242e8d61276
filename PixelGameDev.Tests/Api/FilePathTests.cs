using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests that a path names one file inside its project, on every machine.</summary>
public sealed class FilePathTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task The_same_letters_typed_on_two_machines_are_one_file()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.FirstProjectAsync();
        (await visitor.SaveAsync(id, "caf\u00E9.txt", "one")).Dispose();
        using HttpResponseMessage second = await visitor.SaveAsync(id, "cafe\u0301.txt", "two");

        Assert.Equal("caf\u00E9.txt", (await Visitor.JsonOf(second, HttpStatusCode.OK))["path"]!.GetValue<string>());
        Assert.Equal(2, (await visitor.GetAsync($"/api/projects/{id}"))["files"]!.AsArray().Count);
    }

    /// <summary>Tests that reading, renaming and deleting find the file that was saved.</summary>
    [Fact]
    public async Task A_name_in_another_Unicode_form_is_the_same_name_everywhere()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.FirstProjectAsync();
        (await visitor.SaveAsync(id, "cafe\u0301.txt", "one")).EnsureSuccessStatusCode();
        Assert.Equal("one", await visitor.Http.GetStringAsync(Visitor.FileUrl(id, "cafe\u0301.txt")));
        Assert.Equal("one", await visitor.Http.GetStringAsync(Visitor.FileUrl(id, "caf\u00E9.txt")));
        using HttpResponseMessage renamed =
            await visitor.Http.PostAsync($"{Visitor.FileUrl(id, "cafe\u0301.txt")}?rename=the%CC%81.txt", null);
        Assert.Equal("th\u00E9.txt", (await Visitor.JsonOf(renamed, HttpStatusCode.OK))["path"]!.GetValue<string>());
        using HttpResponseMessage deleted = await visitor.Http.DeleteAsync(Visitor.FileUrl(id, "the\u0301.txt"));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using HttpResponseMessage restored =
            await visitor.Http.PostAsJsonAsync($"{deleted.Headers.Location}/restore", new { path = "cafe\u0301.txt" });
        Assert.Equal("caf\u00E9.txt", (await Visitor.JsonOf(restored, HttpStatusCode.OK))["path"]!.GetValue<string>());
    }

    /// <summary>Uses U+0958, which becomes two letters in the composed form. The limits apply to the stored name.</summary>
    [Theory]
    [InlineData(120)]
    [InlineData(66)]
    public async Task A_name_that_grows_in_its_composed_form_is_refused_with_a_sentence(int letters)
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        using HttpResponseMessage response = await visitor.SaveAsync(await visitor.FirstProjectAsync(), new string('\u0958', letters), "x");
        await Visitor.ProblemOf(response, HttpStatusCode.BadRequest, "bad_path");
    }

    [Theory]
    [InlineData("..%2Fsecret.py")]
    [InlineData("a%2F..%2F..%2Fb.py")]
    [InlineData("%2Fetc%2Fpasswd")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b.py")]
    [InlineData("C:%5Cx.py")]
    [InlineData("a%5Cb.py")]
    [InlineData("a%0Ab.py")]
    [InlineData("a%7Fb.py")]
    [InlineData("%E2%80%AEgnp.py")]
    [InlineData("%EF%BF%BE.py")]
    [InlineData("%EF%B7%90.py")]
    [InlineData("%F0%9F%BF%BF.py")]
    [InlineData("%E3%85%A4.txt")]
    [InlineData("a/b/c/d/e/f/g/h/i.py")]
    [InlineData("%20a.py")]
    [InlineData("a./b.py")]
    [InlineData("what%3F.py")]
    [InlineData("star*.py")]
    [InlineData("")]
    public async Task A_path_that_could_mean_harm_is_refused_with_a_reason(string escaped)
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.FirstProjectAsync();
        using HttpRequestMessage request = new(HttpMethod.Put, $"/api/projects/{id}/files/{escaped}") { Content = new StringContent("x") };
        using HttpResponseMessage response = await visitor.Http.SendAsync(request);
        await Visitor.ProblemOf(response, HttpStatusCode.BadRequest, "bad_path");
    }

    [Fact]
    public async Task A_zero_byte_in_an_address_does_not_get_past_the_web_server()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        using HttpResponseMessage response =
            await visitor.Http.GetAsync($"/api/projects/{await visitor.FirstProjectAsync()}/files/a%00.py");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("main.py")]
    [InlineData("Mein Spiel (2).py")]
    [InlineData("картинки/герой.png")]
    [InlineData("ゲーム/主人公.txt")]
    [InlineData("a/b/c/d/e/f/g/h.py")]
    [InlineData("100% fun.txt", false)]
    [InlineData("it's #1!.txt")]
    [InlineData("star★.txt")]
    public async Task Names_people_use_are_fine(string path, bool fine = true)
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.NewProjectAsync();
        using HttpResponseMessage response = await visitor.SaveAsync(id, path, "x = 1");
        Assert.Equal(fine ? HttpStatusCode.OK : HttpStatusCode.BadRequest, response.StatusCode);
        if (fine)
        {
            Assert.Equal("x = 1", await visitor.Http.GetStringAsync(Visitor.FileUrl(id, path)));
        }
    }
}
