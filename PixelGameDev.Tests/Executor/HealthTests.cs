using System.Net;
using System.Text.Json;
using Docker.DotNet.Models;
using PixelGameDev.Executor.Docker;
using PixelGameDev.Executor.Health;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Executor;

/// <summary>Tests the health document and its figures.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task The_document_has_the_fields_of_the_contract()
    {
        await using ExecutorHost host = await ExecutorHost.StartScriptedAsync(new ScriptedSandboxFactory(),
            new() { ["SANDBOX_WARM"] = "1", ["MAX_CONCURRENT_SESSIONS"] = "5" });
        SessionInfo session = await host.RunAsync(ExecutorHost.Request("# x", "a private name"));
        using HttpResponseMessage answer = await new HttpClient().GetAsync(new Uri(host.Address, "/api/health"));
        string body = await answer.Content.ReadAsStringAsync();
        JsonElement health = JsonDocument.Parse(body).RootElement;

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("healthy", health.GetProperty("status").GetString());
        Assert.Equal("pygame-execution-backend", health.GetProperty("service").GetString());
        Assert.Equal("1.0.0", health.GetProperty("version").GetString());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", health.GetProperty("timestamp").GetString()!);
        Assert.Equal("Development", health.GetProperty("environment").GetString());
        JsonElement system = health.GetProperty("system");
        Assert.InRange(system.GetProperty("cpu_count").GetInt32(), 1, 4096);
        Assert.InRange(system.GetProperty("memory_available").GetInt64(), 1, system.GetProperty("memory_total").GetInt64());
        Assert.InRange(system.GetProperty("disk_usage").GetDouble(), 0, 100);
        JsonElement games = health.GetProperty("game_sessions");
        Assert.Equal((1, 5), (games.GetProperty("active_count").GetInt32(), games.GetProperty("max_allowed").GetInt32()));
        Assert.InRange(games.GetProperty("warm").GetInt32(), 0, 1);
        Assert.InRange(games.GetProperty("warm_wanted").GetInt32(), 0, 1);
        Assert.Equal(session.SessionId, games.GetProperty("sessions")[0].GetGuid());
        JsonElement checks = health.GetProperty("checks");
        Assert.All(
            (string[])["docker_available", "docker_daemon", "game_executor_image", "force_docker_mode"],
            name => Assert.True(checks.GetProperty(name).ValueKind is JsonValueKind.True or JsonValueKind.False));
        Assert.DoesNotContain("a private name", body, StringComparison.Ordinal);
        Assert.DoesNotContain(ExecutorHost.Secret, body, StringComparison.Ordinal);
    }

    private static SystemInfoResponse WholeDaemon() => new()
    {
        OSType = "linux",
        CgroupDriver = "cgroupfs",
        MemoryLimit = true,
        SwapLimit = true,
        PidsLimit = true,
        CPUCfsQuota = true,
        CPUShares = true,
        SecurityOptions = ["name=seccomp,profile=default"],
    };

    [Fact]
    public void What_a_daemon_cannot_give_is_said_in_words_and_one_that_gives_all_has_no_gap()
    {
        VersionResponse recent = new() { Version = "20.10.24", APIVersion = "1.41" };
        Assert.Empty(DockerConnection.FindGaps(recent, WholeDaemon(), new()));

        (string Word, Action<SystemInfoResponse> Lose)[] losses =
        [
            ("memory", static info => info.MemoryLimit = false),
            ("swap", static info => info.SwapLimit = false),
            ("processes", static info => info.PidsLimit = false),
            ("processor time", static info => info.CPUCfsQuota = false),
            ("weigh", static info => info.CPUShares = false),
            ("system calls", static info => info.SecurityOptions = ["name=apparmor"]),
            ("rootless", static info => info.CgroupDriver = "none"),
            ("windows", static info => info.OSType = "windows"),
        ];
        foreach ((string word, Action<SystemInfoResponse> lose) in losses)
        {
            SystemInfoResponse info = WholeDaemon();
            lose(info);
            Assert.Contains(word, Assert.Single(DockerConnection.FindGaps(recent, info, new())), StringComparison.Ordinal);
        }

        foreach (string? old in (string?[])["1.40", "", null])
        {
            Assert.Contains("older than 20.10",
                Assert.Single(DockerConnection.FindGaps(new() { Version = "19.03.15", APIVersion = old! }, WholeDaemon(), new())),
                StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("core\n", "quiet", null)]
    [InlineData("|/usr/lib/systemd/systemd-coredump %P\n", "quiet cgroup.memory=nosocket\n", null)]
    [InlineData("@/run/crash.sock\n", "quiet", "crash socket")]
    [InlineData("core\n", "quiet cgroup.memory=nosocket,nokmem\n", "kernel memory")]
    [InlineData(null, null, null)]
    public void What_the_machine_leaves_open_is_said_in_words(string? corePattern, string? commandLine, string? word)
    {
        using TestDirectory root = new();
        Directory.CreateDirectory(root.Sub("proc/sys/kernel"));
        if (corePattern is not null)
        {
            File.WriteAllText(root.Sub("proc/sys/kernel/core_pattern"), corePattern);
            File.WriteAllText(root.Sub("proc/cmdline"), commandLine);
        }

        if (word is null)
        {
            Assert.Empty(HostGaps.Find(root.Path));
        }
        else
        {
            Assert.Contains(word, Assert.Single(HostGaps.Find(root.Path)), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("runc", null)]
    [InlineData("kata", "no runtime called kata")]
    [InlineData("io.containerd.kata.v2", null)]
    [InlineData("runsc", "number of files")]
    [InlineData("io.containerd.runsc.v1", "number of files")]
    public void A_runtime_that_is_missing_or_keeps_less_is_said_in_words(string runtime, string? word)
    {
        SystemInfoResponse daemon = WholeDaemon();
        daemon.Runtimes = new Dictionary<string, RuntimeWithStatus> { ["runc"] = new(), ["runsc"] = new() };
        List<string> gaps = DockerConnection.FindGaps(new() { Version = "20.10.24", APIVersion = "1.41" }, daemon,
            new() { Runtime = runtime });
        if (word is null)
        {
            Assert.Empty(gaps);
        }
        else
        {
            Assert.Contains(word, Assert.Single(gaps), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Cgroup_2_limits_are_the_systems_numbers()
    {
        using TestDirectory root = new();
        Write(root, "proc/meminfo", "MemTotal:       16000000 kB\nMemFree:  1 kB\nMemAvailable:   12000000 kB\n");
        Write(root, "proc/self/cgroup", "0::/\n");
        Write(root, "sys/fs/cgroup/cpu.max", "150000 100000\n");
        Write(root, "sys/fs/cgroup/memory.max", "536870912\n");
        Write(root, "sys/fs/cgroup/memory.current", "300000000\n");
        Write(root, "sys/fs/cgroup/memory.stat", "anon 1\ninactive_file 100000000\nactive_file 5\n");
        SystemNumbers numbers = new(root.Path, root.Path);
        Assert.Equal(2, numbers.CpuCount());
        Assert.Equal(536_870_912, numbers.MemoryTotal());
        Assert.Equal(336_870_912, numbers.MemoryAvailable());
    }

    [Fact]
    public void Cgroup_1_limits_are_the_systems_numbers()
    {
        using TestDirectory root = new();
        Write(root, "proc/meminfo", "MemTotal: 16000000 kB\nMemAvailable: 12000000 kB\n");
        Write(root, "proc/self/cgroup", "4:memory:/docker/abc\n1:cpu,cpuacct:/docker/abc\n");
        Write(root, "sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000\n");
        Write(root, "sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
        Write(root, "sys/fs/cgroup/memory/memory.limit_in_bytes", "1073741824\n");
        Write(root, "sys/fs/cgroup/memory/memory.usage_in_bytes", "73741824\n");
        Write(root, "sys/fs/cgroup/memory/memory.stat", "cache 5\ninactive_file 1\ntotal_inactive_file 3741824\n");
        SystemNumbers numbers = new(root.Path, root.Path);
        Assert.Equal(1, numbers.CpuCount());
        Assert.Equal(1_073_741_824, numbers.MemoryTotal());
        Assert.Equal(1_003_741_824, numbers.MemoryAvailable());
    }

    [Theory]
    [InlineData("max 100000", "max")]
    [InlineData("", "")]
    public void Without_limits_the_host_counts(string cpu, string memory)
    {
        using TestDirectory root = new();
        Write(root, "proc/meminfo", "MemTotal: 16000000 kB\nMemAvailable: 12000000 kB\n");
        Write(root, "sys/fs/cgroup/cpu.max", cpu);
        Write(root, "sys/fs/cgroup/memory.max", memory);
        Write(root, "sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712");
        SystemNumbers numbers = new(root.Path, root.Path);
        Assert.Equal(Environment.ProcessorCount, numbers.CpuCount());
        Assert.Equal(16_000_000L * 1024, numbers.MemoryTotal());
        Assert.Equal(12_000_000L * 1024, numbers.MemoryAvailable());
    }

    private static void Write(TestDirectory root, string path, string text)
    {
        string file = root.Sub(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
