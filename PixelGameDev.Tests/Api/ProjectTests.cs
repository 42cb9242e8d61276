using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using PixelGameDev.Api.Projects;

namespace PixelGameDev.Tests.Api;

public sealed class ProjectTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Every_template_makes_a_project()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        (await visitor.Http.DeleteAsync($"/api/projects/{await visitor.FirstProjectAsync()}")).EnsureSuccessStatusCode();
        JsonArray templates = (await visitor.GetAsync("/api/templates")).AsArray();
        Assert.Contains(templates, template => template!["name"]!.GetValue<string>() == "starter");
        foreach (JsonNode? template in templates)
        {
            Guid id = await visitor.NewProjectAsync(template!["name"]!.GetValue<string>());
            JsonNode project = await visitor.GetAsync($"/api/projects/{id}");
            Assert.Equal(template["title"]!.GetValue<string>(), project["name"]!.GetValue<string>());
            Assert.Contains(project["files"]!.AsArray(), file => file!["path"]!.GetValue<string>() == project["entry"]!.GetValue<string>());
            Assert.DoesNotContain(project["files"]!.AsArray(), file => file!["path"]!.GetValue<string>() == "template.json");
        }
    }

    [Theory]
    [InlineData("fr, de-CH;q=0.9, en;q=0.8", "Sternenf\u00e4nger", "# Sternenf\u00e4nger!")]
    [InlineData("de;q=0, fr, *;q=0.5", "Star Catcher", "# Star Catcher!")]
    [InlineData("en-GB, de;q=0.9", "Star Catcher", "# Star Catcher!")]
    [InlineData("nonsense;;;q=", "Star Catcher", "# Star Catcher!")]
    public async Task Templates_are_in_the_language_that_the_browser_asks_for(string wanted, string title, string comment)
    {
        await fixture.Api.WaitUntilHealthyAsync();
        using Visitor visitor = Visitor.Stranger(fixture.Api.Address);
        Assert.True(visitor.Http.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", wanted));
        (await visitor.Http.PostAsync("/api/guests", null)).EnsureSuccessStatusCode();
        Assert.Equal(title, (await visitor.GetAsync("/api/projects"))[0]!["name"]!.GetValue<string>());
        Assert.Contains(
            (await visitor.GetAsync("/api/templates")).AsArray(), template => template!["title"]!.GetValue<string>() == title);
        Guid id = await visitor.NewProjectAsync();
        Assert.Equal($"{title} 2", (await visitor.GetAsync($"/api/projects/{id}"))["name"]!.GetValue<string>());
        Assert.StartsWith(comment, await visitor.Http.GetStringAsync(Visitor.FileUrl(id, "main.py")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_is_renamed_listed_and_deleted()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.NewProjectAsync();

        using HttpResponseMessage renamed =
            await visitor.Http.PatchAsJsonAsync($"/api/projects/{id}", new { name = "  Räuber & Ritter 🏰 " });
        Assert.Equal("Räuber & Ritter 🏰", (await Visitor.JsonOf(renamed, HttpStatusCode.OK))["name"]!.GetValue<string>());
        JsonNode listed = (await visitor.GetAsync("/api/projects"))[0]!;
        Assert.Equal(id, listed["id"]!.GetValue<Guid>());
        Assert.Equal(1, listed["fileCount"]!.GetValue<int>());
        Assert.Equal(2, listed["revision"]!.GetValue<int>());

        // A folder is no change of the project.
        foreach ((string given, string? kept) in new[] { (" School ", "School"), ("   ", null) })
        {
            using HttpResponseMessage moved = await visitor.Http.PatchAsJsonAsync($"/api/projects/{id}", new { folder = given });
            Assert.Equal(2, (await Visitor.JsonOf(moved, HttpStatusCode.OK))["revision"]!.GetValue<int>());
            Assert.Equal(kept, (await visitor.GetAsync("/api/projects"))[0]!["folder"]?.GetValue<string>());
        }

        using HttpResponseMessage bad = await visitor.Http.PatchAsJsonAsync($"/api/projects/{id}", new { folder = "two\nlines" });
        await Visitor.ProblemOf(bad, HttpStatusCode.BadRequest, "bad_name");
        using HttpResponseMessage deleted = await visitor.Http.DeleteAsync($"/api/projects/{id}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using HttpResponseMessage gone = await visitor.Http.GetAsync($"/api/projects/{id}");
        await Visitor.ProblemOf(gone, HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task A_change_of_several_things_is_made_as_a_whole_or_not_at_all()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.FirstProjectAsync();
        object controls = new { pad = "stick", directions = "wasd", buttons = new[] { "KeyE" } };
        JsonNode before = await ReadAsync();
        using (HttpResponseMessage refused = await visitor.Http.PatchAsJsonAsync(
            $"/api/projects/{id}", new { name = "Half", folder = "half", controls, entry = "nope.py" }))
        {
            await Visitor.ProblemOf(refused, HttpStatusCode.Conflict, "no_such_entry");
        }

        Assert.Equal(before.ToJsonString(), (await ReadAsync()).ToJsonString());
        using HttpResponseMessage changed = await visitor.Http.PatchAsJsonAsync(
            $"/api/projects/{id}", new { name = "Whole", folder = "School", controls, entry = "main.py" });
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        JsonNode after = await ReadAsync();
        Assert.Equal("Whole", after["name"]!.GetValue<string>());
        Assert.Equal("stick", after["controls"]!["pad"]!.GetValue<string>());
        Assert.Equal(2, after["revision"]!.GetValue<long>());
        Assert.Equal("School", (await visitor.GetAsync("/api/projects"))[0]!["folder"]!.GetValue<string>());

        async Task<JsonNode> ReadAsync()
        {
            JsonNode project = await visitor.GetAsync($"/api/projects/{id}");
            project["inFolder"] = (await visitor.GetAsync("/api/projects"))[0]!["folder"]?.GetValue<string>();
            return project;
        }
    }

    /// <summary>Tests that the next person at the same computer finds nothing of it in the browser's cache.</summary>
    [Fact]
    public async Task Answers_that_belong_to_one_person_stay_in_no_cache()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.FirstProjectAsync();
        foreach (string url in new[]
        {
            "/api/projects", $"/api/projects/{id}", $"/api/projects/{id}/history", $"/api/projects/{id}/zip", "/api/trash",
            $"/api/projects/{id}/trash", "/api/sessions", $"/api/projects/{id}/saved", $"/api/projects/{Guid.NewGuid()}",
        })
        {
            using HttpResponseMessage answer = await visitor.Http.GetAsync(url);
            Assert.True(answer.Headers.CacheControl is { NoStore: true }, $"{url}: {answer.Headers.CacheControl}");
        }

        // The browser may keep a file, but asks each time.
        using HttpResponseMessage file = await visitor.Http.GetAsync(Visitor.FileUrl(id, "main.py"));
        Assert.True(file.Headers.CacheControl is { NoCache: true, Private: true, NoStore: false });
    }

    [Fact]
    public async Task An_unknown_template_is_refused()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        using HttpResponseMessage response = await visitor.Http.PostAsJsonAsync("/api/projects", new { template = "../starter" });
        await Visitor.ProblemOf(response, HttpStatusCode.BadRequest, "no_such_template");
    }

    [Fact]
    public async Task Touch_controls_stay_with_the_project()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.NewProjectAsync();
        JsonNode before = await visitor.GetAsync($"/api/projects/{id}");
        Assert.Null(before["controls"]);
        object chosen = new { pad = "stick", directions = "wasd", buttons = new[] { "Space", "KeyE" } };
        using HttpResponseMessage changed = await visitor.Http.PatchAsJsonAsync($"/api/projects/{id}", new { controls = chosen });
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        JsonNode after = await visitor.GetAsync($"/api/projects/{id}");
        Assert.Equal("""{"pad":"stick","directions":"wasd","buttons":["Space","KeyE"]}""", after["controls"]!.ToJsonString());
        // A text that another window is writing is not older than before.
        Assert.Equal(before["revision"]!.GetValue<long>(), after["revision"]!.GetValue<long>());
        Assert.Equal(before["name"]!.GetValue<string>(), after["name"]!.GetValue<string>());

        foreach (object wrong in new object[]
        {
            new { pad = "wheel", directions = "wasd", buttons = new[] { "Space" } },
            new { pad = "stick", directions = "up", buttons = new[] { "Space" } },
            new { pad = "stick", directions = "wasd", buttons = new[] { "<b>" } },
            new { pad = "stick", directions = "wasd", buttons = new string?[] { null } },
            new { pad = "stick", directions = "wasd", buttons = Enumerable.Repeat("Space", 7) },
            new { pad = "stick", directions = "wasd", buttons = (string[]?)null },
        })
        {
            using HttpResponseMessage refused = await visitor.Http.PatchAsJsonAsync($"/api/projects/{id}", new { controls = wrong });
            await Visitor.ProblemOf(refused, HttpStatusCode.BadRequest, "bad_controls");
        }
    }

    [Fact]
    public async Task The_entry_must_be_a_python_file_of_the_project()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.NewProjectAsync();
        (await visitor.SaveAsync(id, "notes.txt", "hello")).Dispose();
        (await visitor.SaveAsync(id, "other.py", "print(1)")).Dispose();

        foreach (string entry in new[] { "missing.py", "notes.txt" })
        {
            using HttpResponseMessage refused = await visitor.Http.PatchAsJsonAsync($"/api/projects/{id}", new { entry });
            await Visitor.ProblemOf(refused, HttpStatusCode.Conflict, "no_such_entry");
        }

        using HttpResponseMessage changed = await visitor.Http.PatchAsJsonAsync($"/api/projects/{id}", new { entry = "other.py" });
        Assert.Equal("other.py", (await Visitor.JsonOf(changed, HttpStatusCode.OK))["entry"]!.GetValue<string>());
    }

    [Fact]
    public async Task Another_persons_project_is_as_absent_as_one_that_never_was()
    {
        using Visitor owner = await fixture.NewVisitorAsync();
        using Visitor other = await fixture.NewVisitorAsync();
        Guid theirs = await owner.FirstProjectAsync();
        Guid nobodys = Guid.NewGuid();

        foreach (Func<Guid, Task<HttpResponseMessage>> attempt in new Func<Guid, Task<HttpResponseMessage>>[]
        {
            id => other.Http.GetAsync($"/api/projects/{id}"),
            id => other.Http.PatchAsJsonAsync($"/api/projects/{id}", new { name = "mine" }),
            id => other.Http.DeleteAsync($"/api/projects/{id}"),
            id => other.Http.GetAsync(Visitor.FileUrl(id, "main.py")),
            id => other.SaveAsync(id, "main.py", "print('mine')"),
            id => other.SaveAsync(id, "new.py", "print('mine')"),
            id => other.Http.PostAsync(Visitor.FileUrl(id, "main.py") + "?rename=a.py", null),
            id => other.Http.DeleteAsync(Visitor.FileUrl(id, "main.py")),
            id => other.Http.PostAsJsonAsync("/api/sessions", new { projectId = id }),
        })
        {
            using HttpResponseMessage forTheirs = await attempt(theirs);
            using HttpResponseMessage forNobodys = await attempt(nobodys);
            JsonNode first = await Visitor.ProblemOf(forTheirs, HttpStatusCode.NotFound, "not_found");
            JsonNode second = await Visitor.ProblemOf(forNobodys, HttpStatusCode.NotFound, "not_found");
            Assert.Equal(second["detail"]!.ToString(), first["detail"]!.ToString());
        }

        JsonNode untouched = await owner.GetAsync($"/api/projects/{theirs}");
        Assert.Equal(1, untouched["revision"]!.GetValue<int>());
    }

    [Fact]
    public async Task There_is_an_end_to_the_number_of_projects_also_for_many_requests_at_once()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        HttpResponseMessage[] responses = await Task.WhenAll(
            Enumerable.Range(0, ProjectLimits.MaxProjects + 5).Select(_ => visitor.Http.PostAsJsonAsync("/api/projects", new { })));

        Assert.Equal(ProjectLimits.MaxProjects, (await visitor.GetAsync("/api/projects")).AsArray().Count);
        HttpResponseMessage[] refused = [.. responses.Where(response => response.StatusCode != HttpStatusCode.Created)];
        Assert.Equal(6, refused.Length);
        foreach (HttpResponseMessage response in refused)
        {
            await Visitor.ProblemOf(response, HttpStatusCode.Conflict, "too_many_projects");
        }
    }

    [Fact]
    public async Task A_website_elsewhere_cannot_act_for_a_visitor()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        foreach ((string name, string value) in new[]
        {
            ("Origin", "https://evil.example"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"),
        })
        {
            using HttpRequestMessage request = new(HttpMethod.Post, "/api/projects") { Content = JsonContent.Create(new { }) };
            request.Headers.Add(name, value);
            using HttpResponseMessage response = await visitor.Http.SendAsync(request);
            await Visitor.ProblemOf(response, HttpStatusCode.Forbidden, "cross_origin");
        }

        using HttpRequestMessage own = new(HttpMethod.Post, "/api/projects") { Content = JsonContent.Create(new { }) };
        own.Headers.Add("Origin", fixture.Api.Address.GetLeftPart(UriPartial.Authority));
        using HttpResponseMessage accepted = await visitor.Http.SendAsync(own);
        Assert.Equal(HttpStatusCode.Created, accepted.StatusCode);
    }

    [Fact]
    public async Task A_change_that_changes_nothing_makes_no_revision()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.FirstProjectAsync();
        long before = await RevisionAsync();
        foreach (object change in new object[] { new { }, new { entry = "main.py" } })
        {
            using HttpResponseMessage response = await visitor.Http.PatchAsJsonAsync($"/api/projects/{id}", change);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(before, await RevisionAsync());

        async Task<long> RevisionAsync() => (await visitor.GetAsync($"/api/projects/{id}"))["revision"]!.GetValue<long>();
    }
}
