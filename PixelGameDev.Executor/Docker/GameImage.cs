using System.Text.RegularExpressions;
using Docker.DotNet;
using Docker.DotNet.Models;
using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Sandboxes;

namespace PixelGameDev.Executor.Docker;

/// <summary>
/// Manages the image that games run in. In production <c>GAME_IMAGE</c> names it, and it must be present or available in a registry. In
/// development a missing image is built here and tagged with the hash of its parts.
/// </summary>
internal sealed partial class GameImage(ExecutorOptions options, DockerConnection docker, ILogger<GameImage> logger) : IDisposable
{
    private const string Repository = "pixelgamedev/game";

    /// <summary>The value of <c>GAME_PYGAME</c> that takes pygame from Debian.</summary>
    private const string Debians = "pygame";

    private readonly SemaphoreSlim _one = new(1, 1);
    private volatile string? _name;
    private volatile string? _unavailable = "the game image has not been looked for yet";

    /// <summary>Returns the name with the tag. Throws unless <see cref="UnavailableReason"/> is null.</summary>
    public string Name => _name ?? throw new InvalidOperationException("the game image is not there yet");

    /// <summary>Returns why the image is not available, and what is being done or must be done; null when it is available.</summary>
    public string? UnavailableReason => _unavailable;

    public void Dispose() => _one.Dispose();

    /// <summary>Finds the image, pulls or builds it.</summary>
    /// <param name="tell">Receives one line for each step, for a person who waits.</param>
    /// <param name="cancellationToken">Cancels the wait; the daemon may continue with a step.</param>
    /// <exception cref="SandboxUnavailableException">There is no image; the message says why and what to do.</exception>
    public async Task<string> EnsureAsync(Action<string> tell, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            string name = options.GameImage is { } named
                ? await NamedAsync(named, tell, cancellationToken)
                : await BuiltAsync(tell, cancellationToken);
            _name = name;
            _unavailable = null;
            return name;
        }
        catch (SandboxUnavailableException unavailable)
        {
            _unavailable = unavailable.Message;
            throw;
        }
        catch (Exception error) when (error is DockerApiException or HttpRequestException or IOException or TimeoutException)
        {
            _unavailable = "the game image could not be made: " + error.Message.ReplaceLineEndings(" ");
            throw new SandboxUnavailableException(_unavailable, error);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Checks whether the image still exists; it may have been removed.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        if (_name is { } name && !await BaseImage.ExistsAsync(docker.Client, name, cancellationToken))
        {
            _unavailable = $"the game image {name} is missing";
        }
    }

    private async Task<string> NamedAsync(string named, Action<string> tell, CancellationToken cancellationToken)
    {
        if (await BaseImage.ExistsAsync(docker.Client, named, cancellationToken))
        {
            return named;
        }

        _unavailable = $"the game image {named} is being pulled";
        tell($"Pulling {named} …");
        try
        {
            await docker.Client.Images.CreateImageAsync(
                new ImagesCreateParameters { FromImage = named }, new AuthConfig(), new Progress<JSONMessage>(), cancellationToken);
        }
        catch (Exception error) when (error is DockerApiException or HttpRequestException or IOException)
        {
            throw new SandboxUnavailableException(
                $"the game image {named} (GAME_IMAGE) is not on this machine and cannot be pulled: {error.Message.ReplaceLineEndings(" ")}",
                error);
        }

        return named;
    }

    private async Task<string> BuiltAsync(Action<string> tell, CancellationToken cancellationToken)
    {
        GameImageContext context = GameImageContext.Read(GameHostFiles.Find(options));
        string name = $"{Repository}:{context.Hash}";
        if (options.GamePygame != Debians)
        {
            name += "-" + NotInTags().Replace(options.GamePygame, "-");
        }

        if (await BaseImage.ExistsAsync(docker.Client, name, cancellationToken))
        {
            return name;
        }

        _unavailable = "the game image is being built; this takes a minute or two and happens once";
        tell($"Building the game image {name} …");
        string @base = await new BaseImage(docker.Client, options.GameBaseImage, tell).EnsureAsync(cancellationToken);
        await using MemoryStream tar = await context.ToTarAsync(cancellationToken);
        BuildProgress progress = new(tell);
        await docker.Client.Images.BuildImageFromDockerfileAsync(
            new ImageBuildParameters
            {
                Tags = [name],
                NetworkMode = options.GameBuildNetwork,
                BuildArgs = new Dictionary<string, string> { ["BASE_IMAGE"] = @base, ["PYGAME"] = options.GamePygame },
                Labels = new Dictionary<string, string> { ["pixelgamedev.image"] = "game" },
                Remove = true,
                ForceRemove = true,
            },
            tar,
            authConfigs: [],
            headers: new Dictionary<string, string>(),
            progress,
            cancellationToken);
        if (progress.Error is { } failed)
        {
            throw new SandboxUnavailableException("the game image could not be built: " + failed);
        }

        if (!await BaseImage.ExistsAsync(docker.Client, name, cancellationToken))
        {
            throw new SandboxUnavailableException("the game image could not be built: the daemon ended the build without an image");
        }

        tell($"The game image {name} is ready.");
        Log.Built(logger, name);
        return name;
    }

    [GeneratedRegex("[^A-Za-z0-9_.-]+")]
    private static partial Regex NotInTags();

    /// <summary>Passes on the steps of a build, but not apt's output for each package.</summary>
    private sealed class BuildProgress(Action<string> tell) : IProgress<JSONMessage>
    {
        public string? Error { get; private set; }

        public void Report(JSONMessage value)
        {
            if (value.Error is { } error)
            {
                Error = error.Message;
            }
            else if (value.Stream is { } line && line.StartsWith("Step ", StringComparison.Ordinal))
            {
                tell(line.Trim());
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Built the game image {Image}")]
        public static partial void Built(ILogger logger, string image);
    }
}
