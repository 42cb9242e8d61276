using PixelGameDev.AppHost;
using PixelGameDev.Benchmarks.Processes;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Executor;

/// <summary>Tests what <c>./pixel doctor</c> prints about different daemons. The tests fake the daemons' answers.</summary>
public sealed class DoctorTests
{
    [Theory]
    [InlineData("20.10.24", "2 (systemd)", "name=seccomp,profile=default name=cgroupns", "", new string[0])]
    [InlineData("19.03.15", "1 (cgroupfs)", "name=seccomp,profile=default", "", new[] { "19.03.15 is old", "20.10" })]
    [InlineData("24.0.7", "1 (none)", "name=seccomp,profile=default", "", new[] { "no limit of memory" })]
    [InlineData("24.0.7", "2 (systemd)", "name=apparmor", "", new[] { "filters no system calls" })]
    [InlineData("24.0.7", "1 (cgroupfs)", "name=seccomp,profile=default", "WARNING: No swap limit support",
        new[] { "No swap limit support", "docs/operations.md" })]
    [InlineData("24.0.7", "2 (systemd)", "name=seccomp,profile=default", "WARNING: No cpu shares support",
        new[] { "No cpu shares support" })]
    public async Task Says_what_a_daemon_cannot_give(string version, string cgroup, string security, string warning, string[] said)
    {
        using TestDirectory directory = new();
        string program = directory.Sub("docker");
        await File.WriteAllTextAsync(program, $"""
            #!/bin/sh
            case "$*" in
              "version --format"*) echo "{version}" ;;
              "info --format"*CgroupVersion*) echo "{cgroup}" ;;
              "info --format"*SecurityOptions*) echo "{security}" ;;
              "info --format"*Runtimes*) echo "runc " ;;
              "info") echo "{warning}" >&2 ;;
              *) exit 1 ;;
            esac
            """);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        string text = "";
        await ManagedProcess.RunAsync(
            new ProcessSpec(Path.Combine(Repository.Find().Root, "pixel"), ["doctor"])
            {
                Environment = new Dictionary<string, string?>
                {
                    ["PATH"] = $"{directory.Path}:{Environment.GetEnvironmentVariable("PATH")}",
                    ["NO_COLOR"] = "1",
                    ["PIXELGAMEDEV_DATA"] = directory.Sub("data")
                },
            },
            new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token,
            line => text += line + "\n");

        Assert.Contains(version, text, StringComparison.Ordinal);
        Assert.All(said, part => Assert.Contains(part, text, StringComparison.Ordinal));
        if (said.Length == 0)
        {
            Assert.Contains("memory, swap, CPU and processes", text, StringComparison.Ordinal);
            Assert.DoesNotContain("is old", text, StringComparison.Ordinal);
        }
    }
}
