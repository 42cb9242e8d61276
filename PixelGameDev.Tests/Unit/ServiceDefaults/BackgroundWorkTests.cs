using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PixelGameDev.ServiceDefaults;

namespace PixelGameDev.Tests.Unit.ServiceDefaults;

/// <summary>Background work survives its exceptions, and a part that has died is named.</summary>
public sealed class BackgroundWorkTests
{
    private readonly FakeTimeProvider clock = new();
    private readonly BackgroundWork work;
    private readonly BackgroundPart part;

    public BackgroundWorkTests()
    {
        work = new BackgroundWork(clock, NullLogger<BackgroundWork>.Instance);
        part = work.Register("reaper", TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_failed_round_does_not_throw_and_is_reported_when_none_succeeds_for_too_long()
    {
        Assert.False(await part.ExecuteAsync(_ => throw new InvalidOperationException("broken"), CancellationToken.None));
        Assert.Empty(work.Problems());
        BackgroundPartStatus status = Assert.Single(work.Describe());
        Assert.Equal(clock.GetUtcNow(), status.FailingSince);
        Assert.Equal("InvalidOperationException: broken", status.Failure);

        clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal("Background work reaper has not succeeded for 61 s: InvalidOperationException: broken",
            Assert.Single(work.Problems()));

        Assert.True(await part.ExecuteAsync(_ => Task.CompletedTask, CancellationToken.None));
        Assert.Empty(work.Problems());
        Assert.Null(Assert.Single(work.Describe()).FailingSince);
    }

    [Fact]
    public void A_round_that_never_ends_is_reported()
    {
        part.Succeeded();
        clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal("Background work reaper has not succeeded for 61 s: its round does not end", Assert.Single(work.Problems()));
    }

    [Fact]
    public async Task A_cancellation_that_is_not_the_services_own_is_a_failure_and_its_own_passes_through()
    {
        using CancellationTokenSource stopping = new();
        Assert.False(await part.ExecuteAsync(_ => throw new OperationCanceledException("a dropped connection"), stopping.Token));
        Assert.NotNull(Assert.Single(work.Describe()).FailingSince);
        await stopping.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() =>
            part.ExecuteAsync(_ => throw new OperationCanceledException(), stopping.Token));
    }

    [Fact]
    public void Work_that_is_done_is_never_reported()
    {
        part.Finished();
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Empty(work.Problems());
    }
}
