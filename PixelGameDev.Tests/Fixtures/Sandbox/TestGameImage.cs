using Microsoft.Extensions.Logging.Abstractions;
using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Docker;
using PixelGameDev.Executor.Links;

namespace PixelGameDev.Tests.Fixtures.Sandbox;

/// <summary>Provides the Docker daemon and the game image as the Executor uses them.</summary>
internal static class TestGameImage
{
    private static readonly SemaphoreSlim Turn = new(1);
    private static GameImage? _image;

    /// <summary>Settings of an Executor. Only those of containers matter here.</summary>
    public static ExecutorOptions Options { get; } = new()
    {
        ForceDocker = true,
        ServiceKey = new byte[ExecutorSettings.MinSecretBytes],
        LinkDirectory = Path.GetTempPath(),
        ContentRoot = GameHostBinary.Repository,
        Identity = "tests",
        DockerEndpoint = new Uri(Environment.GetEnvironmentVariable("DOCKER_HOST") ?? "unix:///var/run/docker.sock"),
        GameBuildNetwork = Environment.GetEnvironmentVariable("GAME_BUILD_NETWORK"),
        GameBaseImage = Environment.GetEnvironmentVariable("GAME_BASE_IMAGE") ?? "debian:trixie-slim",
    };

    public static DockerConnection Docker { get; } = new(Options);

    /// <summary>Returns the name of the image. Builds it once for each state of its sources.</summary>
    public static async Task<string> EnsureAsync()
    {
        await Turn.WaitAsync();
        try
        {
            if (_image is null)
            {
                GameImage made = new(Options, Docker, NullLogger<GameImage>.Instance);
                await made.EnsureAsync(static _ => { }, CancellationToken.None);
                _image = made;
            }

            return _image.Name;
        }
        finally
        {
            Turn.Release();
        }
    }
}
