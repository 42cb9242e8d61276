using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PixelGameDev.AppHost;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

public sealed class HealthTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private static readonly JsonSerializerOptions Readable =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task The_health_document_has_exactly_the_fields_monitors_rely_on()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        await Eventually.TrueAsync(
            async () => (await visitor.GetAsync("/api/health"))["checks"]!["executor"]!.GetValue<bool>(), "the Executor is seen");
        using Visitor anonymous = Visitor.Stranger(fixture.Api.Address);
        JsonObject health = (await anonymous.GetAsync("/api/health")).AsObject();

        Assert.Equal(
            ["status", "service", "version", "timestamp", "environment", "uptime", "memory", "dependencies", "checks"],
            health.Select(field => field.Key));
        Assert.Equal(["rss", "heapUsed"], health["memory"]!.AsObject().Select(field => field.Key));
        Assert.Equal("""{"database":"healthy","executor":"healthy"}""", health["dependencies"]!.ToJsonString());
        Assert.Equal("""{"database":true,"executor":true,"docker":true}""", health["checks"]!.ToJsonString());
        Assert.Equal("healthy", health["status"]!.GetValue<string>());
        Assert.Equal("pixelgamedev-api", health["service"]!.GetValue<string>());
        Assert.Equal("1.0.0", health["version"]!.GetValue<string>());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", health["timestamp"]!.GetValue<string>());
        Assert.True(health["uptime"]!.GetValue<long>() >= 0);
        Assert.True(health["memory"]!["rss"]!.GetValue<long>() > 1_000_000);
        JsonNode info = await anonymous.GetAsync("/api/info");
        Assert.Equal("docker", info["sandbox"]!.GetValue<string>());
        Assert.Equal(1_000_000, info["limits"]!["codeBytes"]!.GetValue<int>());
    }

    [Fact]
    public async Task Health_answers_while_the_executor_hangs()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        await using FakeExecutor executor = await FakeExecutor.StartAsync();
        executor.HealthGate = new TaskCompletionSource().Task;
        await using RunningApi api = await RunningApi.StartAsync(fixture.ConnectionString, executor.Address);
        await api.WaitUntilHealthyAsync();
        using Visitor there = Visitor.Stranger(api.Address);

        // The gate never opens. An answer proves that the server does not wait for it.
        JsonNode health = await there.GetAsync("/api/health");
        Assert.Equal("unhealthy", health["dependencies"]!["executor"]!.GetValue<string>());
        Assert.Equal("healthy", health["status"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/alive")]
    public async Task The_probes_answer_in_plain_text(string path)
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        using HttpResponseMessage response = await visitor.Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("Healthy", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("GET", "/api")]
    [InlineData("GET", "/api/nothing")]
    [InlineData("POST", "/api/nothing")]
    [InlineData("GET", "/api/sessions/not-a-guid")]
    [InlineData("GET", "/health/x")]
    [InlineData("GET", "/alive/x")]
    [InlineData("GET", "/API/nothing")]
    public async Task No_page_ever_answers_for_an_address_of_the_api(string method, string path)
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        using HttpResponseMessage response = await visitor.Http.SendAsync(request);
        await Visitor.ProblemOf(response, HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task A_wrong_method_is_a_problem_of_its_own()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        using HttpResponseMessage response = await visitor.Http.DeleteAsync("/api/me");
        await Visitor.ProblemOf(response, HttpStatusCode.MethodNotAllowed, "method_not_allowed");
    }

    [Fact]
    public async Task The_description_of_the_api_lists_every_address()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        JsonNode document = await visitor.GetAsync("/openapi/v1.json");
        string[] paths = [.. document["paths"]!.AsObject().Select(path => path.Key)];
        foreach (string path in new[]
        {
            "/api/me", "/api/guests", "/api/trash", "/api/trash/projects/{id}", "/api/projects/{id}/restore", "/api/projects/{id}/trash",
            "/api/projects/{id}/trash/{fileId}", "/api/projects/{id}/trash/{fileId}/restore", "/api/health", "/api/info", "/api/templates",
            "/api/projects", "/api/projects/{id}", "/api/projects/{id}/files/{path}",
            "/api/projects/{id}/history", "/api/projects/{id}/history/{number}", "/api/projects/{id}/history/{number}/files/{path}",
            "/api/projects/{id}/history/{number}/restore", "/api/projects/{id}/zip", "/api/projects/{id}/duplicate", "/api/projects/import",
            "/api/sessions", "/api/sessions/{id}", "/api/sessions/{id}/stop", "/api/sessions/{id}/stream",
        })
        {
            Assert.Contains(path, paths);
        }
    }

    /// <summary>
    /// Compares the schemas with the page. The page's types come from these schemas, so code that reads a changed answer does not compile.
    /// </summary>
    [Fact]
    public async Task The_page_knows_the_schemas_of_the_answers()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        JsonNode served = (await visitor.GetAsync("/openapi/v1.json"))["components"]!["schemas"]!;
        string path = Path.Combine(Repository.Find().Root, "PixelGameDev.Api", "Web", "src", "api", "schemas.json");
        if (JsonNode.DeepEquals(JsonNode.Parse(await File.ReadAllTextAsync(path)), served))
        {
            return;
        }

        string newer = Path.Combine(Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "TestResults")).FullName,
            "schemas.json");
        await File.WriteAllTextAsync(newer, served.ToJsonString(Readable) + "\n");
        Assert.Fail($"The answers of the Api have changed. Copy {newer} to {path} and run 'npm run api-types' in PixelGameDev.Api/Web.");
    }
}
