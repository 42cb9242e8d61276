using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Docker;
using PixelGameDev.Executor.Subprocess;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Executor.Sandboxes;

/// <summary>
/// Decides once, at start, which kind of sandbox this Executor has; no other code does. With <c>FORCE_DOCKER_EXECUTION</c> only Docker is
/// allowed: if the daemon is unavailable at start, the Executor does not start; if it becomes unavailable later, sessions are refused. No
/// other kind replaces it.
/// </summary>
internal sealed partial class SandboxKindSelector(
    ExecutorOptions options, DockerConnection docker, IServiceProvider services, ILogger<SandboxKindSelector> logger)
{
    /// <summary>The text that operators and monitors search for; part of the contract.</summary>
    public const string DockerRequired = "PRODUCTION MODE: Docker execution required but unavailable";

    private const int Tries = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private ISandboxFactory? _factory;

    /// <summary>Gets the factory of the selected kind.</summary>
    public ISandboxFactory Factory => _factory ?? throw new InvalidOperationException("the kind of sandbox has not been decided yet");

    /// <summary>Decides the kind.</summary>
    /// <exception cref="SettingsException">No allowed kind is available.</exception>
    public async Task DecideAsync(CancellationToken cancellationToken)
    {
        bool dockerWanted = options.ForceDocker || options.SandboxKind is null or SandboxKinds.Docker;
        bool dockerAnswers = dockerWanted && await DockerAnswersAsync(cancellationToken);

        if (dockerAnswers)
        {
            _factory = ActivatorUtilities.CreateInstance<DockerSandboxFactory>(services);
        }
        else if (options.ForceDocker)
        {
            throw new SettingsException(
                $"{DockerRequired}\n  Reason: {docker.UnavailableReason}\n  What to do: start Docker and see that this user may reach it " +
                    $"(docker info), or name its address in DOCKER_HOST.");
        }
        else if (options.SandboxKind == SandboxKinds.Docker)
        {
            throw new SettingsException($"SANDBOX_KIND=docker, but {docker.UnavailableReason}.");
        }
        else
        {
            _factory = await SubprocessSandboxFactory.CreateAsync(options, services, cancellationToken);
            Log.NotDocker(logger, _factory.Kind, dockerWanted ? docker.UnavailableReason ?? "" : "SANDBOX_KIND says so");
        }

        Log.Kind(logger, _factory.Kind);
    }

    private async Task<bool> DockerAnswersAsync(CancellationToken cancellationToken)
    {
        // If Docker is required, a daemon that is just starting gets some time.
        for (int attempt = 1; ; attempt++)
        {
            if (await docker.AskAsync(cancellationToken))
            {
                return true;
            }

            if (!options.ForceDocker || attempt == Tries)
            {
                return false;
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Games run in {Kind} sandboxes")]
        public static partial void Kind(ILogger logger, string kind);

        [LoggerMessage(LogLevel.Warning, "Games run in {Kind} sandboxes, which are for development only: {Reason}")]
        public static partial void NotDocker(ILogger logger, string kind, string reason);
    }
}
