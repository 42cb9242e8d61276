using System.Text.Json;
using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Machine;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Publishing;

/// <summary>The committed manifest; and, where the AppHost was built with Aspire, that everything committed is what it publishes.</summary>
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

        // The Api's is the only endpoint people reach.
        Assert.Equal(
            ["api"],
            resources.EnumerateObject()
                .Where(resource => resource.Value.TryGetProperty("bindings", out JsonElement bindings)
                    && bindings.EnumerateObject().Any(binding => binding.Value.TryGetProperty("external", out JsonElement external) && external.GetBoolean()))
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
        (int code, string text) = await PublishAsync(output, "--publisher", "manifest", "--output-path", output.Sub("aspire-manifest.json"));
        Assert.True(code == 0, text);

        // Paths to the Dockerfiles are relative to where the manifest is written.
        string published = (await File.ReadAllTextAsync(output.Sub("aspire-manifest.json")))
            .Replace($"{Path.GetRelativePath(output.Path, Root)}/docker/", "docker/", StringComparison.Ordinal)
            .Replace($"\"context\": \"{Path.GetRelativePath(output.Path, Root)}\"", "\"context\": \".\"", StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Root, "aspire-manifest.json")), published);
    }

    [Theory]
    [InlineData("compose")]
    [InlineData("kubernetes")]
    public async Task The_committed_files_are_what_the_apphost_publishes(string target)
    {
        using TestDirectory output = new();
        (int code, string text) = await PublishAsync(output, "--operation", "publish", "--step", "publish", "--target", target, "--output-path", output.Sub(target));
        if (!HasPublishers)
        {
            Assert.NotEqual(0, code);
            Assert.Contains("use ./pixel publish", text, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
            NotPossible.Add($"Publishing {target}", "this AppHost was built without Aspire's publishers (dotnet build -p:WithPublishers=true); the committed files are held by the other tests alone");
            return;
        }

        Assert.True(code == 0, text);
        foreach (string file in Directory.EnumerateFiles(output.Sub(target), "*", SearchOption.AllDirectories))
        {
            string relative = Path.GetRelativePath(output.Path, file);
            Assert.True(
                File.ReadAllText(Path.Combine(Root, "deploy", relative)) == await File.ReadAllTextAsync(file),
                $"deploy/{relative} is not what the AppHost publishes: run ./pixel publish.");
        }
    }

    private static bool HasPublishers =>
        typeof(Repository).Assembly.GetReferencedAssemblies().Any(static reference => reference.Name == "Aspire.Hosting.Docker");

    private static Task<(int Code, string Output)> PublishAsync(TestDirectory output, params string[] arguments) =>
        Tool.RunAsync([Tool.Dotnet, typeof(Repository).Assembly.Location, .. arguments], CancellationToken.None, output.Path);
}
