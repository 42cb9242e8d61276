using System.Text.Json;
using Docker.DotNet.Models;
using PixelGameDev.Executor.Docker;
using PixelGameDev.Executor.Processors;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Tests.Executor;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Sandbox.Policy;

/// <summary>Tests the policy as the daemon reports it and as a running game sees it.</summary>
[Collection(DockerCollection.Name)]
public sealed class DockerPolicyTests : PolicyScene
{
    [Fact]
    public async Task The_daemon_tells_the_policy_as_it_was_meant()
    {
        SessionInfo session = await _host.RunAsync(ExecutorHost.Request("import time\ntime.sleep(60)"));
        DockerConnection docker = _host.Get<DockerConnection>();
        SandboxLabels labels = _host.Get<SandboxLabels>();
        IList<ContainerListResponse> containers = [];
        // The Executor may answer a slow start before the sandbox exists.
        await Eventually.TrueAsync(
            async () => (containers = await docker.Client.Containers.ListContainersAsync(new ContainersListParameters
            {
                Filters = new Dictionary<string, IDictionary<string, bool>>
                {
                    ["label"] =
                    new Dictionary<string, bool> { [$"{SandboxLabels.Executor}={labels.Identity}"] = true }
                },
            })).Count > 0,
            "its sandbox is there");
        ContainerInspectResponse container = await docker.Client.Containers.InspectContainerAsync(Assert.Single(containers).ID);
        HostConfig host = container.HostConfig!;
        SandboxPolicy policy = new();

        Assert.Equal("1000:1000", container.Config!.User);
        Assert.True(host.ReadonlyRootfs);
        Assert.False(host.Privileged);
        Assert.Equal(["ALL"], host.CapDrop!);
        Assert.Empty(host.CapAdd ?? []);
        Assert.Contains("no-new-privileges:true", host.SecurityOpt!);
        string seccomp = host.SecurityOpt!.Single(static option =>
            option.StartsWith("seccomp=", StringComparison.Ordinal))["seccomp=".Length..];
        Assert.Equal(SeccompProfile.Json, seccomp);
        Assert.Equal("none", host.NetworkMode);
        Assert.True(container.Config.NetworkDisabled);
        Assert.Equal(policy.MemoryBytes, host.Memory);
        Assert.Equal(policy.MemoryBytes, host.MemorySwap);
        Assert.Equal(0, host.MemorySwappiness);
        Assert.NotEqual(true, host.OomKillDisable);
        Assert.Equal((long)(policy.Cpus * 1e9), host.NanoCPUs);
        Assert.Equal(policy.Pids, host.PidsLimit);
        Assert.Equal(policy.LowWeight, host.CPUShares);
        Assert.Equal(policy.SharedMemoryBytes, host.ShmSize);
        Assert.Equal("private", host.IpcMode);
        Assert.NotEqual("host", host.PidMode);
        Assert.NotEqual("host", host.UTSMode);
        Assert.NotEqual("host", host.UsernsMode);
        Assert.Equal("none", host.LogConfig!.Type);
        Assert.Empty(host.Devices ?? []);
        Assert.Empty(host.DeviceRequests ?? []);
        Assert.Empty(host.Binds ?? []);
        Assert.NotEqual(true, host.Init);
        Dictionary<string, long> limits = host.Ulimits!.ToDictionary(static limit => limit.Name!, static limit => limit.Hard);
        Assert.Equal((policy.OpenFiles, policy.FileBytes, 1L, policy.PendingSignals),
            (limits["nofile"], limits["fsize"], limits["core"], limits["sigpending"]));
        Assert.Equal(DockerPolicy.MaskedPaths, host.MaskedPaths);
        Assert.All(host.Tmpfs!.Values, static options => Assert.True(
            options.Contains("nosuid", StringComparison.Ordinal) && options.Contains("nodev", StringComparison.Ordinal)
                && options.Contains("size=", StringComparison.Ordinal)));

        // The only mount from the host.
        MountPoint mount = Assert.Single(container.Mounts!);
        Assert.Equal(("/link", false), (mount.Destination, mount.RW));
        Assert.Empty(Directory.EnumerateFileSystemEntries(mount.Source!));
        await _host.SendAsync(HttpMethod.Post, $"/sessions/{session.SessionId}/stop");
    }

    [Fact]
    public async Task A_game_that_leaves_the_processors_to_others_gets_the_full_weight_a_hog_does_not_and_a_storm_gets_hardly_anything()
    {
        SandboxPolicy policy = new();
        SessionInfo storm = await _host.RunAsync(ExecutorHost.Request("""
            import os
            there, back = os.pipe(), os.pipe()
            if os.fork() == 0:
                while True:
                    os.write(back[1], os.read(there[0], 1))
            while True:
                os.write(there[1], b"x")
                os.read(back[0], 1)
            """));
        string storms = Assert.Single(await ContainersAsync());
        await Eventually.TrueAsync(async () => await GrantAsync(storms) == policy.CpuOf(CpuRank.Storm), "the storm is found out");
        SessionInfo hog = await _host.RunAsync(ExecutorHost.Request("while True: pass"));
        string hogs = Assert.Single(await ContainersAsync(), container => container != storms);
        SessionInfo steady = await _host.RunAsync(ExecutorHost.Request("""
            import os, time
            while not os.path.exists("never"):
                time.sleep(0.016)
            """));
        string calms = Assert.Single(await ContainersAsync(), container => container != storms && container != hogs);

        // All at one moment: a hog that other work starves for a second looks steady until it gets its processor again.
        await Eventually.TrueAsync(
            async () => await GrantAsync(calms) == policy.CpuOf(CpuRank.Full)
                && await GrantAsync(hogs) == policy.CpuOf(CpuRank.Low)
                && await GrantAsync(storms) == policy.CpuOf(CpuRank.Storm),
            "the steady game has earned it, the hog and the storm have not");
        await using TestViewer viewer = await TestViewer.ConnectAsync(_host, steady.SessionId);
        Assert.Equal("running", (await _host.InfoAsync(steady.SessionId)).State);

        foreach (SessionInfo session in (SessionInfo[])[storm, hog, steady])
        {
            await _host.SendAsync(HttpMethod.Post, $"/sessions/{session.SessionId}/stop");
            await _host.EndOfAsync(session.SessionId);
        }
    }

    private async Task<IEnumerable<string>> ContainersAsync() =>
        (await _host.Get<DockerConnection>().Client.Containers.ListContainersAsync(new ContainersListParameters
        {
            Filters = new Dictionary<string, IDictionary<string, bool>>
            {
                ["label"] = new Dictionary<string, bool> { [$"{SandboxLabels.Executor}={_host.Get<SandboxLabels>().Identity}"] = true },
            },
        })).Select(static container => container.ID);

    private async Task<CpuGrant> GrantAsync(string container)
    {
        HostConfig host = (await _host.Get<DockerConnection>().Client.Containers.InspectContainerAsync(container)).HostConfig!;
        return new CpuGrant((int)host.CPUShares, host.NanoCPUs / 1e9);
    }
}
