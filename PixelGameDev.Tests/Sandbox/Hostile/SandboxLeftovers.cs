using System.Globalization;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace PixelGameDev.Tests.Sandbox.Hostile;

/// <summary>Finds what an Executor or its sandboxes left on this machine.</summary>
internal static class SandboxLeftovers
{
    /// <summary>The address of the daemon, found as the Executor finds it.</summary>
    public static Uri DockerEndpoint { get; } = new(Environment.GetEnvironmentVariable("DOCKER_HOST") ?? "unix:///var/run/docker.sock");

    public static DockerClient Docker() => (DockerClient)new DockerClientBuilder().WithEndpoint(DockerEndpoint).Build();

    /// <summary>Returns the containers, running or not, with the Executor's name.</summary>
    public static async Task<IReadOnlyList<string>> ContainersAsync(string identity) =>
        [.. (await ListAsync(identity)).Select(static container => $"{container.ID[..12]} {container.State}")];

    /// <summary>Returns what Docker lists of these containers. Any of them may be gone a moment later.</summary>
    public static async Task<IList<ContainerListResponse>> ListAsync(string identity)
    {
        using DockerClient docker = Docker();
        return await docker.Containers.ListContainersAsync(new ContainersListParameters
        {
            All = true,
            Filters = new Dictionary<string, IDictionary<string, bool>>
            {
                ["label"] = new Dictionary<string, bool> { ["pixelgamedev.executor=" + identity] = true },
            },
        });
    }

    /// <summary>Returns the files and directories at any depth.</summary>
    public static IReadOnlyList<string> Files(string directory) =>
        Directory.Exists(directory) ? Directory.GetFileSystemEntries(directory, "*", SearchOption.AllDirectories) : [];

    /// <summary>Returns the processes that work in a directory or name it on their command line.</summary>
    public static IReadOnlyList<string> Processes(string directory)
    {
        List<string> found = [];
        foreach (string entry in Directory.GetDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                || id == Environment.ProcessId)
            {
                continue;
            }

            try
            {
                string command = File.ReadAllText(Path.Combine(entry, "cmdline")).Replace('\0', ' ');
                string? place = new DirectoryInfo(Path.Combine(entry, "cwd")).ResolveLinkTarget(returnFinalTarget: false)?.FullName;
                if (command.Contains(directory, StringComparison.Ordinal) || place?.StartsWith(directory, StringComparison.Ordinal) == true)
                {
                    found.Add($"{id} {command}");
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // It has just ended.
            }
        }

        return found;
    }
}
