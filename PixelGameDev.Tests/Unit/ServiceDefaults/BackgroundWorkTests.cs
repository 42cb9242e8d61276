using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PixelGameDev.ServiceDefaults;

namespace PixelGameDev.Tests.Unit.ServiceDefaults;

/// <summary>Tests that background work survives its exceptions, and that health names a dead part.</summary>
public sealed class BackgroundWorkTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly BackgroundWork _work;
    private readonly BackgroundPart _part;

    public BackgroundWorkTests()
    {
        _work = new BackgroundWork(_clock, NullLogger<BackgroundWork>.Instance);
        _part = _work.Register("reaper", TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_failed_round_does_not_throw_and_is_reported_when_none_succeeds_for_too_long()
    {
        Assert.False(await _part.ExecuteAsync(_ => throw new InvalidOperationException("broken"), CancellationToken.None));
        Assert.Empty(_work.Problems());
        BackgroundPartStatus status = Assert.Single(_work.Describe());
        Assert.Equal(_clock.GetUtcNow(), status.FailingSince);
        Assert.Equal("InvalidOperationException: broken", status.Failure);

        _clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal("Background work reaper has not succeeded for 61 s: InvalidOperationException: broken",
            Assert.Single(_work.Problems()));

        Assert.True(await _part.ExecuteAsync(_ => Task.CompletedTask, CancellationToken.None));
        Assert.Empty(_work.Problems());
        Assert.Null(Assert.Single(_work.Describe()).FailingSince);
    }

    [Fact]
    public void A_round_that_never_ends_is_reported()
    {
        _part.Succeeded();
        _clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal("Background work reaper has not succeeded for 61 s: its round does not end", Assert.Single(_work.Problems()));
    }

    [Fact]
    public async Task A_cancellation_that_is_not_the_services_own_is_a_failure_and_its_own_passes_through()
    {
        using CancellationTokenSource stopping = new();
        Assert.False(await _part.ExecuteAsync(_ => throw new OperationCanceledException("a dropped connection"), stopping.Token));
        Assert.NotNull(Assert.Single(_work.Describe()).FailingSince);
        await stopping.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() =>
            _part.ExecuteAsync(_ => throw new OperationCanceledException(), stopping.Token));
    }

    [Fact]
    public void Work_that_is_done_is_never_reported()
    {
        _part.Finished();
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Empty(_work.Problems());
    }
}
