using System.Text.Json;
using PixelGameDev.AppHost;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Publishing;

/// <summary>Tests that the committed manifest is what the AppHost publishes, and checks its contents.</summary>
public sealed class PublishedManifestTests
{
    private static readonly string Root = Repository.Find().Root;

    [Fact]
    public void The_manifest_describes_the_three_parts_and_no_secret_s_value()
    {
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root, "aspire-manifest.json")));
        JsonElement resources = manifest.RootElement.GetProperty("resources");
        Assert.Equal("container.v0", resources.GetProperty("postgres").GetProperty("type").GetString());
        foreach (string service in new[] { "api", "executor" })
        {
            JsonElement resource = resources.GetProperty(service);
            Assert.Equal("container.v1", resource.GetProperty("type").GetString());
            Assert.Equal($"docker/Dockerfile.{service}", resource.GetProperty("build").GetProperty("dockerfile").GetString());
            Assert.True(File.Exists(Path.Combine(Root, $"docker/Dockerfile.{service}")));
        }

        // People reach only the Api's endpoint.
        Assert.Equal(
            ["api"],
            resources.EnumerateObject()
                .Where(resource => resource.Value.TryGetProperty("bindings", out JsonElement bindings)
                    && bindings.EnumerateObject()
                        .Any(binding => binding.Value.TryGetProperty("external", out JsonElement external) && external.GetBoolean()))
                .Select(resource => resource.Name));
        foreach (string secret in new[] { "postgres-password", "jwt-secret", "executor-secret-key" })
        {
            JsonElement input = resources.GetProperty(secret).GetProperty("inputs").GetProperty("value");
            Assert.True(input.GetProperty("secret").GetBoolean());
            Assert.False(input.TryGetProperty("default", out _));
        }

        Assert.False(resources.GetProperty("executor").GetProperty("env").TryGetProperty("POSTGRES_PASSWORD", out _));
    }

    [Fact]
    public async Task The_committed_manifest_is_what_the_apphost_publishes()
    {
        using TestDirectory output = new();
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Root, "aspire-manifest.json")), await PublishAsync(output));
    }

    [Fact]
    public async Task Two_Executors_are_two_resources_and_the_Api_knows_both()
    {
        using TestDirectory output = new();
        using JsonDocument manifest = JsonDocument.Parse(await PublishAsync(output, "--executors", "2"));
        JsonElement resources = manifest.RootElement.GetProperty("resources");
        Assert.Equal("executor-2", resources.GetProperty("executor-2").GetProperty("env").GetProperty("EXECUTOR_ID").GetString());
        foreach (string executor in new[] { "executor", "executor-2" })
        {
            Assert.Equal("docker/Dockerfile.executor", resources.GetProperty(executor).GetProperty("build").GetProperty("dockerfile")
                .GetString());
            Assert.Equal(
                $"{{{executor}.bindings.http.url}}",
                resources.GetProperty("api").GetProperty("env").GetProperty($"services__{executor}__http__0").GetString());
        }
    }

    /// <summary>
    /// Returns the manifest for these arguments with paths relative to the root. The publisher writes paths relative to its output.
    /// </summary>
    private static async Task<string> PublishAsync(TestDirectory output, params string[] arguments)
    {
        string file = output.Sub("aspire-manifest.json");
        (int code, string text) =
            await PublishedFilesTests.PublishAsync(output, ["--publisher", "manifest", "--output-path", file, .. arguments]);
        Assert.True(code == 0, text);
        string root = Path.GetRelativePath(output.Path, Root);
        return (await File.ReadAllTextAsync(file))
            .Replace($"{root}/docker/", "docker/", StringComparison.Ordinal)
            .Replace($"\"context\": \"{root}\"", "\"context\": \".\"", StringComparison.Ordinal);
    }
}
