using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Machine;
using PixelGameDev.Benchmarks.Processes;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Publishing;

/// <summary>Builds the images of the stack on local base images that replace the public ones.</summary>
internal static class ComposeImages
{
    private static readonly string Root = Repository.Find().Root;
    private static readonly string Bases = Path.Combine(Root, "PixelGameDev.Tests/Publishing/Bases/make.sh");

    /// <summary>Returns an image name for this checkout. Another checkout on the machine has other sources.</summary>
    public static string NameOf(string name) =>
        $"pixelgamedev-test/{name}:{Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Root)))[..12]}";

    public static async Task<string> BaseAsync(string kind) => (await RunAsync("bash", Bases, kind)).Trim();

    // The daemon caches layers by their contents: a second build of the same sources takes a second.
    public static async Task BuildAsync(string name, params string[] arguments)
    {
        List<string> command = ["build", "--network", "host", "-f", $"docker/Dockerfile.{name}", "-t", NameOf(name)];
        foreach (string argument in arguments)
        {
            command.AddRange(["--build-arg", argument]);
        }

        command.Add(".");
        await RunAsync("docker", [.. command]);
    }

    public static async Task<string> GameImageAsync() =>
        // The last line is the name. The lines before it are the build steps, if there was a build.
        (await RunAsync(Tool.Dotnet, Repository.Find().Assembly("PixelGameDev.Executor"), "image"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1].Trim();

    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        List<string> lines = [];
        (int code, _) = await ManagedProcess.RunAsync(
            new ProcessSpec(program, arguments) { WorkingDirectory = Root }, CancellationToken.None, line =>
            {
                lock (lines)
                {
                    lines.Add(line);
                }
            });
        string output = string.Join('\n', lines);
        return code == 0 ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {code}:\n{output}");
    }
}
