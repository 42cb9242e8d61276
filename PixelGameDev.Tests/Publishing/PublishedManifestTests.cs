using System.Text.Json;
using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Processes;
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
    public async Task What_is_committed_is_what_the_apphost_publishes()
    {
        string apphost = typeof(Repository).Assembly.Location;
        bool aspire = typeof(Repository).Assembly.GetReferencedAssemblies().Any(reference => reference.Name == "Aspire.Hosting");
        if (!aspire)
        {
            // Without the Aspire packages there is nothing to publish with; the other tests here hold the committed files.
            Assert.DoesNotContain(typeof(Repository).Assembly.GetTypes(), type => type.Namespace == "PixelGameDev.AppHost.Topology");
            return;
        }

        using TestDirectory output = new();
        await PublishAsync("--publisher", "manifest", "--output-path", output.Sub("aspire-manifest.json"));
        foreach (string target in new[] { "compose", "kubernetes" })
        {
            await PublishAsync("--operation", "publish", "--step", "publish", "--target", target, "--output-path", output.Sub(target));
            foreach (string file in Directory.EnumerateFiles(output.Sub(target), "*", SearchOption.AllDirectories))
            {
                string relative = Path.GetRelativePath(output.Path, file);
                Assert.True(
                    File.ReadAllText(Path.Combine(Root, "deploy", relative)) == await File.ReadAllTextAsync(file),
                    $"deploy/{relative} is not what the AppHost publishes: run ./pixel publish.");
            }
        }

        // Paths to the Dockerfiles are relative to where the manifest is written.
        string published = (await File.ReadAllTextAsync(output.Sub("aspire-manifest.json")))
            .Replace($"{Path.GetRelativePath(output.Path, Root)}/docker/", "docker/", StringComparison.Ordinal)
            .Replace($"\"context\": \"{Path.GetRelativePath(output.Path, Root)}\"", "\"context\": \".\"", StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Root, "aspire-manifest.json")), published);

        async Task PublishAsync(params string[] arguments)
        {
            (int code, string text) = await ManagedProcess.RunAsync(
                new ProcessSpec(ProcessHost.DotnetProgram(), [apphost, .. arguments]) { WorkingDirectory = output.Path },
                CancellationToken.None);
            Assert.True(code == 0, text);
        }
    }
}
