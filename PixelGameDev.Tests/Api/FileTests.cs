using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using PixelGameDev.Api.Projects;

namespace PixelGameDev.Tests.Api;

public sealed class FileTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0xFF];

    [Fact]
    public async Task Text_and_pictures_come_back_byte_for_byte()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.NewProjectAsync();

        using HttpResponseMessage text = await visitor.SaveAsync(id, "levels/eins.txt", "Größe ✓\r\n");
        JsonNode saved = await Visitor.JsonOf(text, HttpStatusCode.OK);
        Assert.False(saved["binary"]!.GetValue<bool>());
        Assert.Equal("levels/eins.txt", saved["path"]!.GetValue<string>());
        Assert.Equal(2, saved["revision"]!.GetValue<long>());
        Assert.Equal("\"2\"", text.Headers.ETag!.Tag);
        Assert.Equal("Größe ✓\r\n", await visitor.Http.GetStringAsync(Visitor.FileUrl(id, "levels/eins.txt")));

        using HttpResponseMessage picture = await visitor.SaveAsync(id, "hero.png", Png);
        Assert.True((await Visitor.JsonOf(picture, HttpStatusCode.OK))["binary"]!.GetValue<bool>());
        using HttpResponseMessage read = await visitor.Http.GetAsync(Visitor.FileUrl(id, "hero.png"));
        Assert.Equal(Png, await read.Content.ReadAsByteArrayAsync());
        Assert.Equal("image/png", read.Content.Headers.ContentType!.MediaType);

        JsonNode project = await visitor.GetAsync($"/api/projects/{id}");
        Assert.Equal(3, project["revision"]!.GetValue<long>());
        Assert.Equal(["hero.png", "levels/eins.txt", "main.py"], project["files"]!.AsArray()
            .Select(file => file!["path"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("page.html", "<script>alert(1)</script>")]
    [InlineData("picture.svg", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")]
    [InlineData("page.js", "alert(1)")]
    public async Task Nothing_in_a_project_can_become_a_page_or_a_script_of_this_server(string path, string content)
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.FirstProjectAsync();
        (await visitor.SaveAsync(id, path, content)).Dispose();

        using HttpResponseMessage read = await visitor.Http.GetAsync(Visitor.FileUrl(id, path));
        Assert.Equal("text/plain", read.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", Assert.Single(read.Headers.GetValues("X-Content-Type-Options")));
        Assert.StartsWith("sandbox", Assert.Single(read.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_save_over_a_newer_revision_is_refused_and_says_which_is_there()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.FirstProjectAsync();
        (await visitor.SaveAsync(id, "main.py", "one", "\"1\"")).Dispose();

        using HttpResponseMessage late = await visitor.SaveAsync(id, "main.py", "two", "\"1\"");
        JsonNode problem = await Visitor.ProblemOf(late, HttpStatusCode.PreconditionFailed, "changed_elsewhere");
        Assert.Equal(2, problem["currentRevision"]!.GetValue<long>());
        Assert.Equal("one", await visitor.Http.GetStringAsync(Visitor.FileUrl(id, "main.py")));

        using HttpResponseMessage missing = await visitor.SaveAsync(id, "new.py", "x", "\"1\"");
        await Visitor.ProblemOf(missing, HttpStatusCode.PreconditionFailed, "changed_elsewhere");
        using HttpResponseMessage nonsense = await visitor.SaveAsync(id, "main.py", "x", "\"abc\"");
        await Visitor.ProblemOf(nonsense, HttpStatusCode.BadRequest, "bad_condition");
    }

    [Fact]
    public async Task A_save_whose_answer_got_lost_can_be_repeated()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.FirstProjectAsync();
        (await visitor.SaveAsync(id, "main.py", "one", "\"1\"")).Dispose();

        using HttpResponseMessage again = await visitor.SaveAsync(id, "main.py", "one", "\"1\"");
        Assert.Equal(2, (await Visitor.JsonOf(again, HttpStatusCode.OK))["revision"]!.GetValue<long>());
    }

    [Fact]
    public async Task Of_many_saves_at_once_each_gets_a_revision_of_its_own_and_one_condition_wins()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.FirstProjectAsync();
        HttpResponseMessage[] saves = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(number => visitor.SaveAsync(id, $"part{number}.py", $"n = {number}")));
        List<long> revisions = [];
        foreach (HttpResponseMessage save in saves)
        {
            revisions.Add((await Visitor.JsonOf(save, HttpStatusCode.OK))["revision"]!.GetValue<long>());
        }

        Assert.Equal(Enumerable.Range(2, 20).Select(number => (long)number), revisions.Order());

        HttpResponseMessage[] racing = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(number => visitor.SaveAsync(id, "main.py", $"winner = {number}", "\"1\"")));
        Assert.Equal(1, racing.Count(response => response.StatusCode == HttpStatusCode.OK));
        Assert.Equal(9, racing.Count(response => response.StatusCode == HttpStatusCode.PreconditionFailed));
    }

    [Fact]
    public async Task A_file_is_renamed_and_the_entry_goes_with_it()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.FirstProjectAsync();
        (await visitor.SaveAsync(id, "taken.py", "x = 1")).Dispose();

        using HttpResponseMessage taken = await visitor.Http.PostAsync(Visitor.FileUrl(id, "main.py") + "?rename=taken.py", null);
        await Visitor.ProblemOf(taken, HttpStatusCode.Conflict, "file_exists");
        using HttpResponseMessage noPython = await visitor.Http.PostAsync(Visitor.FileUrl(id, "main.py") + "?rename=main.txt", null);
        await Visitor.ProblemOf(noPython, HttpStatusCode.Conflict, "entry_must_be_python");
        using HttpResponseMessage outside = await visitor.Http.PostAsync(Visitor.FileUrl(id, "main.py") + "?rename=../main.py", null);
        await Visitor.ProblemOf(outside, HttpStatusCode.BadRequest, "bad_path");
        using HttpResponseMessage nowhere = await visitor.Http.PostAsync(Visitor.FileUrl(id, "main.py"), null);
        await Visitor.ProblemOf(nowhere, HttpStatusCode.BadRequest, "bad_path");

        using HttpResponseMessage renamed = await visitor.Http.PostAsync(Visitor.FileUrl(id, "main.py") + "?rename=game/start.py", null);
        Assert.Equal("game/start.py", (await Visitor.JsonOf(renamed, HttpStatusCode.OK))["path"]!.GetValue<string>());
        Assert.Equal("game/start.py", (await visitor.GetAsync($"/api/projects/{id}"))["entry"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_file_is_deleted_but_not_the_one_that_starts_the_game()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.FirstProjectAsync();
        (await visitor.SaveAsync(id, "extra.py", "x = 1")).Dispose();

        using HttpResponseMessage entry = await visitor.Http.DeleteAsync(Visitor.FileUrl(id, "main.py"));
        await Visitor.ProblemOf(entry, HttpStatusCode.Conflict, "entry_stays");
        using HttpResponseMessage deleted = await visitor.Http.DeleteAsync(Visitor.FileUrl(id, "extra.py"));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using HttpResponseMessage again = await visitor.Http.DeleteAsync(Visitor.FileUrl(id, "extra.py"));
        await Visitor.ProblemOf(again, HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task A_name_is_a_file_or_a_folder_never_both()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.FirstProjectAsync();
        (await visitor.SaveAsync(id, "lib/tools.py", "x = 1")).Dispose();

        using HttpResponseMessage above = await visitor.SaveAsync(id, "lib", "text");
        await Visitor.ProblemOf(above, HttpStatusCode.Conflict, "file_and_folder");
        using HttpResponseMessage below = await visitor.SaveAsync(id, "main.py/more.py", "text");
        await Visitor.ProblemOf(below, HttpStatusCode.Conflict, "file_and_folder");
        using HttpResponseMessage beside = await visitor.SaveAsync(id, "lib2", "text");
        Assert.Equal(HttpStatusCode.OK, beside.StatusCode);
    }

    [Theory]
    [InlineData("W/\"1\"")]
    [InlineData("W/\"7\", W/\"8\"")]
    public async Task A_weak_tag_never_matches(string tag)
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        using HttpResponseMessage response = await visitor.SaveAsync(await visitor.FirstProjectAsync(), "main.py", "print(2)", tag);
        await Visitor.ProblemOf(response, HttpStatusCode.PreconditionFailed, "changed_elsewhere");
    }

    /// <summary>Tests ranges: Safari asks for the first two bytes of a sound before it plays the sound.</summary>
    [Fact]
    public async Task A_part_of_a_sound_is_sent_to_who_asks_for_it()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.FirstProjectAsync();
        (await visitor.SaveAsync(id, "beep.ogg", [0, 1, 2, 3, 4])).EnsureSuccessStatusCode();
        using HttpRequestMessage request = new(HttpMethod.Get, Visitor.FileUrl(id, "beep.ogg"));
        request.Headers.TryAddWithoutValidation("Range", "bytes=1-2");
        using HttpResponseMessage response = await visitor.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(new byte[] { 1, 2 }, await response.Content.ReadAsByteArrayAsync());
        Assert.Equal("bytes 1-2/5", response.Content.Headers.ContentRange!.ToString());
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused_under_a_name_that_promises_text()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.FirstProjectAsync();
        using HttpResponseMessage response = await visitor.SaveAsync(id, "main.py", Png);
        await Visitor.ProblemOf(response, HttpStatusCode.UnsupportedMediaType, "not_text");
        (await visitor.SaveAsync(id, "picture.dat", Png)).Dispose();
        using HttpResponseMessage renamed = await visitor.Http.PostAsync(Visitor.FileUrl(id, "picture.dat") + "?rename=picture.py", null);
        await Visitor.ProblemOf(renamed, HttpStatusCode.UnsupportedMediaType, "not_text");
    }

    [Fact]
    public async Task Ten_megabytes_of_source_are_refused()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.FirstProjectAsync();
        using HttpResponseMessage response = await visitor.SaveAsync(id, "main.py", new byte[10_000_000]);
        await Visitor.ProblemOf(response, HttpStatusCode.RequestEntityTooLarge, "code_too_large");
    }

    [Fact]
    public async Task Source_is_counted_over_all_files()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.FirstProjectAsync();
        using HttpResponseMessage fits = await visitor.SaveAsync(id, "a.py", new string('#', 900_000));
        Assert.Equal(HttpStatusCode.OK, fits.StatusCode);
        using HttpResponseMessage tooMuch = await visitor.SaveAsync(id, "b.py", new string('#', 200_000));
        await Visitor.ProblemOf(tooMuch, HttpStatusCode.RequestEntityTooLarge, "code_too_large");
        (await visitor.SaveAsync(id, "b.txt", new string('#', 200_000))).Dispose();
        using HttpResponseMessage disguised = await visitor.Http.PostAsync(Visitor.FileUrl(id, "b.txt") + "?rename=b.py", null);
        await Visitor.ProblemOf(disguised, HttpStatusCode.RequestEntityTooLarge, "code_too_large");
    }

    [Fact]
    public async Task A_file_and_a_project_have_a_largest_size()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.FirstProjectAsync();
        byte[] largest = new byte[ProjectLimits.MaxFileBytes];
        using HttpResponseMessage tooLarge = await visitor.SaveAsync(id, "a.bin", new byte[ProjectLimits.MaxFileBytes + 1]);
        JsonNode problem = await Visitor.ProblemOf(tooLarge, HttpStatusCode.RequestEntityTooLarge, "file_too_large");
        // The page words it in the language of the person.
        Assert.Equal("""{"path":"a.bin","megabytes":5}""", problem["parameters"]!.ToJsonString());

        // The server also counts the bytes of a body without an announced length.
        using HttpRequestMessage chunked =
            new(HttpMethod.Put, Visitor.FileUrl(id, "a.bin")) { Content = new ByteArrayContent(new byte[6_000_000]) };
        chunked.Headers.TransferEncodingChunked = true;
        using HttpResponseMessage counted = await visitor.Http.SendAsync(chunked);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, counted.StatusCode);

        foreach (string name in new[] { "a.bin", "b.bin", "c.bin" })
        {
            using HttpResponseMessage saved = await visitor.SaveAsync(id, name, largest);
            Assert.Equal(HttpStatusCode.OK, saved.StatusCode);
        }

        using HttpResponseMessage full = await visitor.SaveAsync(id, "d.bin", largest);
        await Visitor.ProblemOf(full, HttpStatusCode.RequestEntityTooLarge, "project_too_large");
        using HttpResponseMessage replaced = await visitor.SaveAsync(id, "a.bin", "small");
        Assert.Equal(HttpStatusCode.OK, replaced.StatusCode);
    }

    [Fact]
    public async Task A_project_holds_only_so_many_files()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.FirstProjectAsync();
        using HttpResponseMessage batch = await visitor.SaveAllAsync(
            id, Enumerable.Range(0, ProjectLimits.MaxFiles - 10).Select(static number => ($"many/{number}.txt", "x"u8.ToArray())));
        Assert.Equal(HttpStatusCode.OK, batch.StatusCode);
        HttpResponseMessage[] saves = await Task.WhenAll(
            Enumerable.Range(0, 19).Select(number => visitor.SaveAsync(id, $"data/{number}.txt", "x")));

        Assert.Equal(ProjectLimits.MaxFiles, (await visitor.GetAsync($"/api/projects/{id}"))["files"]!.AsArray().Count);
        foreach (HttpResponseMessage refused in saves.Where(response => !response.IsSuccessStatusCode))
        {
            await Visitor.ProblemOf(refused, HttpStatusCode.RequestEntityTooLarge, "too_many_files");
        }
    }

    [Fact]
    public async Task Json_that_is_none_is_the_senders_mistake()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        using StringContent content = new("{\"name\":", System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await visitor.Http.PostAsync("/api/projects", content);
        JsonNode problem = await Visitor.ProblemOf(response, HttpStatusCode.BadRequest, "bad_request");
        Assert.Equal("The JSON of this request is not valid at $.name (line 1).", problem["detail"]!.GetValue<string>());
    }

    [Fact]
    public async Task Conditions_of_a_read_that_do_not_hold_are_explained()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        string file = Visitor.FileUrl(await visitor.FirstProjectAsync(), "main.py");
        foreach ((string header, string value, HttpStatusCode status, string code) in new[]
        {
            ("If-Match", "\"123456\"", HttpStatusCode.PreconditionFailed, "changed_elsewhere"),
            ("Range", "bytes=9000000-9000001", HttpStatusCode.RequestedRangeNotSatisfiable, "bad_range"),
        })
        {
            using HttpRequestMessage request = new(HttpMethod.Get, file);
            request.Headers.Add(header, value);
            using HttpResponseMessage response = await visitor.Http.SendAsync(request);
            await Visitor.ProblemOf(response, status, code);
        }
    }
}
