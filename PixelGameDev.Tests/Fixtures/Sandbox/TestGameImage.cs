using System.Diagnostics;
using System.Security.Cryptography;

namespace PixelGameDev.Tests.Fixtures.Sandbox;

/// <summary>The game image, built once per state of its sources.</summary>
internal static class TestGameImage
{
    private static readonly SemaphoreSlim Turn = new(1);
    private static string? name;

    public static async Task<string> EnsureAsync()
    {
        await Turn.WaitAsync();
        try
        {
            return name ??= await BuildAsync();
        }
        finally
        {
            Turn.Release();
        }
    }

    private static async Task<string> BuildAsync()
    {
        using TestDirectory context = new();
        File.Copy(Path.Combine(GameHostBinary.Repository, "PixelGameDev.GameHost/docker/Dockerfile"), context.Sub("Dockerfile"));
        File.Copy(GameHostBinary.Path, context.Sub("gamehost"));
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(File.ReadAllBytes(context.Sub("Dockerfile")));
        hash.AppendData(File.ReadAllBytes(context.Sub("gamehost")));
        foreach (string file in Directory.EnumerateFiles(GameHostBinary.Runtime, "*.py", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string copy = Path.Combine(context.Sub("runtime"), Path.GetRelativePath(GameHostBinary.Runtime, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
            hash.AppendData(File.ReadAllBytes(file));
        }

        string tag = $"pixelgamedev/game:test-{Convert.ToHexStringLower(hash.GetHashAndReset())[..12]}";
        if (await DockerAsync("image", "inspect", tag) != 0)
        {
            string platform = await DockerAsync("image", "inspect", "pixelgamedev/base:trixie") == 0 ? "pixelgamedev/base:trixie" : "debian:trixie-slim";
            Assert.Equal(0, await DockerAsync("build", "--build-arg", $"BASE_IMAGE={platform}", "--tag", tag, context.Path));
        }

        return tag;
    }

    private static async Task<int> DockerAsync(params string[] arguments)
    {
        using Process docker = Process.Start(new ProcessStartInfo("docker", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = docker.StandardOutput.ReadToEndAsync();
        Task<string> errors = docker.StandardError.ReadToEndAsync();
        await docker.WaitForExitAsync();
        await Task.WhenAll(output, errors);
        return docker.ExitCode;
    }
}
