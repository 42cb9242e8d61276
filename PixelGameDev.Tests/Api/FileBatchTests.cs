using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using PixelGameDev.Api.Projects;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests that many files arrive in one request, all of them or none.</summary>
public sealed class FileBatchTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Files_of_folders_arrive_together_and_may_be_sent_again()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.NewProjectAsync();
        (string, byte[])[] files =
        [
            ("game/größe 1.txt", "ä"u8.ToArray()), ("game/images/hero.png", [0x89, 0x50, 0, 255]), ("empty.py", []),
            ("large.bin", new byte[ProjectLimits.MaxFileBytes]),
        ];
        using HttpResponseMessage first = await visitor.SaveAllAsync(id, files);
        JsonArray saved = (await Visitor.JsonOf(first, HttpStatusCode.OK)).AsArray();
        Assert.Equal(files.Select(static file => file.Item1), saved.Select(static file => file!["path"]!.GetValue<string>()));
        Assert.Equal([false, true, false, true], saved.Select(static file => file!["binary"]!.GetValue<bool>()));
        Assert.All(saved, static file => Assert.Equal(2, file!["revision"]!.GetValue<long>()));
        Assert.Equal("ä", await visitor.Http.GetStringAsync(Visitor.FileUrl(id, "game/größe 1.txt")));

        using HttpResponseMessage again = await visitor.SaveAllAsync(id, [.. files, ("new.txt", "x"u8.ToArray())]);
        Assert.Equal(3, (await Visitor.JsonOf(again, HttpStatusCode.OK)).AsArray()[^1]!["revision"]!.GetValue<long>());
        Assert.Equal(6, (await visitor.GetAsync($"/api/projects/{id}"))["files"]!.AsArray().Count);
    }

    [Fact]
    public async Task What_is_refused_is_one_report_and_then_nothing_is_stored()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.NewProjectAsync();
        byte[] text = "x"u8.ToArray();
        using HttpResponseMessage own = await visitor.SaveAllAsync(
            id,
            [
                ("good.txt", text), ("../up.txt", text), ("broken.txt", [0xff]), ("twice.txt", text), ("twice.txt", text),
                ("large.bin", new byte[ProjectLimits.MaxFileBytes + 1]),
            ]);
        JsonNode problem = await Visitor.ProblemOf(own, HttpStatusCode.UnprocessableEntity, "files_refused");
        Assert.Equal(
            ["../up.txt bad_path", "broken.txt not_text", "twice.txt file_exists", "large.bin file_too_large"],
            problem["refused"]!.AsArray().Select(static one => $"{one!["path"]} {one["code"]}"));
        Assert.All(problem["refused"]!.AsArray(), static one => Assert.NotEmpty(one!["detail"]!.GetValue<string>()));

        using HttpResponseMessage names = await visitor.SaveAllAsync(
            id, [("good.txt", text), ("main.py", text), ("main.py/a.txt", text), ("a", text), ("a/b", text)]);
        problem = await Visitor.ProblemOf(names, HttpStatusCode.UnprocessableEntity, "files_refused");
        Assert.Equal(
            ["main.py file_and_folder", "main.py/a.txt file_and_folder", "a file_and_folder", "a/b file_and_folder"],
            problem["refused"]!.AsArray().Select(static one => $"{one!["path"]} {one["code"]}"));

        byte[] code = Encoding.ASCII.GetBytes(new string('#', 600_000));
        using HttpResponseMessage tooMuch = await visitor.SaveAllAsync(id, [("a.py", code), ("b.py", code)]);
        await Visitor.ProblemOf(tooMuch, HttpStatusCode.RequestEntityTooLarge, "code_too_large");
        using HttpResponseMessage tooMany = await visitor.SaveAllAsync(
            id, Enumerable.Range(0, ProjectLimits.MaxFiles + 1).Select(number => ($"{number}.txt", text)));
        await Visitor.ProblemOf(tooMany, HttpStatusCode.RequestEntityTooLarge, "too_many_files");

        using StringContent cut = new("x");
        cut.Headers.ContentType = new MediaTypeHeaderValue("multipart/form-data");
        using HttpResponseMessage noForm = await visitor.Http.PostAsync($"/api/projects/{id}/files", cut);
        await Visitor.ProblemOf(noForm, HttpStatusCode.BadRequest, "bad_request");
        Assert.Equal(["main.py"], (await visitor.GetAsync($"/api/projects/{id}"))["files"]!.AsArray()
            .Select(static file => file!["path"]!.GetValue<string>()));
    }

    /// <summary>Tests forms that are broken or end early: empty, garbage, no end, long and strange heads, a long boundary.</summary>
    [Theory]
    [InlineData("xx", "")]
    [InlineData("xx", "garbage")]
    [InlineData("xx", "--xx\r\nContent-Disposition: form-data; name=\"a.py\"\r\n\r\nabc")]
    [InlineData("xx", "--xx\r\nContent-Disposition: form-data; name=\"a.py\"\r\nX: {long}\r\n\r\nabc\r\n--xx--\r\n")]
    [InlineData("xx", "--xx\r\nno colon\r\n\r\nabc\r\n--xx--\r\n")]
    [InlineData("{long}", "--{long}\r\nContent-Disposition: form-data; name=\"a.py\"\r\n\r\nabc\r\n--{long}--\r\n")]
    public async Task A_broken_form_is_refused(string boundary, string body)
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.NewProjectAsync();
        string filler = new('q', 9000);
        using ByteArrayContent content = new(Encoding.ASCII.GetBytes(body.Replace("{long}", filler, StringComparison.Ordinal)));
        content.Headers.TryAddWithoutValidation(
            "Content-Type", $"multipart/form-data; boundary={boundary.Replace("{long}", filler, StringComparison.Ordinal)}");
        using HttpResponseMessage answer = await visitor.Http.PostAsync($"/api/projects/{id}/files", content);
        await Visitor.ProblemOf(answer, HttpStatusCode.BadRequest, "bad_request");
        Assert.Equal(["main.py"], (await visitor.GetAsync($"/api/projects/{id}"))["files"]!.AsArray()
            .Select(static file => file!["path"]!.GetValue<string>()));
    }
}
