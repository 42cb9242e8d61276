using System.Globalization;
using Docker.DotNet;
using Docker.DotNet.Models;
using PixelGameDev.AppHost.Machine;
using PixelGameDev.Benchmarks.Processes;
using PixelGameDev.Tests.Fixtures;
using PixelGameDev.Tests.Fixtures.Sandbox;
using PixelGameDev.Tests.Sandbox.Hostile;

namespace PixelGameDev.Tests.Faults;

/// <summary>
/// Runs a Docker daemon that a test may kill. The daemon has its own data, sockets and network namespace, so it changes no other bridge or
/// firewall. It holds the game image of this run.
/// </summary>
internal sealed class PrivateDocker : IAsyncDisposable
{
    private const int SigKill = 9;
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(30);

    private readonly TestDirectory _directory = new();
    private readonly Queue<string> _log = new();
    private ManagedProcess? _daemon;

    private PrivateDocker()
    {
    }

    /// <summary>The address of the daemon.</summary>
    public Uri Endpoint => new("unix://" + _directory.Sub("docker.sock"));

    /// <summary>The id of the game image in the daemon.</summary>
    public string Image { get; private set; } = "";

    public static async Task<PrivateDocker> StartAsync()
    {
        PrivateDocker docker = new();
        try
        {
            await docker.StartDaemonAsync();
            docker.Image = await TestGameImage.EnsureAsync();
            using DockerClient from = SandboxLeftovers.Docker();
            using DockerClient to = docker.Client();
            await using Stream image = await from.Images.SaveImageAsync(docker.Image);
            await to.Images.LoadImageAsync(new ImageLoadParameters { Quiet = true }, image, new Progress<JSONMessage>());
            return docker;
        }
        catch
        {
            await docker.DisposeAsync();
            throw;
        }
    }

    public DockerClient Client() => (DockerClient)new DockerClientBuilder().WithEndpoint(Endpoint).Build();

    /// <summary>
    /// Starts the daemon and waits until it answers. Starts it again when it ends, as an init system does: after a kill, the old containerd
    /// may still be dying when the new daemon starts.
    /// </summary>
    public async Task StartDaemonAsync()
    {
        using DockerClient client = Client();
        _daemon = await StartOnceAsync();
        try
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    if (_daemon.HasExited)
                    {
                        _daemon.Dispose();
                        _daemon = await StartOnceAsync();
                    }

                    return await AnswersAsync(client);
                },
                "the private daemon answers");
        }
        catch (Xunit.Sdk.FailException silent)
        {
            throw new InvalidOperationException($"{silent.Message}\n{this}", silent);
        }
    }

    private Task<ManagedProcess> StartOnceAsync() => ManagedProcess.StartAsync(
        new ProcessSpec("unshare",
        [
            "--net", "dockerd", "--host", Endpoint.ToString(), "--data-root", _directory.Sub("data"), "--exec-root", _directory.Sub("run"),
            "--pidfile", _directory.Sub("docker.pid"), "--bridge", "none", "--iptables=false", "--ip-forward=false", "--ip-masq=false",
        ]),
        Remember);

    /// <summary>Sends SIGKILL to the daemon only. The containers are the daemon's concern.</summary>
    public async Task KillDaemonAsync()
    {
        _daemon!.Signal(SigKill);
        await _daemon.Exited;
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is { HasExited: false })
        {
            await _daemon.StopAsync(StopTime);
        }

        _daemon?.Dispose();
        KillForgotten();
        // Mounts that the kernel still has below: network namespaces, and shared memory of killed containers.
        foreach (string mount in File.ReadLines("/proc/mounts").Select(static line => line.Split(' ')[1])
            .Where(path => path.StartsWith(_directory.Path, StringComparison.Ordinal)).Reverse().ToList())
        {
            await ManagedProcess.RunAsync(new ProcessSpec("umount", ["--lazy", mount]), CancellationToken.None);
        }

        _directory.Dispose();
    }

    /// <summary>Returns the end of the daemon's log, for an error message.</summary>
    public override string ToString()
    {
        lock (_log)
        {
            return string.Join('\n', _log);
        }
    }

    /// <summary>
    /// Kills what no daemon knows: the kill of a daemon may come while a container is being made, whose two processes then wait for ever.
    /// </summary>
    private void KillForgotten()
    {
        foreach (string process in SandboxLeftovers.Processes(_directory.Path))
        {
            string id = process.Split(' ')[0];
            foreach (string one in (string[])[.. ChildrenOf(id), id])
            {
                if (int.TryParse(one, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
                {
                    Posix.Signal(number, SigKill);
                }
            }
        }
    }

    private static string[] ChildrenOf(string id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/task/{id}/children").Split(' ');
        }
        catch (IOException)
        {
            // It has just ended.
            return [];
        }
    }

    private static async Task<bool> AnswersAsync(DockerClient client)
    {
        try
        {
            await client.System.PingAsync();
            return true;
        }
        catch (Exception error) when (error is HttpRequestException or DockerApiException or IOException or TimeoutException)
        {
            return false;
        }
    }

    private void Remember(string line)
    {
        lock (_log)
        {
            _log.Enqueue(line);
            if (_log.Count > 100)
            {
                _log.Dequeue();
            }
        }
    }
}
