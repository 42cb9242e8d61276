namespace PixelGameDev.Tests.Executor;

/// <summary>Tests with real containers: one after another, so that a small machine is not asked for twenty at once.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class DockerCollection
{
    public const string Name = "Docker";

    /// <summary>The daemon of this machine.</summary>
    public static string SocketPath { get; } =
        Environment.GetEnvironmentVariable("DOCKER_HOST") is { } host && host.StartsWith("unix://", StringComparison.Ordinal)
            ? host["unix://".Length..]
            : "/var/run/docker.sock";
}
