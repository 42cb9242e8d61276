using Docker.DotNet;
using Docker.DotNet.Models;
using PixelGameDev.Benchmarks.Processes;
using PixelGameDev.Tests.Fixtures;
using PixelGameDev.Tests.Fixtures.Sandbox;
using PixelGameDev.Tests.Sandbox.Hostile;

namespace PixelGameDev.Tests.Faults;

/// <summary>
/// A Docker daemon that a test may kill: its own data, sockets and network namespace (so that it touches nobody's bridge or firewall),
/// with the game image of this run in it.
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

    /// <summary>Where it listens.</summary>
    public Uri Endpoint => new("unix://" + _directory.Sub("docker.sock"));

    /// <summary>The game image in it.</summary>
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
    /// Starts the daemon and waits until it answers; starts it again when it ends, as an init system does: one whose predecessor was killed
    /// may meet that one's containerd while it is dying.
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

    /// <summary>SIGKILL to the daemon, and to nothing else: what becomes of its containers is its own affair.</summary>
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
        // What the kernel still has mounted below: namespaces of networks, shared memory of containers that were killed.
        foreach (string mount in File.ReadLines("/proc/mounts").Select(static line => line.Split(' ')[1])
            .Where(path => path.StartsWith(_directory.Path, StringComparison.Ordinal)).Reverse().ToList())
        {
            await ManagedProcess.RunAsync(new ProcessSpec("umount", ["--lazy", mount]), CancellationToken.None);
        }

        _directory.Dispose();
    }

    /// <summary>The end of its log, for a message about a failure.</summary>
    public override string ToString()
    {
        lock (_log)
        {
            return string.Join('\n', _log);
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
