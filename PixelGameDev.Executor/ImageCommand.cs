using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Docker;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.ServiceDefaults;

namespace PixelGameDev.Executor;

/// <summary>
/// Implements the command <c>image</c>: finds, pulls or builds the game image, prints each step, and finally prints the image's name.
/// </summary>
internal static class ImageCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = ConfigurationFiles.ReadOnce(args),
            // The build of an image does not need the secrets that production requires.
            EnvironmentName = Environments.Development,
        });
        ExecutorOptions options = ExecutorSettings.Read(builder.Configuration, builder.Environment);
        using ILoggerFactory logging = LoggerFactory.Create(static logging => logging.SetMinimumLevel(LogLevel.None));
        using DockerConnection docker = new(options);
        using CancellationTokenSource stop = new();
        Console.CancelKeyPress += (_, press) =>
        {
            press.Cancel = true;
            stop.Cancel();
        };

        using GameImage image = new(options, docker, logging.CreateLogger<GameImage>());
        if (!await docker.AskAsync(stop.Token))
        {
            await Console.Error.WriteLineAsync($"The game image needs Docker, and {docker.UnavailableReason}.");
            return 1;
        }

        try
        {
            string name = await image.EnsureAsync(Console.Error.WriteLine, stop.Token);
            Console.WriteLine(name);
            return 0;
        }
        catch (SandboxUnavailableException unavailable)
        {
            await Console.Error.WriteLineAsync(char.ToUpperInvariant(unavailable.Message[0]) + unavailable.Message[1..] + ".");
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
    }
}
