using System.Globalization;
using PixelGameDev.Tests.Sandbox.Hostile;

namespace PixelGameDev.Tests.Executor;

/// <summary>Tests that services have priority over games.</summary>
[Collection(DockerCollection.Name)]
public sealed class ServicePriorityTests
{
    [Fact]
    public async Task The_executor_raises_its_own_session_and_nobody_elses_where_it_may()
    {
        await using TestExecutor executor = await TestExecutor.StartAsync(new Dictionary<string, string?>
        {
            ["FORCE_DOCKER_EXECUTION"] = "false",
            ["SANDBOX_KIND"] = "subprocess",
            ["SANDBOX_WARM"] = "0",
        });
        string itsOwn = string.Create(CultureInfo.InvariantCulture, $"/proc/{executor.ProcessId}/autogroup");
        bool may = File.Exists(itsOwn) && Environment.UserName == "root";

        // "/autogroup-123 nice -10"
        Assert.Equal(may, File.Exists(itsOwn) && File.ReadAllText(itsOwn).Contains("nice -10", StringComparison.Ordinal));
        if (may)
        {
            Assert.DoesNotContain("nice -10", File.ReadAllText("/proc/self/autogroup"), StringComparison.Ordinal);
        }
    }
}
