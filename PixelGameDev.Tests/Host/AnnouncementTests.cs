using Aspire.Hosting.ApplicationModel;
using PixelGameDev.AppHost.Running;

namespace PixelGameDev.Tests.Host;

/// <summary>Tests what the AppHost says while a part does not start.</summary>
public sealed class AnnouncementTests
{
    [Theory]
    [InlineData("Running", "its state is Running")]
    [InlineData(null, "its state is unknown")]
    public void A_part_that_takes_long_is_named_with_its_state(string? state, string expected)
    {
        CustomResourceSnapshot part = new() { ResourceType = "Executable", Properties = [], State = state };

        Assert.Equal(
            $"Api is not up after 15 s: {expected}. Still waiting; --verbose shows what it writes.",
            Announcement.NotUpYet("Api", part, TimeSpan.FromSeconds(15)));
    }
}
