using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PixelGameDev.ServiceDefaults;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Unit.ServiceDefaults;

/// <summary>
/// Tests that health answers at once with the last known result. The test controls the clock, so the speed of the machine does not matter.
/// </summary>
public sealed class LastKnownHealthTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Dependency _dependency = new();
    private LastKnownHealth _health = null!;
    private ServiceProvider _services = null!;

    public async Task InitializeAsync()
    {
        ServiceCollection collection = new();
        collection.AddLogging(static logging => logging.ClearProviders());
        collection.AddHealthChecks().AddCheck("dependency", _dependency);
        _services = collection.BuildServiceProvider();
        _health = new LastKnownHealth(
            _services.GetRequiredService<HealthCheckService>(), _services.GetRequiredService<IOptions<HealthCheckServiceOptions>>(), _clock,
            NullLogger<LastKnownHealth>.Instance);
        await _health.StartAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _health.DisposeAsync();
        await _services.DisposeAsync();
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(1.5)]
    [InlineData(2.9)]
    public async Task A_dependency_that_answers_late_is_never_unhealthy_however_seldom_somebody_asks(double seconds)
    {
        await AnswerAsync(HealthCheckResult.Healthy());
        for (int look = 0; look < 5; look++)
        {
            await NextLookAsync();
            await AdvanceAsync(TimeSpan.FromSeconds(seconds));
            Assert.Equal(HealthStatus.Healthy, await StatusAsync());
            await AnswerAsync(HealthCheckResult.Healthy());
            Assert.Equal(HealthStatus.Healthy, await StatusAsync());
        }
    }

    [Fact]
    public async Task A_dependency_that_falls_silent_is_unhealthy_within_four_seconds_and_healthy_when_it_answers()
    {
        await AnswerAsync(HealthCheckResult.Healthy());
        await AdvanceAsync(TimeSpan.FromSeconds(4));
        await Eventually.TrueAsync(async () => await StatusAsync() == HealthStatus.Unhealthy, "its silence is noticed");

        // The pending check gets its answer at last. No second check is needed.
        await AnswerAsync(HealthCheckResult.Healthy());
        Assert.Equal(HealthStatus.Healthy, await StatusAsync());
    }

    [Fact]
    public async Task A_refusal_counts_at_once_and_so_does_the_recovery()
    {
        await AnswerAsync(HealthCheckResult.Healthy());
        await NextLookAsync();
        await AnswerAsync(HealthCheckResult.Unhealthy("refused"));
        Assert.Equal(HealthStatus.Unhealthy, await StatusAsync());
        await NextLookAsync();
        await AnswerAsync(HealthCheckResult.Healthy());
        Assert.Equal(HealthStatus.Healthy, await StatusAsync());
    }

    [Fact]
    public async Task A_process_that_stood_still_does_not_hold_its_own_silence_against_a_dependency()
    {
        await AnswerAsync(HealthCheckResult.Healthy());
        await NextLookAsync();
        // A minute in one step, as after a pause of the machine: one step of the wait is over, not all of them.
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HealthStatus.Healthy, await StatusAsync());
        await AnswerAsync(HealthCheckResult.Healthy());
        Assert.Equal(HealthStatus.Healthy, await StatusAsync());
    }

    [Fact]
    public async Task Before_the_first_result_nothing_good_is_said_and_nobody_waits_long()
    {
        long began = Stopwatch.GetTimestamp();
        Assert.Equal(HealthStatus.Unhealthy, await StatusAsync());
        // This does not measure speed. The answer would never come if it waited for the check.
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30));
        await AnswerAsync(HealthCheckResult.Healthy());
        Assert.Equal(HealthStatus.Healthy, await StatusAsync());
    }

    [Fact]
    public async Task A_result_says_how_old_it_is()
    {
        await AnswerAsync(HealthCheckResult.Healthy());
        _clock.Advance(TimeSpan.FromSeconds(0.5));
        HealthReport report = await _health.CheckHealthAsync();
        Assert.Equal(0.5, report.Entries["dependency"].Data[LastKnownHealth.Age]);
    }

    private async Task<HealthStatus> StatusAsync() => (await _health.CheckHealthAsync()).Status;

    /// <summary>Answers the pending check and waits until this result is known. Its age is 0, because the clock stands still.</summary>
    private async Task AnswerAsync(HealthCheckResult result)
    {
        await Eventually.TrueAsync(() => _dependency.Asked, "the dependency is asked");
        _dependency.Answer(result);
        await Eventually.TrueAsync(
            async () => (await _health.CheckHealthAsync()).Entries["dependency"] is var entry && entry.Status == result.Status
                && entry.Data.TryGetValue(LastKnownHealth.Age, out object? age) && age is 0.0 && !_dependency.Asked,
            "its answer is known");
    }

    private async Task NextLookAsync() =>
        await Eventually.TrueAsync(
            () =>
            {
                _clock.Advance(TimeSpan.FromMilliseconds(50));
                return _dependency.Asked;
            },
            "it is asked again");

    /// <summary>Advances the clock in small steps.</summary>
    private async Task AdvanceAsync(TimeSpan time)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMilliseconds(50))
        {
            _clock.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Delay(1);
        }
    }

    /// <summary>Answers when the test says so.</summary>
    private sealed class Dependency : IHealthCheck
    {
        private volatile TaskCompletionSource<HealthCheckResult>? _answer;

        public bool Asked => _answer is not null;

        public void Answer(HealthCheckResult result)
        {
            TaskCompletionSource<HealthCheckResult> answer = _answer!;
            _answer = null;
            answer.SetResult(result);
        }

        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            TaskCompletionSource<HealthCheckResult> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
            cancellationToken.Register(() => answer.TrySetCanceled(cancellationToken));
            _answer = answer;
            return answer.Task;
        }
    }
}
