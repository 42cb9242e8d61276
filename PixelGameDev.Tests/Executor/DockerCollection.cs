namespace PixelGameDev.Tests.Executor;

/// <summary>Runs tests with real containers one after another, so that a small machine does not run twenty at once.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class DockerCollection
{
    public const string Name = "Docker";

    /// <summary>The socket of this machine's daemon.</summary>
    public static string SocketPath { get; } =
        Environment.GetEnvironmentVariable("DOCKER_HOST") is { } host && host.StartsWith("unix://", StringComparison.Ordinal)
            ? host["unix://".Length..]
            : "/var/run/docker.sock";
}
