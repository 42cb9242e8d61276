using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using PixelGameDev.AppHost.Running;

namespace PixelGameDev.Tests.Host;

/// <summary>Tests waiting for a restarted part while states of the previous process still arrive.</summary>
public sealed class RestartedPartTests
{
    private static readonly DateTime Before = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData("Running")]
    [InlineData("Exited")]
    [InlineData("FailedToStart")]
    public async Task The_state_of_the_process_before_is_waited_out(string late)
    {
        (ResourceNotificationService notifications, ParameterResource part) = Part();
        await TellAsync(late, Before);
        Assert.Equal(Before, notifications.StartOf("part"));

        Task again = notifications.WaitUntilHealthyAgainAsync("part", Before);
        await TellAsync("Exited", Before);
        Assert.False(again.IsCompleted);
        await TellAsync("Running", Before.AddSeconds(9));
        await again.WaitAsync(TimeSpan.FromSeconds(30));

        Task TellAsync(string state, DateTime started) =>
            notifications.PublishUpdateAsync(part, now => now with { State = state, StartTimeStamp = started });
    }

    [Fact]
    public async Task A_part_that_never_gets_healthy_is_named()
    {
        (ResourceNotificationService notifications, ParameterResource part) = Part();
        await notifications.PublishUpdateAsync(part, static now => now with { State = "Exited", StartTimeStamp = Before });

        TimeoutException error = await Assert.ThrowsAsync<TimeoutException>(
            () => notifications.WaitUntilHealthyAgainAsync("part", Before, TimeSpan.FromMilliseconds(50)));
        Assert.Equal("The part \"part\" does not get healthy; its console says why.", error.Message);
    }

    private static (ResourceNotificationService Notifications, ParameterResource Part) Part()
    {
        IDistributedApplicationBuilder builder = DistributedApplication.CreateBuilder([]);
        IResourceBuilder<ParameterResource> part = builder.AddParameter("part", "value");
        return (builder.Build().Services.GetRequiredService<ResourceNotificationService>(), part.Resource);
    }
}
