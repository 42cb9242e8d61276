using PixelGameDev.Executor.Docker;
using PixelGameDev.Executor.Sandboxes;

namespace PixelGameDev.Tests.Unit.Executor;

/// <summary>Tests the limits under gVisor, whose own threads are in the game's control group.</summary>
public sealed class GVisorPolicyTests
{
    [Theory]
    [InlineData(null, 40)]
    [InlineData("runc", 40)]
    [InlineData("runsc", 232)]
    [InlineData("runsc-kvm", 232)]
    [InlineData("io.containerd.runsc.v1", 232)]
    [InlineData("gVisor", 232)]
    public void A_runtime_with_threads_of_its_own_gets_room_for_them(string? runtime, long pids) =>
        Assert.Equal(
            pids,
            DockerPolicy.Container(new SandboxPolicy { Pids = 40, Runtime = runtime }, "image", new Dictionary<string, string>(),
                linkDirectory: null).HostConfig!.PidsLimit);
}
