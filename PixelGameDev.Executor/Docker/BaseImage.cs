using System.Diagnostics;
using Docker.DotNet;
using Docker.DotNet.Models;
using PixelGameDev.Executor.Sandboxes;

namespace PixelGameDev.Executor.Docker;

/// <summary>
/// Finds a base for the game image: the public base image, present or pulled; otherwise the base that was built here before; otherwise a
/// new one from Debian's packages with debootstrap, which requires root.
/// </summary>
internal sealed class BaseImage(IDockerClient docker, string publicBase, Action<string> tell)
{
    /// <summary>The name of the base image that is built on this machine.</summary>
    public const string LocalName = "pixelgamedev/base:trixie";

    private const string Suite = "trixie";

    /// <summary>The longest wait for the registry before a local base image is used.</summary>
    private static readonly TimeSpan PullTimeout = TimeSpan.FromMinutes(3);

    /// <returns>The name of an image that is present.</returns>
    /// <exception cref="SandboxUnavailableException">There is no base image, and none can be built.</exception>
    public async Task<string> EnsureAsync(CancellationToken cancellationToken)
    {
        if (await ExistsAsync(docker, publicBase, cancellationToken))
        {
            return publicBase;
        }

        tell($"Pulling {publicBase} …");
        string reason = await TryPullAsync(cancellationToken) ?? "";
        if (reason.Length == 0)
        {
            return publicBase;
        }

        tell($"{publicBase} cannot be pulled ({reason}).");
        if (await ExistsAsync(docker, LocalName, cancellationToken))
        {
            tell($"Using {LocalName} of this machine.");
            return LocalName;
        }

        await MakeAsync(reason, cancellationToken);
        return LocalName;
    }

    internal static async Task<bool> ExistsAsync(IDockerClient docker, string name, CancellationToken cancellationToken)
    {
        try
        {
            await docker.Images.InspectImageAsync(name, cancellationToken);
            return true;
        }
        catch (DockerImageNotFoundException)
        {
            return false;
        }
    }

    private async Task<string?> TryPullAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(PullTimeout);
        try
        {
            await docker.Images.CreateImageAsync(
                new ImagesCreateParameters { FromImage = publicBase }, new AuthConfig(), new Progress<JSONMessage>(), limit.Token);
            return await ExistsAsync(docker, publicBase, limit.Token) ? null : "the registry did not give it";
        }
        catch (Exception error) when (error is DockerApiException or HttpRequestException or IOException)
        {
            return error.Message.ReplaceLineEndings(" ");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "the registry is too slow";
        }
    }

    private async Task MakeAsync(string reason, CancellationToken cancellationToken)
    {
        string? debootstrap = ((string[])["/usr/sbin/debootstrap", "/usr/bin/debootstrap"]).FirstOrDefault(File.Exists);
        if (debootstrap is null || Environment.UserName != "root")
        {
            throw new SandboxUnavailableException(
                $"the base image {publicBase} cannot be pulled ({reason}), and none can be made here: that takes root and debootstrap " +
                    $"(apt-get install debootstrap); or load an image and name it in GAME_BASE_IMAGE");
        }

        string root = Directory.CreateTempSubdirectory("pixelgamedev-base-").FullName;
        string archive = root + ".tar";
        try
        {
            tell("Making a base image from Debian's packages (about half a minute) …");
            await RunAsync(debootstrap, ["--variant=minbase", Suite, root, .. Mirror()], cancellationToken);
            await RunAsync("tar", ["--numeric-owner", "--exclude=./var/cache/apt/archives/*.deb", "-C", root, "-cf", archive, "."],
                cancellationToken);
            await using FileStream tar = File.OpenRead(archive);
            string[] name = LocalName.Split(':');
            await docker.Images.CreateImageAsync(
                new ImagesCreateParameters { FromSrc = "-", Repo = name[0], Tag = name[1] }, tar, new AuthConfig(),
                new Progress<JSONMessage>(), cancellationToken);
        }
        finally
        {
            File.Delete(archive);
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start) ?? throw new SandboxUnavailableException($"{program} does not start");
        string last = "";
        process.OutputDataReceived += (_, line) => last = line.Data ?? last;
        process.ErrorDataReceived += (_, line) => last = line.Data ?? last;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        if (process.ExitCode != 0)
        {
            throw new SandboxUnavailableException($"{program} failed with code {process.ExitCode}: {last}");
        }
    }

    /// <summary>
    /// Returns the mirror that this machine uses, if it runs Debian. A network that blocks the public mirror has its own one.
    /// </summary>
    private static string[] Mirror()
    {
        foreach (string file in (string[])["/etc/apt/sources.list", "/etc/apt/sources.list.d/debian.sources"])
        {
            if (!File.Exists(file))
            {
                continue;
            }

            foreach (string line in File.ReadLines(file))
            {
                // Sample: deb http://mirror/debian bookworm main   or   URIs: http://mirror/debian
                string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                string? address = words is ["deb" or "URIs:", ..]
                    ? words.FirstOrDefault(word => word.StartsWith("http", StringComparison.Ordinal)) : null;
                if (address is not null && address.TrimEnd('/').EndsWith("/debian", StringComparison.Ordinal))
                {
                    return [address.TrimEnd('/')];
                }
            }
        }

        // Without a mirror debootstrap uses its default.
        return [];
    }
}
